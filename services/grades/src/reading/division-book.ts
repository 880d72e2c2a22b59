import type { DivisionMembers } from '@socle/client';
import { askAssessment, askMark } from '../access/questions.ts';
import { schoolYearStart, type Assessment } from '../domain/assessment.ts';
import { computeAverage, computeMean } from '../domain/average.ts';
import type { Mark } from '../domain/mark.ts';
import { computeFigures, type ClassFigures } from '../domain/statistics.ts';
import { loadAssessmentsOfDivision } from '../store/assessment-store.ts';
import { loadMarksOfMany, type StoredMark } from '../store/mark-store.ts';
import { dayOf, filterAllowed, inSchoolsOf, type Grades, type Reader } from './grades.ts';

/** One assessment of a book, with what the class did. */
export interface BookColumn {
  readonly assessment: Assessment;
  readonly entered: number;
  readonly figures: ClassFigures | undefined;
}

/** One pupil of a book: a mark for each column, and their average over 20. */
export interface BookLine {
  readonly pupil: string;
  readonly name: string;
  readonly marks: readonly (Mark | undefined)[];
  readonly average: number | undefined;
}

/** A teacher's mark book: one class, one subject. */
export interface Book {
  /** Oldest first. */
  readonly columns: readonly BookColumn[];
  readonly lines: readonly BookLine[];
  /** Mean of the pupils' averages. */
  readonly average: number | undefined;
}

/** Loads the mark book of one class in one subject, drafts included where the reader may read them. */
export async function loadBook(
  grades: Grades,
  reader: Reader,
  place: { readonly division: string; readonly subject: string },
  members: DivisionMembers,
): Promise<Book> {
  const { assessments, marks } = await loadDivision(grades, reader, place.division, place.subject);
  const readable = (
    await filterAllowed(grades, reader, assessments, (asked) =>
      askAssessment('grades.assessment.read', asked),
    )
  ).toReversed();
  const columns = readable.map((assessment) => {
    const entered = [...(marks.get(assessment.id)?.values() ?? [])].map((stored) => stored.mark);
    return {
      assessment,
      entered: entered.filter((mark) => mark !== undefined).length,
      figures: computeFigures(entered),
    };
  });
  const lines = members.pupils.map(({ sub, displayName }) => {
    const own = readable.map((assessment) => marks.get(assessment.id)?.get(sub)?.mark);
    return { pupil: sub, name: displayName, marks: own, average: averageOf(readable, own) };
  });
  return { columns, lines, average: computeMean(lines.map((line) => line.average)) };
}

/** A head teacher's view: each pupil's average in each subject. */
export interface ClassOverview {
  readonly subjects: readonly {
    readonly id: string;
    readonly name: string;
    readonly average: number | undefined;
  }[];
  readonly lines: readonly {
    readonly pupil: string;
    readonly name: string;
    /** In the order of `subjects`. */
    readonly averages: readonly (number | undefined)[];
    readonly general: number | undefined;
  }[];
  readonly general: number | undefined;
  /** How many marks the averages were made of. */
  readonly marks: number;
}

/** Loads the averages of a whole class from the published assessments whose marks the reader may read. */
export async function loadClassOverview(
  grades: Grades,
  reader: Reader,
  division: string,
  members: DivisionMembers,
): Promise<ClassOverview> {
  const { assessments, marks } = await loadDivision(grades, reader, division, undefined);
  const published = assessments.filter((assessment) => assessment.state === 'published');
  const readable = await filterAllowed(grades, reader, published, (place) =>
    askMark('grades.mark.read', place),
  );
  const bySubject = [...Map.groupBy(readable, ({ subject }) => subject)]
    .map(([id, list]) => ({ id, name: list[0]?.subjectName ?? '', list }))
    .sort((one, other) => one.name.localeCompare(other.name, 'fr'));
  const lines = members.pupils.map(({ sub, displayName }) => {
    const averages = bySubject.map(({ list }) =>
      averageOf(
        list,
        list.map((assessment) => marks.get(assessment.id)?.get(sub)?.mark),
      ),
    );
    return { pupil: sub, name: displayName, averages, general: computeMean(averages) };
  });
  return {
    subjects: bySubject.map(({ id, name }, index) => ({
      id,
      name,
      average: computeMean(lines.map((line) => line.averages[index])),
    })),
    lines,
    general: computeMean(lines.map((line) => line.general)),
    marks: readable.reduce((sum, assessment) => sum + (marks.get(assessment.id)?.size ?? 0), 0),
  };
}

async function loadDivision(
  grades: Grades,
  reader: Reader,
  division: string,
  subject: string | undefined,
): Promise<{ assessments: Assessment[]; marks: Map<string, Map<string, StoredMark>> }> {
  const since = schoolYearStart(dayOf(grades.now()));
  return inSchoolsOf(grades, reader, async (tx) => {
    const assessments = await loadAssessmentsOfDivision(tx, division, {
      since,
      ...(subject === undefined ? {} : { subject }),
    });
    return {
      assessments,
      marks: await loadMarksOfMany(
        tx,
        assessments.map(({ id }) => id),
      ),
    };
  });
}

function averageOf(
  assessments: readonly Assessment[],
  marks: readonly (Mark | undefined)[],
): number | undefined {
  return computeAverage(
    assessments.map(({ scale, coefficientHundredths }, index) => ({
      mark: marks[index],
      scale,
      coefficientHundredths,
    })),
  );
}
