import { canonicalJson, type JsonValue } from '@socle/base';
import { z } from 'zod';
import type { ModuleSession } from '../session/session.ts';
import type { MayDecision, MayOptions, MayRequest } from './decision.ts';
import { invalidAnswer, refusedModule } from './http.ts';
import type { SocleCalls } from './module-token.ts';

/** Questions to the socle's decision point (OpenID AuthZEN Authorization API 1.0). */
export interface Decisions {
  /** Verdicts in the order of the questions; a question asked twice in one request is sent once. */
  decide(
    session: ModuleSession,
    requests: readonly MayRequest[],
    options?: MayOptions,
  ): Promise<readonly MayDecision[]>;
}

/** Questions in one round trip at most. */
const MAX_BATCH = 100;
/** The id of what does not exist yet: AuthZEN §5.2 demands one. */
const NO_ID = 'new';

const decision = z.object({
  decision: z.boolean(),
  context: z
    .object({
      rule: z.string().max(128).nullish(),
      basis: z.enum(['allow', 'deny', 'none', 'error']).optional().catch(undefined),
      rev: z.number().int().optional(),
      policyRev: z.string().max(128).optional(),
    })
    .optional(),
});
const decisions = z.object({ evaluations: z.array(decision).max(MAX_BATCH) });

export function openDecisions(options: { readonly issuer: string; readonly calls: SocleCalls }): Decisions {
  const base = options.issuer.replace(/\/$/, '');
  // A session object lives for one request, so what hangs on it is forgotten with the request and never stale.
  const memo = new WeakMap<ModuleSession, Map<string, Promise<MayDecision>>>();

  async function ask(
    session: ModuleSession,
    questions: readonly MayRequest[],
    minRev: number | undefined,
  ): Promise<MayDecision[]> {
    const [only, ...others] = questions;
    const shared = {
      subject: { type: 'person', id: session.sub },
      ...(session.acr === undefined && minRev === undefined
        ? {}
        : {
            context: {
              ...(session.acr === undefined ? {} : { acr: session.acr }),
              ...(minRev === undefined ? {} : { minRev }),
            },
          }),
    };
    if (only && others.length === 0) {
      const url = new URL(`${base}/access/v1/evaluation`);
      const answer = await options.calls.request({
        method: 'POST',
        url,
        body: { ...shared, ...toWire(only) },
      });
      if (answer.status !== 200) throw refusedModule(answer);
      const parsed = decision.safeParse(answer.body);
      if (!parsed.success) throw invalidAnswer('decision');
      return [fromWire(parsed.data)];
    }
    const url = new URL(`${base}/access/v1/evaluations`);
    const body = { ...shared, evaluations: questions.map(toWire) };
    const answer = await options.calls.request({ method: 'POST', url, body });
    if (answer.status !== 200) throw refusedModule(answer);
    const parsed = decisions.safeParse(answer.body);
    // One verdict too few would give the next question another's answer.
    if (!parsed.success || parsed.data.evaluations.length !== questions.length)
      throw invalidAnswer('decisions');
    return parsed.data.evaluations.map(fromWire);
  }

  return {
    async decide(session, requests, options = {}) {
      const minRev = options.consistency === 'at-least' ? options.minRev : undefined;
      // Strict is of this instant, and a revision asked for may be newer than what is remembered.
      const isFresh = options.consistency === 'strict' || minRev !== undefined;
      let known = isFresh ? new Map<string, Promise<MayDecision>>() : memo.get(session);
      if (!known) memo.set(session, (known = new Map()));
      const keys = requests.map((request) => canonicalJson(toWire(request)));
      const missing = new Map<string, MayRequest>();
      keys.forEach((key, index) => {
        if (!known.has(key)) missing.set(key, requests[index]!);
      });
      const fresh = [...missing];
      for (let start = 0; start < fresh.length; start += MAX_BATCH) {
        const batch = fresh.slice(start, start + MAX_BATCH);
        const verdicts = ask(
          session,
          batch.map(([, request]) => request),
          minRev,
        );
        batch.forEach(([key], index) => {
          const verdict = verdicts.then((all) => all[index]!);
          verdict.catch(() => known.delete(key)); // a failure is not remembered
          known.set(key, verdict);
        });
      }
      return Promise.all(keys.map((key) => known.get(key)!));
    },
  };
}

function toWire(request: MayRequest): Record<string, JsonValue> {
  const properties: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(request.properties ?? {}))
    if (value !== undefined) properties[name] = value;
  return {
    action: { name: request.action },
    resource: { type: request.resource.type, id: request.resource.id ?? NO_ID, properties },
  };
}

function fromWire(wire: z.infer<typeof decision>): MayDecision {
  const { context } = wire;
  return Object.freeze({
    allowed: wire.decision,
    basis: context?.basis ?? (wire.decision ? 'allow' : 'none'),
    ...(context?.rule ? { rule: context.rule } : {}),
    ...(context?.rev === undefined ? {} : { revision: context.rev }),
    ...(context?.policyRev === undefined ? {} : { policies: context.policyRev }),
  });
}
