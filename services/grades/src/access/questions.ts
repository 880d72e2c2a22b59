import type { MayRequest, ResourceProperties } from '@socle/client';
import type { Assessment, AssessmentPlace } from '../domain/assessment.ts';

/** Acts on assessments that the socle decides. */
export type AssessmentAction =
  | 'grades.assessment.create'
  | 'grades.assessment.read'
  | 'grades.assessment.publish'
  | 'grades.assessment.delete';

/** Acts on marks that the socle decides. */
export type MarkAction = 'grades.mark.read' | 'grades.mark.write';

/** What a question needs to know of an assessment. */
export type QuestionPlace = Pick<AssessmentPlace, 'school' | 'division' | 'subject'> &
  Pick<Assessment, 'owner' | 'state'>;

/** May they do this with the assessment? Left without its id, one question serves all of one class and teacher. */
export function askAssessment(action: AssessmentAction, place: QuestionPlace, id?: string): MayRequest {
  return {
    action,
    resource: { type: 'grades.assessment', ...(id === undefined ? {} : { id }) },
    properties: describePlace(place),
  };
}

/** May they do this with a pupil's mark, or (without a pupil) with the page of marks of the class? */
export function askMark(
  action: MarkAction,
  place: QuestionPlace,
  about: { readonly pupil?: string; readonly id?: string } = {},
): MayRequest {
  return {
    action,
    resource: { type: 'grades.mark', ...(about.id === undefined ? {} : { id: about.id }) },
    properties: { ...describePlace(place), ...(about.pupil === undefined ? {} : { pupil: about.pupil }) },
  };
}

// Periods are not closed in this first form; the rules ask the module to say so.
function describePlace(place: QuestionPlace): ResourceProperties {
  return {
    school: place.school,
    division: place.division,
    subject: place.subject,
    owner: place.owner,
    published: place.state === 'published',
    closed: false,
  };
}
