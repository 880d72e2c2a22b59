import type { ControllerId, PersonId } from '@socle/base';
import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { WriteContext } from './grant-role.ts';

/**
 * Suspends a person: from the commit on, no decision is in their favour. Roles and links stay as they are.
 * `reason` is a short code (`stolen_password`), logged with `directory.person.suspended`.
 *
 * @throws DirectoryError `person_unknown`, or `person_status_unchanged` when they are not active.
 */
export async function suspendPerson(
  tx: Tx,
  person: PersonId,
  reason: string,
  context: WriteContext,
): Promise<void> {
  await changeStatus(tx, person, { from: 'active', to: 'suspended', reason }, context);
}

/**
 * Lifts a suspension and logs `directory.person.resumed`.
 *
 * @throws DirectoryError `person_unknown`, or `person_status_unchanged` when they are not suspended.
 */
export async function resumePerson(
  tx: Tx,
  person: PersonId,
  reason: string,
  context: WriteContext,
): Promise<void> {
  await changeStatus(tx, person, { from: 'suspended', to: 'active', reason }, context);
}

async function changeStatus(
  tx: Tx,
  person: PersonId,
  change: { readonly from: string; readonly to: 'active' | 'suspended'; readonly reason: string },
  context: WriteContext,
): Promise<void> {
  const [changed] = await tx.query<{ controller_id: ControllerId }>(
    `UPDATE directory.people SET status = $3, status_reason = CASE WHEN $3 = 'active' THEN NULL ELSE $4 END, updated_at = $5
     WHERE id = $1 AND status = $2 RETURNING controller_id`,
    [person, change.from, change.to, change.reason, context.at],
  );
  if (!changed) {
    const [known] = await tx.query('SELECT 1 FROM directory.people WHERE id = $1', [person]);
    if (!known) throw refuse('person_unknown', 404, 'This person is not known here.');
    throw refuse('person_status_unchanged', 409, `This person is not ${change.from}.`);
  }
  await context.audit.append(tx, {
    controller: changed.controller_id,
    actor: context.author,
    action: change.to === 'active' ? 'directory.person.resumed' : 'directory.person.suspended',
    target: { kind: 'person', id: person },
    outcome: 'success',
    reason: change.reason,
    detail: {},
  });
}
