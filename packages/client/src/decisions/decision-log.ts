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
  detail: {
    action: 'code',
    'rule?': 'code',
    basis: 'code',
    revision: 'integer',
    policies: 'digest',
    'acr?': 'code',
    'school?': 'code',
    'division?': 'code',
    'subject?': 'code',
    'pupil?': 'person',
    'owner?': 'person',
    'published?': 'boolean',
    'closed?': 'boolean',
  },
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
          target: { kind: request.resource.type, id: printableId(request.resource.id) },
          ...(decision.rule === undefined ? {} : { reason: decision.rule }),
          detail: {
            action: request.action,
            ...(decision.rule === undefined ? {} : { rule: decision.rule }),
            basis: decision.basis,
            revision: decision.revision ?? 0,
            policies: decision.policies!,
            ...(session.acr === undefined ? {} : { acr: session.acr }),
            ...describeProperties(request.properties),
          },
        }),
      );
    },
  };
}

const PRINTABLE = /^[\x21-\x7e]{1,128}$/;
const CODE = /^[A-Za-z0-9_.:/-]{1,64}$/;
const TEXTS = ['school', 'division', 'subject'] as const;
const PEOPLE = ['pupil', 'owner'] as const;
const FLAGS = ['published', 'closed'] as const;

/** An id of the module that the log takes; what it would refuse is told as such, for the decision must not go unlogged. */
function printableId(id: string | undefined): string {
  if (id === undefined) return 'new';
  return PRINTABLE.test(id) ? id : 'unprintable';
}

/** What the rules asked about the thing, as far as the log takes it. */
function describeProperties(properties: MayRequest['properties'] = {}): Record<string, string | boolean> {
  const members: Record<string, string | boolean> = {};
  for (const name of TEXTS) {
    const value = properties[name];
    if (typeof value === 'string' && CODE.test(value)) members[name] = value;
  }
  for (const name of PEOPLE) {
    const value = properties[name];
    if (typeof value === 'string' && PRINTABLE.test(value)) members[name] = value;
  }
  for (const name of FLAGS) if (typeof properties[name] === 'boolean') members[name] = properties[name];
  return members;
}
