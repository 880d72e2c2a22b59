import {
  boundMember,
  buildListFilter,
  printWhere,
  type Decision,
  type DecisionRequest,
  type ListColumn,
  type ListMember,
  type ListPredicate,
  type ListWhere,
} from '@socle/authorization';
import { isSocleError, type Clock } from '@socle/base';
import { ClientError } from '../errors.ts';
import type { ModuleSession } from '../session/session.ts';
import type { MayDecision, MayOptions, MayRequest } from '../socle/decision.ts';
import type { Decisions } from '../socle/may.ts';
import type { DecisionLog } from './decision-log.ts';
import type { FactsHolder, HeldFacts } from './facts-holder.ts';
import type { Follower } from './follower.ts';
import type { PolicyHolder } from './policy-holder.ts';

/** How long this process decides by itself after the socle was last heard. */
interface StalenessLimits {
  /** Actions on objects that the vocabulary calls `special` or `security`. */
  readonly sensitiveSeconds: number;
  /** Every other action. */
  readonly anySeconds: number;
}

/** Decisions in this process where it can take them, at the socle where it cannot. */
export interface InProcessDecisions extends Decisions {
  /** The rows of the module's own table that a person may do `action` on, as an SQL expression. */
  where(
    session: ModuleSession,
    action: string,
    columns: Readonly<Partial<Record<ListMember | 'published' | 'closed', ListColumn>>>,
    firstParameter?: number,
  ): Promise<ListWhere>;
  /** The values of one member to which that list comes down; undefined when it does not, or there are more than `atMost`. */
  ids(
    session: ModuleSession,
    action: string,
    member: ListMember,
    atMost?: number,
  ): Promise<readonly string[] | undefined>;
  /** How many decisions were taken here and at the socle, for metrics. */
  readonly counts: { readonly local: number; readonly remote: number };
}

export interface InProcessOptions {
  readonly remote: Decisions;
  readonly policies: PolicyHolder;
  readonly facts: FactsHolder;
  readonly follower: Follower;
  readonly log: DecisionLog;
  readonly clock: Clock;
  readonly limits: StalenessLimits;
}

const SENSITIVE: ReadonlySet<string> = new Set(['special', 'security']);
/** What AuthZEN sends for what does not exist yet; rules see the same here. */
const NO_ID = 'new';
/** More ids than this make a longer question than the predicate they come from. */
const MOST_IDS = 1_000;

export function openInProcessDecisions(options: InProcessOptions): InProcessDecisions {
  const { remote, policies, facts, follower, clock, limits } = options;
  const counts = { local: 0, remote: 0 };

  /** Whether this process may decide on an action now: it knows the rules, and heard of the socle lately enough. */
  function mayDecideHere(action: string): boolean {
    const type = policies.current?.engine.policies.vocabulary.actions.get(action);
    if (type === undefined || follower.contactAt === undefined) return false;
    const seconds = SENSITIVE.has(type.sensitivity) ? limits.sensitiveSeconds : limits.anySeconds;
    return clock.now().getTime() - follower.contactAt <= seconds * 1000;
  }

  /** Facts that settle an action of this module; undefined when the socle must be asked instead. */
  async function findFacts(sub: string, action: string, minRev: number): Promise<HeldFacts | undefined> {
    const current = policies.current!;
    const owner = current.engine.policies.vocabulary.actions.get(action)?.owner;
    const isUsable = (held: HeldFacts): boolean =>
      held.facts.revision >= minRev && held.policies === current.number;
    const known = facts.find(sub, clock.now());
    // Facts that settle another module's objects are not given: fetching again would not help.
    if (known !== undefined && isUsable(known)) return known.module === owner ? known : undefined;
    try {
      const fetched = await facts.fetch(sub);
      return isUsable(fetched) && fetched.module === owner ? fetched : undefined;
    } catch (error) {
      if (isSocleError(error)) return undefined;
      throw error;
    }
  }

  function decideHere(session: ModuleSession, request: MayRequest, held: HeldFacts): MayDecision {
    const { engine } = policies.current!;
    const decision = engine.decide(buildRequest(session, request, clock.now()), held.facts);
    return describe(decision, held.facts.revision, engine.policies.digest);
  }

  async function decideOne(
    session: ModuleSession,
    request: MayRequest,
    may: MayOptions,
  ): Promise<MayDecision | undefined> {
    if (may.consistency === 'strict' || !mayDecideHere(request.action)) return undefined;
    const isSensitive = SENSITIVE.has(sensitivityOf(request.action));
    // An event of a module belongs to a school: what lies in none is decided, and logged, at the socle.
    if (isSensitive && request.properties?.school === undefined) return undefined;
    const minRev = may.consistency === 'at-least' ? (may.minRev ?? follower.revision) : 0;
    const held = await findFacts(session.sub, request.action, minRev);
    if (held === undefined) return undefined;
    const decision = decideHere(session, request, held);
    await options.log.note(session, request, decision, isSensitive);
    return decision;
  }

  const sensitivityOf = (action: string): string =>
    policies.current?.engine.policies.vocabulary.actions.get(action)?.sensitivity ?? 'security';

  async function buildPredicate(session: ModuleSession, action: string): Promise<ListPredicate> {
    const held = mayDecideHere(action) ? await findFacts(session.sub, action, 0) : undefined;
    if (held === undefined) {
      throw new ClientError('socle_unavailable', {
        status: 503,
        publicMessage: 'What you may see cannot be settled just now. Try again in a moment.',
      });
    }
    const { environment } = buildRequest(session, { action, resource: { type: '' } }, clock.now());
    return buildListFilter(policies.current!.engine.policies, { action, environment }, held.facts);
  }

  return {
    counts,
    async decide(session, requests, may = {}) {
      const found = await Promise.all(requests.map((request) => decideOne(session, request, may)));
      const missing = requests.filter((_, index) => found[index] === undefined);
      counts.local += requests.length - missing.length;
      if (missing.length === 0) return found as MayDecision[];
      counts.remote += missing.length;
      const answers = await remote.decide(session, missing, may);
      let next = 0;
      return found.map((decision) => decision ?? answers[next++]!);
    },
    async where(session, action, columns, firstParameter) {
      return printWhere(await buildPredicate(session, action), columns, firstParameter);
    },
    async ids(session, action, member, atMost = MOST_IDS) {
      return boundMember(await buildPredicate(session, action), member, atMost);
    },
  };
}

function buildRequest(session: ModuleSession, request: MayRequest, now: Date): DecisionRequest {
  const { resource, properties } = request;
  return {
    subject: session.sub,
    action: request.action,
    resource: { ...properties, type: resource.type, id: resource.id ?? NO_ID },
    environment: { now, ...(session.acr === undefined ? {} : { acr: session.acr }) },
  };
}

function describe({ allowed, basis, rule }: Decision, revision: number, policies: string): MayDecision {
  return Object.freeze({ allowed, basis, ...(rule === undefined ? {} : { rule }), revision, policies });
}
