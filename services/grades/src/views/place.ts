import type { Assessment } from '../domain/assessment.ts';
import type { Wording } from './view.ts';

/** The way back from an assessment to its class and subject. */
export function placeOf(
  { strings }: Wording,
  { division, divisionName, subject, subjectName }: Assessment,
): { readonly href: string; readonly label: string } {
  return {
    href: `/classes/${division}?subject=${encodeURIComponent(subject)}`,
    label: strings.back.classes(`${divisionName} · ${subjectName}`),
  };
}
