import type { Clock, PersonId } from '@socle/base';
import type { Decision, Engine, PersonFacts, Policies, Resource } from '@socle/authorization';
import type { Database } from '@socle/db';
import { loadPersonFacts } from '@socle/directory';

/** What a caller asks of one person. */
interface Question {
  readonly action: string;
  readonly resource: Resource;
  readonly acr?: string;
}

/** Decides for people, on facts read from the directory. */
export interface Decisions {
  /** The facts of one person, once for all the questions of one request; undefined for nobody. */
  loadFacts(person: PersonId): Promise<PersonFacts | undefined>;
  /** The policies in force. */
  policies(): Policies;
  /** The verdict on one question. A failure while deciding is a refusal. */
  decide(facts: PersonFacts, question: Question): Decision;
}

/** Binds the policies in force, the directory and the clock. */
export function openDecisions(options: { engine: Engine; database: Database; clock: Clock }): Decisions {
  const { engine, database, clock } = options;
  return {
    policies: () => engine.policies,
    loadFacts: (person) =>
      // facts cross controllers on purpose: a person may belong to several, and the verdict must know all of them
      database.transaction((tx) => loadPersonFacts(tx, person, clock.now()), {
        scope: 'all',
        readOnly: true,
      }),
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
