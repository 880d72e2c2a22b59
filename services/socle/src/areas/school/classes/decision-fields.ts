import { dateField, textField, type Fragment } from '@socle/pages';
import type { School } from '@socle/directory';
import type { Visit } from '../../visit.ts';
import { calendarDay } from '../calendar-day.ts';
import { classStrings } from './strings.ts';

const DAY_MS = 86_400_000;
const USUAL_DAYS = 14;
const LONGEST_DAYS = 365;

/** Until when, and why: what every change over the feed is asked. */
export function decisionFields({ language, now }: Visit, { timeZone }: School): readonly Fragment[] {
  const words = classStrings[language];
  const day = (days: number) => calendarDay(new Date(now.getTime() + days * DAY_MS), timeZone);
  return [
    dateField({
      language,
      name: 'until',
      label: words.until,
      hint: words.untilHint,
      value: day(USUAL_DAYS),
      min: day(1),
      max: day(LONGEST_DAYS),
    }),
    textField({
      language,
      name: 'reason',
      label: words.reason,
      hint: words.reasonHint,
      maxLength: 300,
      autocomplete: 'off',
    }),
  ];
}
