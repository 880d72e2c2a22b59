import type { PersonFacts } from '@socle/authorization';
import type { Clock } from '@socle/base';
import { z } from 'zod';
import { invalidAnswer, refusedBySocle } from '../socle/http.ts';
import type { SocleCalls } from '../socle/module-token.ts';

/** The facts of people who are at work in this module. */
export interface FactsHolder {
  /** What is held of a person and still holds at `at`; undefined when it must be fetched. Costs a look-up. */
  find(sub: string, at: Date): HeldFacts | undefined;
  /** Fetches a person's facts; who asks meanwhile shares the answer. @throws ClientError */
  fetch(sub: string): Promise<HeldFacts>;
  /** Forgets people: their facts changed. */
  drop(people: readonly string[] | 'everybody', revision: number): void;
  readonly size: number;
}

/** Facts of one person, as the socle gave them. */
export interface HeldFacts {
  readonly facts: PersonFacts;
  /** The module that they were picked for: the owner of the objects on which they settle a decision. */
  readonly module: string;
  /** The number of the bundle whose rules they were picked for. */
  readonly policies: number;
  /** From when they must be read again although nobody changed them. */
  readonly until: number;
}

/** Held facts are read again after this, whatever happens. */
const MAX_AGE_MS = 3_600_000;
/** People held at most; beyond, who came first is forgotten. */
const MAX_PEOPLE = 20_000;

const id = z.string().min(1).max(200);
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const window = { from: instant.optional(), to: instant.optional() };
const division = z.object({ school: id, division: id, subject: id.optional(), ...window });
const answerSchema = z.object({
  sub: id,
  module: id,
  policies: z.number().int(),
  revision: z.number().int(),
  validUntil: instant.optional(),
  facts: z.object({
    suspended: z.boolean(),
    birthDate: z.iso.date().optional(),
    roles: z.array(
      z.object({ role: id, scope: z.enum(['school', 'academy', 'region']), domain: id, ...window }),
    ),
    teaches: z.array(division),
    headTeacherOf: z.array(division),
    memberOf: z.array(division),
    children: z.array(
      z.object({
        child: id,
        kind: z.enum(['legal', 'in_charge', 'contact']),
        exercise: z.enum(['joint', 'sole', 'none', 'suspended', 'withdrawn']),
        schools: z.array(id),
        divisions: z.array(id),
        ...window,
      }),
    ),
    schools: z.array(z.object({ id, academy: id, region: id, controller: id })),
  }),
});

export function openFactsHolder(options: {
  readonly issuer: string;
  readonly calls: SocleCalls;
  readonly clock: Clock;
}): FactsHolder {
  const { calls, clock } = options;
  const base = options.issuer.replace(/\/$/, '');
  const held = new Map<string, HeldFacts>();
  const pending = new Map<string, Promise<HeldFacts>>();
  /** The revision up to which changes were heard of: older answers may miss one. */
  let heardOf = 0;

  async function read(sub: string): Promise<HeldFacts> {
    const url = new URL(`${base}/modules/v1/facts/${encodeURIComponent(sub)}`);
    const askedAt = clock.now().getTime();
    const answer = await calls.request({ method: 'GET', url });
    if (answer.status !== 200) throw refusedBySocle(answer);
    const parsed = answerSchema.safeParse(answer.body);
    if (!parsed.success || parsed.data.sub !== sub) throw invalidAnswer('facts');
    const { facts, module, policies, revision, validUntil } = parsed.data;
    const { schools, ...others } = facts;
    return {
      module,
      policies,
      until: Math.min(validUntil?.getTime() ?? Infinity, askedAt + MAX_AGE_MS),
      facts: {
        ...(others as Omit<PersonFacts, 'person' | 'revision' | 'schools'>),
        person: sub,
        revision,
        schools: new Map(schools.map(({ id: school, ...place }) => [school, place])),
      },
    };
  }

  return {
    find(sub, at) {
      const known = held.get(sub);
      return known !== undefined && at.getTime() < known.until ? known : undefined;
    },
    fetch(sub) {
      const known = pending.get(sub);
      if (known !== undefined) return known;
      const reading = read(sub).then((found) => {
        // An answer that was on its way while a change came is used for nothing but to be asked again.
        if (found.facts.revision < heardOf) return read(sub);
        return found;
      });
      const kept = reading
        .then((found) => {
          if (found.facts.revision < heardOf) throw invalidAnswer('facts_too_old');
          held.delete(sub);
          held.set(sub, found);
          if (held.size > MAX_PEOPLE) held.delete(held.keys().next().value!);
          return found;
        })
        .finally(() => pending.delete(sub));
      pending.set(sub, kept);
      return kept;
    },
    drop(people, revision) {
      heardOf = Math.max(people === 'everybody' ? 0 : heardOf, revision);
      if (people === 'everybody') held.clear();
      else for (const sub of people) held.delete(sub);
    },
    get size() {
      return held.size;
    },
  };
}
