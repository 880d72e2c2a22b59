import type { PersonFacts, Resource } from '@socle/authorization';
import type { Evaluation } from '../evaluation.ts';

/** A name of something (AuthZEN 1.0 §5.1 and §5.3), as the caller calls it. */
export interface EntityName {
  readonly type: string;
  readonly id: string;
}

/** One page of candidates, in a fixed order; `next` is undefined on the last one. */
interface CandidatePage<Candidate> {
  readonly candidates: readonly Candidate[];
  readonly next?: string;
}

/** What the access endpoints know of: people with their facts, and the things that are held here, in one caller's names. */
export interface AccessWorld {
  /** Tells the world which names a request holds, so that they are resolved in one query. */
  prepare(evaluations: readonly Pick<Evaluation, 'resource'>[], subjects: readonly string[]): Promise<void>;
  /** The facts of a subject that was prepared, of revision `minRev` at least where that exists; undefined for nobody. */
  factsOf(subject: EntityName, minRev?: number): Promise<PersonFacts | undefined>;
  /** The resource as the rules take it. */
  describe(resource: Evaluation['resource']): Resource;
  /** People whom the rules might allow something about this resource, after `cursor`. */
  listSubjects(
    resource: Resource,
    page: { readonly cursor?: string; readonly limit: number },
  ): Promise<CandidatePage<{ readonly name: EntityName; readonly facts: PersonFacts }>>;
  /** Things of this type that are held here and that this person might be allowed something about, after `cursor`. */
  listResources(
    type: string,
    facts: PersonFacts,
    page: { readonly cursor?: string; readonly limit: number },
  ): Promise<CandidatePage<{ readonly name: EntityName; readonly resource: Resource }>>;
}
