import { Secret } from '@socle/base';
import { describe, expect, it } from 'vitest';
import { ClientError } from '../errors.ts';
import type { ModuleSession } from '../session/session.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';
import { openDecisions } from './may.ts';

interface WireQuestion {
  subject: { type: string; id: string };
  context?: { acr: string };
  action: { name: string };
  resource: { type: string; id: string; properties: Record<string, unknown> };
}

const session = (sub = 'p1', acr?: string): ModuleSession => ({
  sub,
  ...(acr === undefined ? {} : { acr }),
  authenticatedAt: new Date(),
  startedAt: new Date(),
  expiresAt: new Date(),
  csrfKey: new Secret('k'),
});
const read = (id: string) => ({ action: 'grades.mark.read', resource: { type: 'grades.mark', id } });

/** Answers as the contract says: allows what is in `allowed`. */
function open(answer?: (request: HttpRequest) => HttpAnswer | Error) {
  const asked: { path: string; body: WireQuestion & { evaluations?: WireQuestion[] } }[] = [];
  const allowed = new Set(['m1', 'm3']);
  const judge = (question: WireQuestion) =>
    allowed.has(question.resource.id)
      ? { decision: true, context: { rule: 'GRA-001', basis: 'allow', rev: 7 } }
      : { decision: false, context: { basis: 'none', rev: 7 } };
  const decisions = openDecisions({
    issuer: 'http://localhost:1',
    calls: {
      async request(request) {
        const body = request.body as (typeof asked)[0]['body'];
        asked.push({ path: request.url.pathname, body });
        const forced = answer?.(request);
        if (forced instanceof Error) throw forced;
        if (forced) return forced;
        return {
          status: 200,
          body: body.evaluations ? { evaluations: body.evaluations.map(judge) } : judge(body),
        };
      },
    },
  });
  return { decisions, asked };
}

describe('decisions over AuthZEN', () => {
  it('asks one question with subject, action, resource and acr, and gives the verdict with its rule', async () => {
    const { decisions, asked } = open();
    const [verdict] = await decisions.decide(session('p1', 'password'), [
      { ...read('m1'), properties: { school: 's1', pupil: 'p9', published: true } },
    ]);
    expect(verdict).toEqual({ allowed: true, basis: 'allow', rule: 'GRA-001', revision: 7 });
    expect(asked).toEqual([
      {
        path: '/access/v1/evaluation',
        body: {
          subject: { type: 'person', id: 'p1' },
          context: { acr: 'password' },
          action: { name: 'grades.mark.read' },
          resource: {
            type: 'grades.mark',
            id: 'm1',
            properties: { school: 's1', pupil: 'p9', published: true },
          },
        },
      },
    ]);
  });

  it('gives a denial as a value', async () => {
    const { decisions } = open();
    expect(await decisions.decide(session(), [read('m2')])).toEqual([
      { allowed: false, basis: 'none', revision: 7 },
    ]);
  });

  it('takes a denial for a reason it does not know for a denial', async () => {
    const { decisions } = open(() => ({
      status: 200,
      body: { decision: false, context: { basis: 'unknown_subject' } },
    }));
    expect(await decisions.decide(session(), [read('m1')])).toEqual([{ allowed: false, basis: 'none' }]);
  });

  it('asks many questions in one round trip, each once, and gives verdicts in the order of the questions', async () => {
    const { decisions, asked } = open();
    const verdicts = await decisions.decide(session(), ['m1', 'm2', 'm1', 'm3', 'm4'].map(read));
    expect(verdicts.map((verdict) => verdict.allowed)).toEqual([true, false, true, true, false]);
    expect(asked).toHaveLength(1);
    expect(asked[0]!.path).toBe('/access/v1/evaluations');
    expect(asked[0]!.body.evaluations).toHaveLength(4);
  });

  it('sends at most 100 questions at once', async () => {
    const { decisions, asked } = open();
    const ids = Array.from({ length: 250 }, (_, index) => `m${index}`);
    const verdicts = await decisions.decide(session(), ids.map(read));
    expect(verdicts.filter((verdict) => verdict.allowed)).toHaveLength(2);
    expect(asked.map(({ body }) => body.evaluations?.length)).toEqual([100, 100, 50]);
  });

  it('remembers a verdict within one request only, and for one person only', async () => {
    const { decisions, asked } = open();
    const request = session();
    await Promise.all([decisions.decide(request, [read('m1')]), decisions.decide(request, [read('m1')])]);
    await decisions.decide(request, [read('m1')]);
    expect(asked).toHaveLength(1);
    await decisions.decide(session(), [read('m1')]); // the same person's next request
    await decisions.decide(session('p2'), [read('m1')]);
    expect(asked).toHaveLength(3);
  });

  it('tells apart questions that differ in one property', async () => {
    const { decisions, asked } = open();
    const request = session();
    await decisions.decide(request, [{ ...read('m1'), properties: { published: true } }]);
    await decisions.decide(request, [{ ...read('m1'), properties: { published: false } }]);
    expect(asked).toHaveLength(2);
  });

  it('throws, and remembers nothing, when the socle does not answer', async () => {
    const down = new ClientError('socle_unavailable', { status: 503, publicMessage: 'down' });
    let fails = true;
    const { decisions, asked } = open(() => (fails ? down : (undefined as unknown as HttpAnswer)));
    const request = session();
    await expect(decisions.decide(request, [read('m1')])).rejects.toBe(down);
    fails = false;
    expect((await decisions.decide(request, [read('m1')]))[0]!.allowed).toBe(true);
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['a status that is not 200', { status: 400, body: {} }],
    ['no body', { status: 200, body: undefined }],
    ['a decision that is not a boolean', { status: 200, body: { decision: 'true' } }],
    ['no decision', { status: 200, body: { context: { rule: 'GRA-001' } } }],
  ])('takes %s for no decision at all', async (_title, answer) => {
    const { decisions } = open(() => answer);
    await expect(decisions.decide(session(), [read('m1')])).rejects.toBeInstanceOf(ClientError);
  });

  it.each([[[]], [[{ decision: true }]], [[{ decision: true }, { decision: true }, { decision: true }]]])(
    'takes an answer with another number of verdicts for none at all',
    async (evaluations) => {
      const { decisions } = open(() => ({ status: 200, body: { evaluations } }));
      await expect(decisions.decide(session(), [read('m1'), read('m2')])).rejects.toMatchObject({
        code: 'socle_answer_invalid',
      });
    },
  );
});
