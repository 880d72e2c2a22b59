import type { PersonId } from '@socle/base';
import { carryOut, type ActOptions } from './carry-out.ts';

/**
 * Cuts the mapping of a person to their pseudonym: their events point to nobody from now on, and every proof stays. A
 * process that knew the pseudonym may use it for five more minutes; after that the person gets another one if the log
 * has to name them again.
 *
 * @returns false when there was nothing to cut.
 * @throws AuditError `audit_event_not_sealed` when no sequencer runs.
 */
export async function forgetPerson(
  options: ActOptions & { readonly person: PersonId; readonly reason: string },
): Promise<boolean> {
  const { person, reason } = options;
  const { result } = await carryOut<boolean>(
    options,
    { action: 'audit.person.forgotten', target: { kind: 'person', id: person }, reason },
    'forget_person',
  );
  return result;
}
