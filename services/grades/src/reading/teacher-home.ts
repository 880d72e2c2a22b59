import { askAssessment } from '../access/questions.ts';
import { listTeachingPlaces, placeKey, type TeachingPlace } from '../access/person.ts';
import { schoolYearStart, type Assessment } from '../domain/assessment.ts';
import { loadAssessmentsOfDivisions } from '../store/assessment-store.ts';
import { countMarks } from '../store/mark-store.ts';
import { dayOf, filterAllowed, inSchoolsOf, type Grades, type Reader } from './grades.ts';

/** A class and subject with what was done in it this year. */
export interface PlaceSummary extends TeachingPlace {
  readonly total: number;
  readonly latest?: Assessment;
}

/** A draft that waits for its marks or its publication. */
export interface DraftSummary {
  readonly assessment: Assessment;
  readonly entered: number;
}

/** What a teacher sees first. */
export interface TeacherHome {
  readonly drafts: readonly DraftSummary[];
  readonly places: readonly PlaceSummary[];
}

/** Loads the classes a teacher has, and the drafts in them that the teacher made. */
export async function loadTeacherHome(grades: Grades, reader: Reader): Promise<TeacherHome> {
  const places = listTeachingPlaces(reader.person);
  const mine = new Set(places.map(({ division, subject }) => placeKey(division.id, subject.id)));
  const since = schoolYearStart(dayOf(grades.now()));
  const { assessments, counts } = await inSchoolsOf(grades, reader, async (tx) => {
    const divisions = [...new Set(places.map(({ division }) => division.id))];
    const found = (await loadAssessmentsOfDivisions(tx, divisions, since)).filter((assessment) =>
      mine.has(placeKey(assessment.division, assessment.subject)),
    );
    const drafts = found.filter((assessment) => assessment.state === 'draft').map(({ id }) => id);
    return { assessments: found, counts: await countMarks(tx, drafts) };
  });
  const readable = await filterAllowed(grades, reader, assessments, (place) =>
    askAssessment('grades.assessment.read', place),
  );
  return {
    drafts: readable
      .filter((assessment) => assessment.state === 'draft' && assessment.owner === reader.session.sub)
      .map((assessment) => ({ assessment, entered: counts.get(assessment.id) ?? 0 })),
    places: places.map((place) => {
      const here = readable.filter(
        ({ division, subject }) => division === place.division.id && subject === place.subject.id,
      );
      const [latest] = here;
      return { ...place, total: here.length, ...(latest ? { latest } : {}) };
    }),
  };
}
