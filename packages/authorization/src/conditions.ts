import { invariant } from '@socle/base';
import type { Environment, Resource } from './facts.ts';
import type { Subject } from './subject.ts';

/** Whether a circumstance holds. Synchronous, without effect; what is unknown holds nothing. */
export type Condition = (subject: Subject, resource: Resource, environment: Environment) => boolean;

/** The conditions of the vocabulary. Each is what its sentence in vocabulary.yaml says, and no more. */
export const conditions: ReadonlyMap<string, Condition> = new Map<string, Condition>([
  ['always', () => true],
  ['published', (_subject, resource) => resource.published === true],
  ['not_closed', (_subject, resource) => resource.closed === false],
  ['suspended', (subject) => subject.facts.suspended],
  ['adult', (subject) => isAdult(subject)],
  ['acr_factor', (_subject, _resource, environment) => FACTORS.has(environment.acr ?? '')],
]);

const FACTORS: ReadonlySet<string> = new Set(['factor', 'passkey']);
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const ADULT_YEARS = 18;

/** Majority is reached on the eighteenth birthday (code civil, art. 414), by the calendar of UTC. */
function isAdult(subject: Subject): boolean {
  const { birthDate } = subject.facts;
  if (birthDate === undefined) return false;
  const parts = DAY.exec(birthDate);
  invariant(parts !== null, 'a birth date is not a calendar day');
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  // Someone born on 29 February comes of age on 1 March of a common year: Date.UTC rolls over by itself.
  return subject.at >= Date.UTC(year + ADULT_YEARS, month - 1, day);
}
