import type { Division } from '@socle/client';
import { askAssessment } from '../access/questions.ts';
import { listHeadSchools } from '../access/person.ts';
import { schoolYearStart, type Assessment } from '../domain/assessment.ts';
import { loadAssessmentsOfDivisions } from '../store/assessment-store.ts';
import { dayOf, filterAllowed, inSchoolsOf, type Grades, type Reader } from './grades.ts';

/** A class or group of the school, and what was published in it this year. */
export interface DivisionSummary {
  readonly division: Division;
  readonly published: number;
  readonly latest?: Assessment;
}

/** One school of a head, its classes before its groups. */
export interface HeadSchool {
  readonly id: string;
  readonly name: string;
  readonly divisions: readonly DivisionSummary[];
}

/** Loads the classes of the schools that the reader heads; what is not published is left out. */
export async function loadHeadHome(grades: Grades, reader: Reader): Promise<readonly HeadSchool[]> {
  const schools = listHeadSchools(reader.person);
  const lists = await Promise.all(
    schools.map(({ id }) => grades.client.directory.divisions(reader.session, id)),
  );
  const ids = lists.flat().map(({ id }) => id);
  const since = schoolYearStart(dayOf(grades.now()));
  const found = await inSchoolsOf(grades, reader, (tx) => loadAssessmentsOfDivisions(tx, ids, since));
  const readable = await filterAllowed(
    grades,
    reader,
    found.filter(({ state }) => state === 'published'),
    (place) => askAssessment('grades.assessment.read', place),
  );
  const byDivision = Map.groupBy(readable, ({ division }) => division);
  return schools.map(({ id, name }, index) => ({
    id,
    name,
    divisions: (lists[index] ?? []).toSorted(classesFirst).map((division) => {
      const here = byDivision.get(division.id) ?? [];
      return { division, published: here.length, ...(here[0] ? { latest: here[0] } : {}) };
    }),
  }));
}

function classesFirst(one: Division, other: Division): number {
  const isClass = ({ kind }: Division): number => (kind === 'class' ? 0 : 1);
  return isClass(one) - isClass(other) || one.name.localeCompare(other.name, 'fr', { numeric: true });
}
