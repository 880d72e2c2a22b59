import type { ModuleDatabase } from '../module/module-database.ts';
import type { ModuleAction } from '../outbox/event.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { ModuleSession } from '../session/session.ts';
import type { MayDecision, MayRequest } from '../socle/decision.ts';

/** Puts decisions on what is sensitive in the log, whichever way they went. */
export interface DecisionLog {
  /** Notes a decision once for each question of a request, when it is sensitive. Throws when it cannot be kept. */
  note(
    session: ModuleSession,
    request: MayRequest,
    decision: MayDecision,
    isSensitive: boolean,
  ): Promise<void>;
}

/** The event of a sensitive decision. The socle knows it for every module, under `<module>.decision.made`. */
export const decisionAction: ModuleAction = Object.freeze({
  class: 'B',
  title: { fr: 'Décision d’accès sensible', en: 'Sensitive access decision' },
  detail: { action: 'code', 'rule?': 'code', basis: 'code', revision: 'integer', policies: 'digest' },
});

export function openDecisionLog(options: {
  readonly clientId: string;
  readonly database: ModuleDatabase;
  readonly outbox: Pick<Outbox, 'append'>;
}): DecisionLog {
  const { clientId, database, outbox } = options;
  // A session object lives for one request: a question asked twice in it is told once.
  const told = new WeakMap<ModuleSession, Set<string>>();
  return {
    async note(session, request, decision, isSensitive) {
      const school = request.properties?.school;
      // An event belongs to the controller of a school: what lies in none is decided, and logged, at the socle.
      if (!isSensitive || school === undefined) return;
      const known = told.get(session) ?? new Set();
      told.set(session, known);
      const question = JSON.stringify([request.action, request.resource, request.properties]);
      if (known.has(question)) return;
      known.add(question);
      await database.transaction((tx) =>
        outbox.append(tx, {
          session,
          action: `${clientId}.decision.made`,
          outcome: decision.allowed ? 'success' : 'denied',
          school,
          ...(decision.rule === undefined ? {} : { reason: decision.rule }),
          detail: {
            action: request.action,
            ...(decision.rule === undefined ? {} : { rule: decision.rule }),
            basis: decision.basis,
            revision: decision.revision ?? 0,
            policies: decision.policies!,
          },
        }),
      );
    },
  };
}
