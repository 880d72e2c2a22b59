import type { Clock, PersonId } from '@socle/base';
import type { Decision, Engine, PersonFacts, Policies, Resource } from '@socle/authorization';
import type { Database } from '@socle/db';
import { loadAuthorizationRevision, loadManyPersonFacts, loadPersonFacts } from '@socle/directory';
import type { HeldFacts } from './facts/held-facts.ts';

/** What a caller asks of one person. */
interface Question {
  readonly action: string;
  readonly resource: Resource;
  readonly acr?: string;
}

/** Decides for people, on facts of the directory. */
export interface Decisions {
  /**
   * The facts of one person, once for all the questions of one request; undefined for nobody. They are those of the
   * revision in force, or of `minRev` or later when a caller says what it must have seen.
   */
  loadFacts(person: PersonId, freshness?: { readonly minRev?: number }): Promise<PersonFacts | undefined>;
  /** The facts of many, of one revision; who is not known is left out. */
  loadManyFacts(people: readonly PersonId[]): Promise<ReadonlyMap<PersonId, PersonFacts>>;
  /** The policies in force. */
  policies(): Policies;
  /** The verdict on one question. A failure while deciding is a refusal. */
  decide(facts: PersonFacts, question: Question): Decision;
}

/**
 * Binds the policies in force, the directory and the clock. Facts come from memory where those held are the ones in force:
 * the revision is asked first, one small query, so that what was committed before counts at once. Otherwise, and for who is
 * not held, they are queried.
 */
export function openDecisions(options: {
  readonly engine: Engine;
  readonly database: Database;
  readonly clock: Clock;
  readonly held: HeldFacts;
}): Decisions {
  const { engine, database, clock, held } = options;
  const findReplica = async (minRev?: number) => {
    const now = clock.now();
    // A caller's revision is enough where the replica is known to be in force: nothing is asked of the database.
    if (minRev !== undefined && held.find(undefined, now)) return held.find(minRev, now);
    return held.find(0, now) && held.find(await loadAuthorizationRevision(database), now);
  };
  return {
    policies: () => engine.policies,
    async loadFacts(person, { minRev } = {}) {
      const replica = await findReplica(minRev);
      const facts = replica?.readFacts(person, clock.now());
      if (facts !== undefined) return facts;
      // facts cross controllers on purpose: a person may belong to several, and the verdict must know all of them
      return database.transaction((tx) => loadPersonFacts(tx, person, clock.now()), {
        scope: 'all',
        readOnly: true,
      });
    },
    async loadManyFacts(people) {
      const replica = await findReplica();
      const now = clock.now();
      const found = new Map<PersonId, PersonFacts>();
      for (const person of people) {
        const facts = replica?.readFacts(person, now);
        if (facts !== undefined) found.set(person, facts);
      }
      const missing = people.filter((person) => !found.has(person));
      if (missing.length === 0) return found;
      const queried = await database.transaction((tx) => loadManyPersonFacts(tx, missing, now), {
        scope: 'all',
        readOnly: true,
      });
      return new Map([...found, ...queried]);
    },
    decide: (facts, question) =>
      engine.decide(
        {
          subject: facts.person,
          action: question.action,
          resource: question.resource,
          environment: { now: clock.now(), ...(question.acr === undefined ? {} : { acr: question.acr }) },
        },
        facts,
      ),
  };
}
