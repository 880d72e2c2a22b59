import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSocle } from '../support/command-line.ts';
import { holdKey, takeOverGrades, type KeyHolder } from '../support/module-caller.ts';
import { joinTerritory } from '../support/running-territory.ts';

const territory = joinTerritory();

const QUESTION = {
  subject: { type: 'person', id: 'nobody' },
  action: { name: 'grades.mark.read' },
  resource: { type: 'grades.mark', id: 'new' },
};

/** Every address that only a registered school module may call. */
const DOORS = [
  ['POST', '/access/v1/evaluation', QUESTION],
  ['POST', '/access/v1/evaluations', { evaluations: [QUESTION] }],
  ['POST', '/audit/v1/events', { events: [{}] }],
  ['GET', '/modules/v1/people/nobody', undefined],
  [
    'GET',
    '/modules/v1/divisions/01a20a25-519a-7e23-905e-e97739db13f9/members?on-behalf-of=nobody',
    undefined,
  ],
] as const;

describe('T-SVC-01 a client that is no school module', () => {
  let folder: string;
  let service: KeyHolder;
  let grades: KeyHolder;

  beforeAll(async () => {
    folder = await mkdtemp('/tmp/socle-client-');
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const file = path.join(folder, 'client.json');
    const metadata = {
      client_id: 'timetable',
      client_name: 'Emploi du temps',
      redirect_uris: ['http://localhost:4999/callback'],
      grant_types: ['authorization_code', 'client_credentials'],
      response_types: ['code'],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks: { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig' }] },
    };
    await writeFile(file, JSON.stringify(metadata));
    const registered = await runSocle(territory.env, ['client', 'register', file]);
    expect(registered.code, registered.stderr).toBe(0);
    service = holdKey(territory.issuer, 'timetable', await exportJWK(privateKey));
    grades = await takeOverGrades(territory);
  });
  afterAll(async () => {
    await runSocle(territory.env, ['client', 'remove', 'timetable']);
    await rm(folder, { recursive: true, force: true });
  });

  it.each(DOORS)('is refused at %s %s, however well it authenticates', async (method, address, body) => {
    expect(await service.call(method, address, body)).toMatchObject({
      status: 403,
      body: { code: 'module_unknown' },
    });
    // the positive twin: the registered module passes this door (what it asks for may still not exist)
    expect((await grades.call(method, address, body)).body.code).not.toBe('module_unknown');
  });

  it.each(DOORS)(
    'is refused at %s %s without a token, with another scheme, and with a forged token',
    async (method, address, body) => {
      for (const authorization of [
        '',
        'Basic Z3JhZGVzOng=',
        'Bearer',
        'Bearer a.b.c',
        `Bearer ${'x'.repeat(4000)}`,
      ]) {
        expect((await grades.call(method, address, body, authorization)).status, authorization).toBe(401);
      }
      const token = await grades.token();
      expect((await grades.call(method, address, body, `Bearer ${token.slice(0, -4)}AAAA`)).status).toBe(401);
      expect((await grades.call(method, address, body, `Bearer ${token}`)).status).not.toBe(401);
    },
  );

  it('decides nothing about somebody whom the module does not know', async () => {
    const answer = await grades.call('POST', '/access/v1/evaluation', QUESTION);
    expect(answer).toMatchObject({
      status: 200,
      body: { decision: false, context: { basis: 'unknown_subject' } },
    });
  });
});
