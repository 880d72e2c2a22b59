import { askMark } from '../access/questions.ts';
import { schoolYearStart, type Assessment } from '../domain/assessment.ts';
import { computeAverage, computeMean, scaleToTwenty } from '../domain/average.ts';
import type { Mark } from '../domain/mark.ts';
import { computeFigures, discloseFigures, type ClassFigures } from '../domain/statistics.ts';
import { findTrend, type Trend } from '../domain/trend.ts';
import { loadMarksOfMany, loadPublishedMarksOfPupil } from '../store/mark-store.ts';
import { dayOf, filterAllowed, inSchoolsOf, type Grades, type Reader } from './grades.ts';

/** One published mark, with what the class did when enough pupils have a mark. */
export interface PublishedMark {
  readonly assessment: Assessment;
  readonly mark: Mark;
  readonly figures: ClassFigures | undefined;
  readonly corrected: boolean;
}

/** One subject of a pupil. */
export interface SubjectMarks {
  readonly subject: string;
  readonly name: string;
  /** Over 20, in hundredths. */
  readonly average: number | undefined;
  readonly trend: Trend | undefined;
  /** Oldest first. */
  readonly marks: readonly PublishedMark[];
}

/** All that one reader may see of one pupil's marks this school year. */
export interface PupilMarks {
  readonly pupil: string;
  /** Mean of the subjects' averages, over 20, in hundredths. */
  readonly average: number | undefined;
  readonly subjects: readonly SubjectMarks[];
  /** How many marks are shown. */
  readonly total: number;
}

/** Loads a pupil's published marks; each is shown only when the socle lets this reader read it. */
export async function loadPupilMarks(grades: Grades, reader: Reader, pupil: string): Promise<PupilMarks> {
  const since = schoolYearStart(dayOf(grades.now()));
  const { rows, classes } = await inSchoolsOf(grades, reader, async (tx) => {
    const found = (await loadPublishedMarksOfPupil(tx, pupil, since)).filter(({ stored }) => stored.mark);
    return {
      rows: found,
      classes: await loadMarksOfMany(
        tx,
        found.map(({ assessment }) => assessment.id),
      ),
    };
  });
  const allowed = await filterAllowed(grades, reader, rows, ({ assessment }) =>
    askMark('grades.mark.read', assessment, { pupil }),
  );
  const bySubject = Map.groupBy(allowed, ({ assessment }) => assessment.subject);
  const subjects = [...bySubject].map(([subject, found]) => {
    const marks = found.flatMap(({ assessment, stored }): PublishedMark[] => {
      if (!stored.mark) return [];
      const whole = [...(classes.get(assessment.id)?.values() ?? [])].map((other) => other.mark);
      return [
        {
          assessment,
          mark: stored.mark,
          figures: discloseFigures(computeFigures(whole)),
          corrected: assessment.publishedAt !== undefined && stored.writtenAt > assessment.publishedAt,
        },
      ];
    });
    return { subject, ...summariseSubject(marks) };
  });
  subjects.sort((one, other) => one.name.localeCompare(other.name, 'fr'));
  return {
    pupil,
    average: computeMean(subjects.map((subject) => subject.average)),
    subjects,
    total: allowed.length,
  };
}

function summariseSubject(marks: readonly PublishedMark[]): Omit<SubjectMarks, 'subject'> {
  const weighted = marks.map(({ assessment, mark }) => ({ ...assessment, mark }));
  return {
    name: marks.at(-1)?.assessment.subjectName ?? '',
    average: computeAverage(weighted),
    trend: findTrend(weighted.flatMap(({ mark, scale }) => scaleToTwenty(mark, scale) ?? [])),
    marks,
  };
}
