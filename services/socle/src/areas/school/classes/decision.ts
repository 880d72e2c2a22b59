import type { LocalDecision, School } from '@socle/directory';
import type { Visit } from '../../visit.ts';
import { startOfDay } from '../calendar-day.ts';
import { classStrings } from './strings.ts';

const LONGEST_REASON = 300;

/** Until when, from when and why, as a form says; or what is missing, in words. */
export function readLocalDecision(
  visit: Visit,
  { timeZone }: School,
  fields: Readonly<Record<string, string>>,
): LocalDecision | { readonly problem: string } {
  const words = classStrings[visit.language];
  const reason = (fields['reason'] ?? '').trim().slice(0, LONGEST_REASON);
  const until = startOfDay(fields['until'], timeZone);
  const from = startOfDay(fields['from'] || undefined, timeZone);
  if (until === undefined || until <= visit.now) return { problem: words.untilMissing };
  if (reason === '') return { problem: words.reasonMissing };
  return { until, reason, ...(from && from > visit.now ? { from } : {}) };
}
