import type { FoundEvent } from '@socle/audit';
import {
  explain,
  type Engine,
  type Explanation,
  type PersonFacts,
  type Resource,
} from '@socle/authorization';

/** A decision as the log tells it. */
export interface LoggedDecision {
  readonly event: FoundEvent;
  /** Id of the person it was about; undefined when the log no longer knows them. */
  readonly person: string | undefined;
  readonly action: string;
  readonly allowed: boolean;
  readonly rule: string | undefined;
  readonly basis: string;
  readonly acr: string | undefined;
  /** Digest of the policies that decided. */
  readonly policies: string;
  readonly resource: Resource | undefined;
}

const DECISION = /^[a-z][a-z0-9-]*\.decision\.made$/;
const TEXTS = ['school', 'academy', 'region', 'division', 'subject'] as const;
const FLAGS = ['published', 'closed'] as const;
const PEOPLE = ['pupil', 'owner'] as const;

/** The decision that an event tells of; undefined for any other event. */
export function readLoggedDecision(event: FoundEvent, engine: Engine): LoggedDecision | undefined {
  if (!DECISION.test(event.action)) return undefined;
  const text = (name: string): string | undefined => {
    const value = event.detail[name];
    return typeof value === 'string' ? value : undefined;
  };
  const action = text('action') ?? '';
  return {
    event,
    // where the socle decided for a module, the module is the actor and the person the one it acted for
    person: (event.onBehalfOf ?? event.actor).personId,
    action,
    allowed: event.outcome === 'success',
    rule: text('rule'),
    basis: text('basis') ?? '',
    acr: text('acr'),
    policies: text('policies') ?? '',
    resource: readResource(event, engine.policies.vocabulary.actions.get(action)?.name),
  };
}

function readResource(event: FoundEvent, type: string | undefined): Resource | undefined {
  if (type === undefined) return undefined;
  const members: Record<string, unknown> = {};
  const names: readonly string[] = [...TEXTS, ...FLAGS];
  for (const [name, value] of Object.entries(event.detail)) if (names.includes(name)) members[name] = value;
  for (const name of PEOPLE) if (event.people[name] !== undefined) members[name] = event.people[name];
  const id = event.target?.personId ?? event.target?.id;
  return { ...members, type, ...(id === undefined ? {} : { id }) };
}

/** The same question asked again: by the policies in force, on the facts of now. */
export function decideAgain(
  engine: Engine,
  { action, resource, acr }: LoggedDecision,
  facts: PersonFacts,
  now: Date,
): Explanation | undefined {
  if (resource === undefined) return undefined;
  const environment = { now, ...(acr === undefined ? {} : { acr }) };
  return explain(engine, { subject: facts.person, action, resource, environment }, facts);
}
