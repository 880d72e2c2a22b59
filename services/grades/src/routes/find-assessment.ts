import { ClientError, type DivisionMembers } from '@socle/client';
import { askAssessment, type AssessmentAction } from '../access/questions.ts';
import type { Assessment } from '../domain/assessment.ts';
import { Refusal } from '../errors.ts';
import { inSchoolsOf } from '../reading/grades.ts';
import { findAssessment } from '../store/assessment-store.ts';
import { readId, requireAllowed, type Exchange } from './exchange.ts';

/**
 * The assessment of the path, about which the socle allows `action`.
 *
 * @throws Refusal `not_found` when there is none in the reader's schools, `assessment_denied` when it is not theirs.
 */
export async function requireAssessment(
  exchange: Exchange,
  action: AssessmentAction,
  options: { readonly evenDeleted?: boolean } = {},
): Promise<Assessment> {
  const id = readId(exchange.request, 'id');
  const assessment = await inSchoolsOf(exchange.grades, exchange.reader, (tx) => findAssessment(tx, id));
  if (!assessment || (assessment.deletedAt && !options.evenDeleted)) throw new Refusal('not_found');
  await requireAllowed(exchange, askAssessment(action, assessment, assessment.id), 'assessment_denied');
  return assessment;
}

/** The pupils of a class or group. @throws Refusal `division_denied`, `not_found`; ClientError when the socle is down. */
export async function requireMembers(exchange: Exchange, division: string): Promise<DivisionMembers> {
  try {
    return await exchange.grades.client.directory.members(exchange.reader.session, division);
  } catch (error) {
    if (error instanceof ClientError && error.code === 'socle_refused') {
      if (error.status === 403) throw new Refusal('division_denied');
      if (error.status === 404) throw new Refusal('not_found');
    }
    throw error;
  }
}
