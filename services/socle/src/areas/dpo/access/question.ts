import { isUuid } from '@socle/base';
import type { Visit } from '../../visit.ts';

/** Why the log is read: a closed list, so that a purpose can be counted and holds no name. */
export const PURPOSES = ['check', 'request', 'incident', 'authority'] as const;
type Purpose = (typeof PURPOSES)[number];

/** What the address of a page of the log asks. */
export interface Question {
  /** Undefined until it was chosen: nothing is read then. */
  readonly purpose?: Purpose;
  /** Number of a request or an incident. */
  readonly reference: string;
  /** Days, the last one included. */
  readonly from: string;
  readonly to: string;
  readonly module?: string;
  readonly action?: string;
  readonly person?: string;
  /** With `person`: what was done with their data, or what they did. */
  readonly as: 'subject' | 'actor';
  readonly after?: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const REFERENCE = /^[\p{L}\p{N} ./-]{0,40}$/u;
const NAME = /^[a-z][a-z0-9_.-]{0,80}$/;
const DEFAULT_DAYS = 30;
const DAY_MS = 86_400_000;
/** The zone that the log counts its days in. */
const ZONE = 'Europe/Paris';

/** Reads the address; what does not have its form counts as not given. */
export function readQuestion(visit: Pick<Visit, 'query' | 'now'>): Question {
  const text = (name: string, form: RegExp): string | undefined => {
    const value = visit.query(name);
    return value !== undefined && form.test(value) ? value : undefined;
  };
  const today = dayOf(visit.now);
  const before = dayOf(new Date(visit.now.getTime() - DEFAULT_DAYS * DAY_MS));
  const purpose = PURPOSES.find((name) => name === visit.query('purpose'));
  const [module, action] = [text('module', NAME), text('action', NAME)];
  const [person, after] = [visit.query('person'), visit.query('after')];
  return {
    ...(purpose === undefined ? {} : { purpose }),
    reference: text('reference', REFERENCE) ?? '',
    from: text('period-from', DAY) ?? before,
    to: text('period-to', DAY) ?? today,
    ...(module === undefined ? {} : { module }),
    ...(action === undefined ? {} : { action }),
    ...(isUuid(person) ? { person } : {}),
    as: visit.query('as') === 'actor' ? 'actor' : 'subject',
    ...(isUuid(after) ? { after } : {}),
  };
}

/** The instants of the question's period, from the first day's midnight to the one after the last day. */
export function periodOf({ from, to }: Question): { readonly from: Date; readonly to: Date } {
  const start = midnightOf(from);
  const end = midnightOf(dayOf(new Date(midnightOf(to).getTime() + 1.5 * DAY_MS)));
  return end > start ? { from: start, to: end } : { from: start, to: new Date(start.getTime() + DAY_MS) };
}

/** The calendar day of an instant where the schools stand. */
function dayOf(at: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE }).format(at);
}

/** The first instant of a day there. Summer time never begins or ends at midnight. */
function midnightOf(day: string): Date {
  const winter = new Date(`${day}T00:00:00+01:00`);
  const instant = Number.isNaN(winter.getTime()) ? new Date(0) : winter;
  return dayOf(new Date(instant.getTime() - 3_600_000)) === dayOf(instant)
    ? new Date(instant.getTime() - 3_600_000)
    : instant;
}

/** The address of a page of the log that asks `question`, changed as given. */
export function addressOf(path: string, question: Question, change: Partial<Question> = {}): string {
  const asked = { ...question, ...change };
  const query = new URLSearchParams();
  const members = {
    purpose: asked.purpose,
    reference: asked.reference || undefined,
    'period-from': asked.from,
    'period-to': asked.to,
    module: asked.module,
    action: asked.action,
    person: asked.person,
    as: asked.person === undefined ? undefined : asked.as,
    after: asked.after,
  };
  for (const [name, value] of Object.entries(members)) if (value !== undefined) query.set(name, value);
  return `${path}?${query.toString()}`;
}
