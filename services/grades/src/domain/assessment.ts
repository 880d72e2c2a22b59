/** What marks are out of. */
export const scales = [20, 10, 5, 100] as const;
export type Scale = (typeof scales)[number];

/** What sort of work is graded. */
export const assessmentKinds = ['test', 'homework', 'oral', 'practical', 'project', 'participation'] as const;
export type AssessmentKind = (typeof assessmentKinds)[number];

/** A draft is seen by its teacher alone; once published it stays so. */
export type AssessmentState = 'draft' | 'published';

/** What a teacher fills in. */
export interface AssessmentDetails {
  /** 1 to 120 characters, about the work and never about a pupil. */
  readonly title: string;
  /** The day of the work, `YYYY-MM-DD`. */
  readonly heldOn: string;
  readonly scale: Scale;
  /** Weight in the average, in hundredths (100 = 1); 0 does not count. */
  readonly coefficientHundredths: number;
  readonly kind: AssessmentKind;
}

/** Where an assessment belongs; names are copied at creation, so that a page needs no directory to be read. */
export interface AssessmentPlace {
  readonly school: string;
  readonly division: string;
  readonly divisionName: string;
  readonly subject: string;
  readonly subjectName: string;
}

/** One graded work of one class or group in one subject. */
export interface Assessment extends AssessmentDetails, AssessmentPlace {
  readonly id: string;
  readonly state: AssessmentState;
  /** Subject identifier of the teacher who made it. */
  readonly owner: string;
  /** Grows with each change of the details or of a mark: what a page showed is what its act is about. */
  readonly revision: number;
  readonly createdAt: Date;
  readonly publishedAt?: Date;
  readonly deletedAt?: Date;
}

/** First day of the school year that holds `day` (both `YYYY-MM-DD`): the first of August. */
export function schoolYearStart(day: string): string {
  const year = Number(day.slice(0, 4));
  return `${day.slice(5) >= '08-01' ? year : year - 1}-08-01`;
}
