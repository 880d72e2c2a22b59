import type { Audit, NewEvent } from '@socle/audit';
import type { PersonFacts, Resource } from '@socle/authorization';
import { isUuid } from '@socle/base';
import type { Database, Tx } from '@socle/db';
import { findCurrentPerson, loadControllersOf } from '@socle/directory';
import type { PersonId } from '@socle/base';
import type { Decisions } from '../decisions.ts';
import type { DecisionListener } from './evaluator.ts';
import type { ModuleCaller } from './module-caller.ts';

const SENSITIVE: ReadonlySet<string> = new Set(['special', 'security']);
const PRINTABLE = /^[\x21-\x7e]{1,128}$/;
const CODE = /^[A-Za-z0-9_.:/-]{1,64}$/;
const TEXTS = ['school', 'academy', 'region', 'division', 'subject'] as const;
const FLAGS = ['published', 'closed'] as const;
const PEOPLE = ['pupil', 'owner'] as const;
/** Controller of what concerns no school or academy. */
const PLATFORM = 'platform';

export interface DecisionListenerOptions {
  readonly audit: Audit;
  readonly database: Database;
  readonly decisions: Decisions;
}

/**
 * Writes what the socle decides for a module on something sensitive in the log, allowed or not, before the answer: a
 * decision that cannot be written is not given.
 */
export function buildDecisionListener(
  { audit, database, decisions }: DecisionListenerOptions,
  caller: Pick<ModuleCaller, 'clientId'>,
): DecisionListener {
  return async ({ facts, action, resource, acr, decision }) => {
    const policies = decisions.policies();
    const type = policies.vocabulary.actions.get(action);
    if (type === undefined || !SENSITIVE.has(type.sensitivity)) return;
    const rule = decision.rule === undefined ? {} : { rule: decision.rule };
    await database.transaction(
      async (tx) =>
        audit.append(tx, {
          controller: await controllerOf(tx, resource, facts),
          actor: { kind: 'client', id: caller.clientId, onBehalfOf: facts.person },
          action: 'service.decision.made',
          outcome: decision.allowed ? 'success' : 'denied',
          ...targetOf(resource),
          ...(decision.rule === undefined ? {} : { reason: decision.rule }),
          detail: {
            action,
            ...rule,
            basis: decision.basis,
            revision: facts.revision,
            policies: policies.digest,
            ...(acr !== undefined && CODE.test(acr) ? { acr } : {}),
            ...describeMembers(resource),
          },
        }),
      { scope: 'all' },
    );
  };
}

/** In whose name it was decided: that of the place, else of the person. */
async function controllerOf(tx: Tx, resource: Resource, facts: PersonFacts): Promise<string> {
  const place: Record<string, string> = {};
  for (const name of ['school', 'academy', 'region'] as const)
    if (isUuid(resource[name])) place[name] = resource[name];
  const [first] = Object.keys(place).length === 0 ? [] : await loadControllersOf(tx, place);
  if (first !== undefined) return first;
  return (await findCurrentPerson(tx, facts.person as PersonId))?.controller ?? PLATFORM;
}

function targetOf({ type, id = 'new' }: Resource): Pick<NewEvent, 'target'> {
  // a thing that is a person, and whom nobody knows, has no id that the log could take
  if (type.endsWith('.person')) return isUuid(id) ? { target: { kind: type, id } } : {};
  if (!CODE.test(type)) return {};
  return { target: { kind: type, id: PRINTABLE.test(id) ? id : 'unprintable' } };
}

function describeMembers(resource: Resource): Record<string, string | boolean> {
  const members: Record<string, string | boolean> = {};
  for (const name of TEXTS) {
    const value = resource[name];
    if (value !== undefined && CODE.test(value)) members[name] = value;
  }
  for (const name of PEOPLE) if (isUuid(resource[name])) members[name] = resource[name];
  for (const name of FLAGS) if (resource[name] !== undefined) members[name] = resource[name];
  return members;
}
