import { z } from 'zod';
import type { Decision, PersonFacts, Resource } from '@socle/authorization';
import type { PersonId } from '@socle/base';
import type { Queryable } from '@socle/db';
import type { Identity } from '@socle/identity';
import type { Decisions } from '../decisions.ts';
import type { ModuleCaller } from './module-caller.ts';

const subject = z.object({ type: z.string(), id: z.string().min(1).max(200) });
const action = z.object({ name: z.string().min(1).max(128) });
const resource = z.object({
  type: z.string().min(1).max(128),
  id: z.string().min(1).max(200),
  properties: z.record(z.string(), z.unknown()).optional(),
});
const context = z.record(z.string(), z.unknown());

/** One evaluation request (AuthZEN 1.0 §6.1). */
export const evaluationSchema = z.object({ subject, action, resource, context: context.optional() });
/** One of several (§7.1): what it does not say is taken from the request's own members. */
export const partialEvaluationSchema = evaluationSchema.partial();

export type Evaluation = z.infer<typeof evaluationSchema>;

/** The answer to one evaluation (§6.2). */
export interface EvaluationAnswer {
  readonly decision: boolean;
  readonly context: {
    readonly basis: Decision['basis'] | 'unknown_subject';
    readonly rule?: string;
    /** The revision of the facts that were judged. */
    readonly rev?: number;
    /** Digest of the policies that decided. */
    readonly policyRev?: string;
  };
}

export interface EvaluatorOptions {
  readonly identity: Identity;
  readonly database: Queryable;
  readonly decisions: Decisions;
}

const TEXTS = ['school', 'division', 'subject', 'academy', 'region'] as const;
const FLAGS = ['published', 'closed'] as const;
/** Properties that name a person, by the caller's subjects. */
const PEOPLE = ['pupil', 'owner'] as const;
/** A type whose own id is a person's subject. */
const PERSON_TYPE = 'directory.person';

/** Answers the evaluations of one request: their subjects are resolved in one query, each person's facts loaded once. */
export async function openEvaluator(
  options: EvaluatorOptions,
  caller: ModuleCaller,
  evaluations: readonly Evaluation[],
): Promise<(evaluation: Evaluation) => Promise<EvaluationAnswer>> {
  const named = evaluations.flatMap(namesOf);
  const people = await options.identity.resolveSubjects(options.database, caller.sector, named);
  const facts = new Map<PersonId, Promise<PersonFacts | undefined>>();

  function factsOf(person: PersonId): Promise<PersonFacts | undefined> {
    const known = facts.get(person) ?? options.decisions.loadFacts(person);
    facts.set(person, known);
    return known;
  }

  // a subject that nobody has stands for nobody: no rule relates to it
  const personOf = (sub: unknown): string | undefined =>
    typeof sub === 'string' ? (people.get(sub) ?? `nobody:${sub.slice(0, 64)}`) : undefined;

  return async (evaluation) => {
    const person = evaluation.subject.type === 'person' ? people.get(evaluation.subject.id) : undefined;
    const known = person && (await factsOf(person));
    if (!known) return { decision: false, context: { basis: 'unknown_subject' } };
    const acr = evaluation.context?.acr;
    const policyRev = options.decisions.policies().digest;
    const minRev = evaluation.context?.minRev;
    // Facts are read straight from the database, so only a revision that does not exist yet is not reached.
    if (typeof minRev === 'number' && known.revision < minRev)
      return { decision: false, context: { basis: 'error', rev: known.revision, policyRev } };
    const decision = options.decisions.decide(known, {
      action: evaluation.action.name,
      resource: describe(evaluation.resource, personOf),
      ...(typeof acr === 'string' ? { acr } : {}),
    });
    const rule = decision.rule ? { rule: decision.rule } : {};
    return {
      decision: decision.allowed,
      context: { basis: decision.basis, ...rule, rev: known.revision, policyRev },
    };
  };
}

function namesOf({ subject: asked, resource: on }: Evaluation): string[] {
  const properties = PEOPLE.map((name) => on.properties?.[name]).filter((value) => typeof value === 'string');
  return [asked.id, ...properties, ...(on.type === PERSON_TYPE ? [on.id] : [])];
}

function describe(on: Evaluation['resource'], personOf: (sub: unknown) => string | undefined): Resource {
  const properties = on.properties ?? {};
  const members: Record<string, unknown> = {};
  for (const name of TEXTS) if (typeof properties[name] === 'string') members[name] = properties[name];
  for (const name of FLAGS) if (typeof properties[name] === 'boolean') members[name] = properties[name];
  for (const name of PEOPLE) {
    const person = personOf(properties[name]);
    if (person !== undefined) members[name] = person;
  }
  const id = on.type === PERSON_TYPE ? (personOf(on.id) ?? on.id) : on.id;
  return { type: on.type, id, ...members };
}
