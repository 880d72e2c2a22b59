import type { AuditAppender } from '@socle/audit';
import type { Clock, PersonId, SchoolId } from '@socle/base';
import { advisoryLockKey, type Database, type Tx } from '@socle/db';
import { endRole, grantRole, loadHeldRoles, loadSchools, type HeldRole, type RoleId } from '@socle/directory';
import { ServiceError } from '../errors.ts';

/** How long an emergency access may be asked for, in minutes; the database takes none above an hour. */
export const EMERGENCY_MINUTES = [15, 30, 60] as const;

/** How often one person may open it in any 24 hours, over all schools. */
export const EMERGENCY_DAILY = 3;

const REASON_LEAST = 10;
const REASON_MOST = 500;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const ROLE = 'break_glass';

/** An emergency access: a person, a school, a reason, an end. */
export type EmergencyAccess = HeldRole & { readonly to: Date };

/** Emergency access (break-glass): opened by its own holder, with a reason, for an hour at most. */
export interface Emergency {
  /**
   * Opens it for the person who asks. That the rules allow it, and how they proved who they are, the caller has decided.
   * Of requests that race, no more succeed than a day allows.
   *
   * @throws ServiceError `emergency_refused` (422) for a reason or length out of bounds, `emergency_limit` (429), which
   *   is logged; DirectoryError `role_already_held` when this person has one open in that school, `school_unknown`.
   */
  open(request: {
    readonly person: PersonId;
    readonly session: string;
    readonly school: SchoolId;
    readonly reason: string;
    readonly minutes: number;
  }): Promise<EmergencyAccess>;
  /**
   * Ends one now. That `by` may close it, the caller has decided.
   *
   * @throws DirectoryError `role_not_held` when it is over already; ServiceError `not_found` (404).
   */
  close(id: RoleId, by: { readonly person: PersonId; readonly session: string }): Promise<void>;
  /** Those that are open now, newest first. */
  listOpen(): Promise<readonly EmergencyAccess[]>;
  /** Those of one person in the last 24 hours, newest first: open or over. */
  listOfDay(person: PersonId): Promise<readonly EmergencyAccess[]>;
  /** One that is open now. */
  find(id: RoleId): Promise<EmergencyAccess | undefined>;
}

/** Binds the directory, the log and the clock. */
export function openEmergency(options: {
  readonly database: Database;
  readonly audit: AuditAppender & { record(event: Parameters<AuditAppender['append']>[1]): Promise<unknown> };
  readonly clock: Clock;
}): Emergency {
  const { database, audit, clock } = options;
  const inAll = <T>(work: (tx: Tx) => Promise<T>, readOnly = false) =>
    database.transaction(work, { scope: 'all', readOnly });

  const ofDay = (tx: Tx, person: PersonId, at: Date) =>
    loadHeldRoles(tx, { role: ROLE, person, since: new Date(at.getTime() - DAY_MS) });

  return {
    async open({ person, session, school, reason, minutes }) {
      const text = reason.trim();
      const isWhole = text.length >= REASON_LEAST && text.length <= REASON_MOST;
      if (!isWhole || !EMERGENCY_MINUTES.some((allowed) => allowed === minutes)) {
        throw new ServiceError('emergency_refused', {
          status: 422,
          publicMessage: `Write why, in ${REASON_LEAST} to ${REASON_MOST} characters, and choose a length.`,
        });
      }
      const at = clock.now();
      const to = new Date(at.getTime() + minutes * MINUTE_MS);
      const author = { kind: 'person', id: person } as const;
      const opened = await inAll(async (tx) => {
        // one at a time for each person: requests that race are counted one after the other
        await tx.query('SELECT pg_advisory_xact_lock($1)', [advisoryLockKey(`socle.emergency.${person}`)]);
        const before = (await ofDay(tx, person, at)).length;
        if (before >= EMERGENCY_DAILY) return undefined;
        const id = await grantRole(
          tx,
          { person, role: ROLE, domain: { school }, from: at, to, reason: text },
          { audit, author, at },
        );
        const [access] = await loadHeldRoles(tx, { role: ROLE, id });
        await audit.append(tx, {
          controller: access!.controller,
          actor: author,
          action: 'service.emergency.opened',
          target: { kind: 'person', id: person },
          outcome: 'success',
          session,
          detail: { school, until: to.toISOString(), today: before + 1 },
        });
        return access as EmergencyAccess;
      });
      if (opened) return opened;
      const [place] = await inAll((tx) => loadSchools(tx, { ids: [school] }), true);
      await audit.record({
        controller: place?.controller ?? 'platform',
        actor: author,
        action: 'service.emergency.refused',
        outcome: 'denied',
        session,
        detail: { school, code: 'emergency_limit' },
      });
      throw new ServiceError('emergency_limit', {
        status: 429,
        publicMessage: `One person opens emergency access ${EMERGENCY_DAILY} times a day at most.`,
      });
    },

    async close(id, { person, session }) {
      const at = clock.now();
      const author = { kind: 'person', id: person } as const;
      await inAll(async (tx) => {
        const [access] = await loadHeldRoles(tx, { role: ROLE, id });
        if (!access)
          throw new ServiceError('not_found', {
            status: 404,
            publicMessage: 'There is no such emergency access.',
          });
        await endRole(tx, id, { audit, author, at });
        await audit.append(tx, {
          controller: access.controller,
          actor: author,
          action: 'service.emergency.closed',
          target: { kind: 'person', id: access.person },
          outcome: 'success',
          session,
          detail: { school: access.domain },
        });
      });
    },

    listOpen: () =>
      inAll((tx) => loadHeldRoles(tx, { role: ROLE, at: clock.now() }), true) as Promise<EmergencyAccess[]>,
    listOfDay: (person) => inAll((tx) => ofDay(tx, person, clock.now()), true) as Promise<EmergencyAccess[]>,
    async find(id) {
      const [access] = await inAll((tx) => loadHeldRoles(tx, { role: ROLE, id, at: clock.now() }), true);
      return access as EmergencyAccess | undefined;
    },
  };
}
