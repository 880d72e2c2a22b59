import { buildManualClock, silentLog } from '@socle/base';
import { describe, expect, it } from 'vitest';
import type { HttpAnswer } from '../socle/http.ts';
import { openDiscovery } from './discovery.ts';

const ISSUER = 'https://ent.example';
const good = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/auth`,
  token_endpoint: `${ISSUER}/token`,
  jwks_uri: `${ISSUER}/jwks`,
  end_session_endpoint: `${ISSUER}/session/end`,
};

function open(answer: () => HttpAnswer, issuer = ISSUER) {
  const clock = buildManualClock(new Date('2026-09-01T08:00:00Z'));
  const asked: string[] = [];
  const discovery = openDiscovery({
    issuer,
    clock,
    log: silentLog,
    http: {
      async request({ url }) {
        asked.push(url.href);
        return answer();
      },
    },
  });
  return { discovery, clock, asked };
}

describe('OpenID Connect Discovery 1.0 §4', () => {
  it('reads the document of the issuer once for all who ask, and again after ten minutes', async () => {
    const { discovery, clock, asked } = open(() => ({ status: 200, body: good }));
    const [one] = await Promise.all([discovery.load(), discovery.load()]);
    expect(one.tokenEndpoint.href).toBe(`${ISSUER}/token`);
    expect(one.endSessionEndpoint?.href).toBe(`${ISSUER}/session/end`);
    clock.advanceSeconds(599);
    await discovery.load();
    expect(asked).toEqual([`${ISSUER}/.well-known/openid-configuration`]);
    clock.advanceSeconds(1);
    await discovery.load();
    expect(asked).toHaveLength(2);
  });

  it('keeps the last good document when a later reading fails', async () => {
    let answer: HttpAnswer = { status: 200, body: good };
    const { discovery, clock } = open(() => answer);
    const first = await discovery.load();
    answer = { status: 200, body: { ...good, issuer: 'https://evil.example' } };
    clock.advanceSeconds(700);
    expect(await discovery.load()).toBe(first);
  });

  it.each([
    ['of another issuer (mix-up)', { ...good, issuer: 'https://evil.example' }],
    ['whose issuer has one character more', { ...good, issuer: `${ISSUER}/` }],
    ['whose token endpoint is elsewhere', { ...good, token_endpoint: 'https://evil.example/token' }],
    ['whose keys are elsewhere', { ...good, jwks_uri: 'https://evil.example/jwks' }],
    ['whose sign-in is elsewhere', { ...good, authorization_endpoint: 'https://evil.example/auth' }],
    ['whose sign-out is elsewhere', { ...good, end_session_endpoint: 'https://evil.example/out' }],
    ['without keys', { ...good, jwks_uri: undefined }],
    ['that is no document', 'x'],
  ])('refuses a document %s', async (_title, body) => {
    const { discovery } = open(() => ({ status: 200, body }));
    await expect(discovery.load()).rejects.toMatchObject({ code: 'socle_answer_invalid' });
  });
});
