/** Why there is no value: the pupil was not there, was excused, or the work is not to be graded. */
export const markStatuses = ['absent', 'exempt', 'not_graded'] as const;
export type MarkStatus = (typeof markStatuses)[number];

/** What a pupil got for one assessment. `undefined` in place of a mark means that nothing was entered. */
export type Mark =
  | { readonly kind: 'value'; readonly hundredths: number }
  | { readonly kind: 'status'; readonly status: MarkStatus };

/** Why a published mark was changed. A closed list: a free sentence about a pupil has no place in a log. */
export const correctionReasons = [
  'typing_error',
  'recount',
  'second_reading',
  'late_work',
  'retake',
  'absence_settled',
] as const;
export type CorrectionReason = (typeof correctionReasons)[number];

/** True when both say the same thing, or neither says anything. */
export function isSameMark(one: Mark | undefined, other: Mark | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (one.kind === 'value') return other.kind === 'value' && one.hundredths === other.hundredths;
  return other.kind === 'status' && one.status === other.status;
}

/** True for a known correction reason. */
export function isCorrectionReason(value: unknown): value is CorrectionReason {
  return correctionReasons.some((reason) => reason === value);
}
