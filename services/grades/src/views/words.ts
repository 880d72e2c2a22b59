import { formatDate, formatDateTime, type DateStyle, type Language } from '@socle/pages';
import type { Assessment } from '../domain/assessment.ts';
import { formatFixed, formatHundredths } from '../domain/decimal.ts';
import type { Mark } from '../domain/mark.ts';
import { SCHOOL_TIME_ZONE } from '../reading/grades.ts';
import type { Strings } from '../strings/fr.ts';

interface Spoken {
  readonly language: Language;
  readonly strings: Strings;
}

/** A mark as people read it: "12,5 / 20", "Absent", "Pas de note". */
export function sayMark({ language, strings }: Spoken, mark: Mark | undefined, scale: number): string {
  if (mark === undefined) return strings.mark.none;
  if (mark.kind === 'status') return strings.statuses[mark.status];
  return `${formatHundredths(mark.hundredths, language)} / ${scale}`;
}

/** A mark without its scale, for a column that already says it. */
export function sayValue({ language, strings }: Spoken, mark: Mark | undefined): string {
  if (mark === undefined) return '–';
  return mark.kind === 'status' ? strings.statuses[mark.status] : formatHundredths(mark.hundredths, language);
}

/** An average with two decimals, or a dash. */
export function sayAverage({ language }: Spoken, hundredths: number | undefined): string {
  return hundredths === undefined ? '–' : formatFixed(hundredths, language);
}

/** A calendar day as people say it. */
export function sayDay({ language }: Spoken, day: string, style: DateStyle = 'day-month'): string {
  return formatDate(language, new Date(`${day}T12:00:00Z`), style, 'UTC');
}

/** An instant on the school's wall clock. */
export function sayInstant({ language }: Spoken, at: Date): string {
  return formatDateTime(language, at, SCHOOL_TIME_ZONE);
}

/** What an assessment is, in one line: "Contrôle · 12 oct. · coefficient 2". */
export function describeAssessment(spoken: Spoken, assessment: Assessment): string {
  const { strings, language } = spoken;
  return [
    strings.kinds[assessment.kind],
    sayDay(spoken, assessment.heldOn),
    strings.mark.coefficient(formatHundredths(assessment.coefficientHundredths, language)),
  ].join(' · ');
}
