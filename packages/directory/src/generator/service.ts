import type { Division, School, Teaching } from './model.ts';
import { LEVELS } from './programme.ts';

/** What one teacher does in the week. */
export interface Charge {
  readonly teaching: Teaching[];
  readonly headTeacherOf: { readonly school: string; readonly division: Division }[];
}

interface Unit {
  readonly entries: Teaching[];
  hours: number;
}

const WEEKLY_HOURS = 18;
const MOST_DIVISIONS = 6;
const MUSIC = '081300';

/** Subjects that the same person teaches: civics goes with history, a speciality with its subject. */
function disciplineOf(subject: string): string {
  if (subject === '043800') return '043700';
  if (subject === '020300') return '020700';
  return subject.endsWith('A0') ? `${subject.slice(0, 4)}00` : subject;
}

const groupHours = (subject: string) => (subject.endsWith('A0') ? 4 : 2.5);

function listUnits(school: School): Map<string, Unit[]> {
  const byDiscipline = new Map<string, Map<string, Unit>>();
  const add = (division: Division, kind: Teaching['kind'], subject: string, hours: number) => {
    const discipline = disciplineOf(subject);
    const units = byDiscipline.get(discipline) ?? new Map<string, Unit>();
    byDiscipline.set(discipline, units);
    const name = `${kind}$${division.code}`;
    const unit = units.get(name) ?? { entries: [], hours: 0 };
    units.set(name, unit);
    unit.entries.push({ school: school.key, division, kind, subject });
    unit.hours += hours;
  };
  for (const division of school.classes)
    for (const level of division.levels)
      for (const [subject, hours] of LEVELS[level]!.common) add(division, 'class', subject, hours);
  for (const group of school.groups) add(group, 'group', group.subject, groupHours(group.subject));
  return new Map([...byDiscipline].map(([discipline, units]) => [discipline, [...units.values()]]));
}

/** Cuts the units of one discipline into services of at most 18 hours and six classes or groups. */
function cutCharges(units: readonly Unit[]): Charge[] {
  const charges: Charge[] = [];
  let hours = Infinity;
  let divisions = 0;
  for (const unit of units) {
    if (hours + unit.hours > WEEKLY_HOURS || divisions >= MOST_DIVISIONS) {
      charges.push({ teaching: [], headTeacherOf: [] });
      hours = 0;
      divisions = 0;
    }
    charges.at(-1)!.teaching.push(...unit.entries);
    hours += unit.hours;
    divisions += 1;
  }
  return charges;
}

function alternate<T>(first: readonly T[], second: readonly T[]): T[] {
  return Array.from({ length: Math.max(first.length, second.length) }, (_, index) => [
    ...first.slice(index, index + 1),
    ...second.slice(index, index + 1),
  ]).flat();
}

/**
 * The services of a school's teachers. `partner` is the school whose music classes are taught from here, or
 * `served` when this school's are taught from another.
 */
export function chargeTeachers(school: School, partner: School | 'served' | undefined): Charge[] {
  const units = listUnits(school);
  if (partner === 'served') units.delete(MUSIC);
  else if (partner) units.set(MUSIC, alternate(units.get(MUSIC) ?? [], listUnits(partner).get(MUSIC) ?? []));
  const charges = [...units.values()].flatMap(cutCharges);
  for (const division of school.classes) {
    const able = charges.filter((charge) =>
      charge.teaching.some(
        (teaching) =>
          teaching.kind === 'class' &&
          teaching.school === school.key &&
          teaching.division.code === division.code,
      ),
    );
    const least = Math.min(...able.map((charge) => charge.headTeacherOf.length));
    able
      .find((charge) => charge.headTeacherOf.length === least)
      ?.headTeacherOf.push({ school: school.key, division });
  }
  return charges;
}
