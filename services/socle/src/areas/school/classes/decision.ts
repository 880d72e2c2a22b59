import type { LocalDecision, School } from '@socle/directory';
import { dateField, textField, type FieldError, type Fragment } from '@socle/pages';
import type { Visit } from '../../visit.ts';
import { calendarDay, startOfDay } from '../calendar-day.ts';
import { classStrings } from './strings.ts';

const DAY_MS = 86_400_000;
const USUAL_DAYS = 14;
const LONGEST_DAYS = 365;
const LONGEST_REASON = 300;

/** What was typed in a form, and what is wrong with it. */
export interface Typed {
  readonly errors: readonly FieldError[];
  readonly fields: Readonly<Record<string, string>>;
}

/** A form that nobody filled in yet. */
export const UNTYPED: Typed = { errors: [], fields: {} };

/** What is wrong with one field, as the kit's fields take it. */
export function errorOf({ errors }: Typed, name: string): { readonly error?: string } {
  const found = errors.find((each) => each.name === name);
  return found === undefined ? {} : { error: found.message };
}

/** What was typed in one field, as the kit's fields take it. */
export function valueOf({ fields }: Typed, name: string): { readonly value?: string } {
  return fields[name] === undefined ? {} : { value: fields[name] };
}

/** From when (where that can be chosen), until when, and why: what every change over the feed is asked. */
export function decisionFields(
  { language, now }: Visit,
  { timeZone }: School,
  typed: Typed,
  options: { readonly asksFrom?: boolean } = {},
): readonly Fragment[] {
  const words = classStrings[language];
  const day = (days: number) => calendarDay(new Date(now.getTime() + days * DAY_MS), timeZone);
  return [
    ...(options.asksFrom
      ? [
          dateField({
            language,
            name: 'from',
            label: words.from,
            value: typed.fields['from'] ?? day(0),
            min: day(0),
            max: day(LONGEST_DAYS),
            ...errorOf(typed, 'from'),
          }),
        ]
      : []),
    dateField({
      language,
      name: 'until',
      label: words.until,
      hint: words.untilHint,
      value: typed.fields['until'] ?? day(USUAL_DAYS),
      min: day(0),
      max: day(LONGEST_DAYS),
      ...errorOf(typed, 'until'),
    }),
    textField({
      language,
      name: 'reason',
      label: words.reason,
      hint: words.reasonHint,
      maxLength: LONGEST_REASON,
      autocomplete: 'off',
      ...valueOf(typed, 'reason'),
      ...errorOf(typed, 'reason'),
    }),
  ];
}

/** Reads the fields of decisionFields; or says what is wrong, field by field. */
export function readLocalDecision(
  visit: Visit,
  { timeZone }: School,
  fields: Readonly<Record<string, string>>,
): { readonly decision?: LocalDecision; readonly errors: readonly FieldError[] } {
  const words = classStrings[visit.language];
  const reason = (fields['reason'] ?? '').trim().slice(0, LONGEST_REASON);
  const from = startOfDay(fields['from'] || undefined, timeZone);
  const until = startOfDay(dayAfter(fields['until']), timeZone);
  const start = from && from > visit.now ? from : visit.now;
  const errors = [
    ...((fields['from'] ?? '') !== '' && from === undefined
      ? [{ name: 'from', message: words.fromWrong }]
      : []),
    ...(until === undefined || until <= start ? [{ name: 'until', message: words.untilMissing }] : []),
    ...(until && until.getTime() - start.getTime() > (LONGEST_DAYS + 1) * DAY_MS
      ? [{ name: 'until', message: words.untilFar }]
      : []),
    ...(reason === '' ? [{ name: 'reason', message: words.reasonMissing }] : []),
  ];
  if (errors.length > 0 || !until) return { errors };
  return { errors, decision: { until, reason, ...(from && from > visit.now ? { from } : {}) } };
}

/** The calendar day after one: what ends on a day holds until midnight. Undefined for what is no day. */
function dayAfter(day: string | undefined): string | undefined {
  const start = startOfDay(day, 'UTC');
  return start && new Date(start.getTime() + DAY_MS).toISOString().slice(0, 10);
}
