import type { EnteredAuthority, Restriction } from '@socle/directory';
import type { FieldError } from '@socle/pages';
import type { Visit } from '../../visit.ts';
import { startOfDay } from '../calendar-day.ts';
import type { PupilAuthority } from './pupil-authority.ts';
import { authorityStrings } from './strings.ts';

export const EXERCISES = ['joint', 'sole', 'none', 'suspended', 'withdrawn'] as const;
export const RESTRICTIONS = [
  'no_contact',
  'no_pickup',
  'no_address',
  'no_information',
  'no_image',
] as const satisfies readonly Restriction[];
const REFERENCE = /^[A-Za-z0-9 _.:/-]{1,128}$/;

/** What the form says, or what is wrong with it by field. */
export function readDecision(
  visit: Visit,
  { pupil, family, school }: PupilAuthority,
  fields: Readonly<Record<string, string>>,
): { readonly decision: EnteredAuthority } | { readonly errors: readonly FieldError[] } {
  const words = authorityStrings[visit.language];
  const adult = family.find((member) => member.adult === fields['adult'])?.adult;
  const exercise = EXERCISES.find((each) => each === fields['exercise']);
  const from = startOfDay(fields['from'], school.timeZone);
  const until = startOfDay(fields['until'] || undefined, school.timeZone);
  const reference = (fields['reference'] ?? '').trim();
  const errors = [
    ...(adult === undefined ? [{ name: 'adult', message: words.adultMissing }] : []),
    ...(exercise === undefined ? [{ name: 'exercise', message: words.exerciseMissing }] : []),
    ...(from === undefined ? [{ name: 'from', message: words.fromMissing }] : []),
    ...((fields['until'] ?? '') !== '' && (until === undefined || (from && until <= from))
      ? [{ name: 'until', message: words.untilWrong }]
      : []),
    ...(REFERENCE.test(reference) ? [] : [{ name: 'reference', message: words.referenceMissing }]),
  ];
  if (errors.length > 0 || !adult || !exercise || !from) return { errors };
  const restrictions = visit.all('restrictions');
  return {
    decision: {
      child: pupil.id,
      adult,
      exercise,
      restrictions: RESTRICTIONS.filter((each) => restrictions.includes(each)),
      validFrom: from,
      ...(until ? { validTo: until } : {}),
      evidenceReference: reference,
    },
  };
}
