import { isSocleError, type Clock, type ControllerId, type PersonId } from '@socle/base';
import type { Audit } from '@socle/audit';
import type { Database, Tx } from '@socle/db';
import {
  appointAdministrator,
  endAdministration,
  endDueSessions,
  loadAdministeredPlaces,
  loadAdministrators,
  loadHeldRoles,
  prolongAdministration,
  restoreAdministration,
  type AdministeredPlace,
  type AdministrationOrder,
  type AdministrativeRole,
  type Author,
  type EntityId,
  type HeldRole,
  type RoleId,
  type SessionsPort,
} from '@socle/directory';
import type { Accounts } from '@socle/identity';
import type { Approvals } from '../approvals/approvals.ts';
import type { ApprovalPlace } from '../approvals/kinds.ts';
import type { ApprovalRow } from '../approvals/store.ts';
import { ServiceError } from '../errors.ts';
import { writeSubject, type AdministrationAct } from './act.ts';
import { summarise } from './summary.ts';

/** Who wants it done, why, and by which form. */
interface AdministrationWish {
  readonly by: Author;
  readonly reason: string;
  /** Id of the form: acted on once. */
  readonly request: string;
  readonly session?: string;
}

/** Done; or not yet, because a second person is asked first. */
type AdministrationOutcome = { readonly done: true } | { readonly done: false; readonly asked: ApprovalRow };

/** Roles of administration: given, prolonged, ended and given back, with a second person where one alone may not. */
export interface Administration {
  /**
   * Does the act. That the rules let the person do such acts there, the caller has decided; that they do not go beyond what
   * they hold is checked in the transaction. Where a second person is needed and has not agreed to this very act, asks
   * for it instead. After an end, the person's sessions are over when this returns.
   *
   * @throws DirectoryError as the directory's functions; a refusal is written in the log.
   */
  perform(act: AdministrationAct, wish: AdministrationWish): Promise<AdministrationOutcome>;
}

interface Options {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly approvals: Approvals;
  readonly accounts: Pick<Accounts, 'find'>;
  readonly sessions: SessionsPort;
}

/** What an act is about. */
interface Subject {
  readonly person: PersonId;
  readonly role: AdministrativeRole;
  readonly places: readonly AdministeredPlace[];
}

/** Binds the directory, the log, the clock, the two-person acts, and those who keep accounts and sessions. */
export function openAdministration(options: Options): Administration {
  const { database, audit, clock, approvals, sessions } = options;

  async function attempt(act: AdministrationAct, wish: AdministrationWish, about: Subject): Promise<boolean> {
    const unable = wish.by.kind === 'system' ? await findUnable(options, about) : [];
    return database.transaction(
      async (tx) => {
        const agreement = await approvals.use(tx, {
          kind: kindOf(act),
          subject: writeSubject(act),
          by: wish.by,
        });
        const order: AdministrationOrder = {
          audit,
          clock,
          author: wish.by,
          request: wish.request,
          reason: wish.reason,
          unable,
          ...(agreement?.decided_by ? { agreedBy: agreement.decided_by } : {}),
        };
        try {
          await run(tx, act, order);
          return true;
        } catch (error) {
          if (!agreement && isSocleError(error, 'administration_second_person')) throw new NotAgreedYet();
          throw error;
        }
      },
      { scope: 'all' },
    );
  }

  return {
    async perform(act, wish) {
      const about = await database.transaction((tx) => loadSubject(tx, act), {
        scope: 'all',
        readOnly: true,
      });
      try {
        await attempt(act, wish, about);
      } catch (error) {
        if (error instanceof NotAgreedYet)
          return { done: false, asked: await ask(options, act, wish, about) };
        if (isSocleError(error) && error.kind === 'refusal')
          await noteRefusal(options, act, wish, about, error.code);
        throw error;
      }
      if (act.act === 'end') await endDueSessions(database, sessions, () => clock.now());
      return { done: true };
    },
  };
}

/** Takes the transaction back: nothing was done, somebody is to be asked. */
class NotAgreedYet extends Error {}

const kindOf = ({ act }: AdministrationAct) =>
  act === 'end' ? 'directory.administrator.end_last' : 'directory.administrator.give';

async function run(tx: Tx, act: AdministrationAct, order: AdministrationOrder): Promise<void> {
  switch (act.act) {
    case 'give':
      await appointAdministrator(tx, act, order);
      return;
    case 'prolong':
      return prolongAdministration(tx, act.role, act.to, order);
    case 'end':
      return endAdministration(tx, act.role, order);
    case 'restore':
      await restoreAdministration(tx, act.role, order);
  }
}

function ask(
  { database, approvals }: Options,
  act: AdministrationAct,
  wish: AdministrationWish,
  about: Subject,
): Promise<ApprovalRow> {
  return database.transaction(
    (tx) =>
      approvals.ask(tx, {
        kind: kindOf(act),
        subject: writeSubject(act),
        controller: about.places[0]!.controller,
        place: placeOf(about.places),
        summary: summarise(act, about.role, about.places),
        reason: wish.reason.trim(),
        by: wish.by,
        about: about.person,
      }),
    { scope: 'all' },
  );
}

/** Where the second person must hold the right: the school, or the academy or region of what is given over several. */
function placeOf(places: readonly AdministeredPlace[]): ApprovalPlace {
  const [first] = places as [AdministeredPlace];
  if (places.length === 1 && first.school) return { school: first.school };
  if (first.scope === 'region') return { region: first.region };
  return { academy: first.academy!, region: first.region };
}

async function loadSubject(tx: Tx, act: AdministrationAct): Promise<Subject> {
  if (act.act === 'give') {
    return { person: act.person, role: act.role, places: await loadAdministeredPlaces(tx, act.over) };
  }
  const held = await requireRole(tx, act.role);
  return {
    person: held.person,
    role: held.role as AdministrativeRole,
    places: await loadAdministeredPlaces(tx, held.domain as EntityId),
  };
}

async function requireRole(tx: Tx, id: RoleId): Promise<HeldRole> {
  const [held] = await loadHeldRoles(tx, { id });
  if (held) return held;
  throw new ServiceError('not_found', { status: 404, publicMessage: 'There is no such role.' });
}

/** Holders to whom nobody can turn: they have no account, or it is suspended. */
async function findUnable(
  { database, accounts, clock }: Options,
  { role, places }: Subject,
): Promise<readonly PersonId[]> {
  const holders = await database.transaction(
    async (tx) => {
      const found = [];
      for (const { id } of places) found.push(...(await loadAdministrators(tx, id, clock.now())));
      return found.filter((each) => each.role === role).map(({ person }) => person);
    },
    { scope: 'all', readOnly: true },
  );
  const states = await Promise.all(
    [...new Set(holders)].map(async (person) => ({
      person,
      account: await accounts.find({ personId: person }),
    })),
  );
  return states.filter(({ account }) => account?.status !== 'active').map(({ person }) => person);
}

async function noteRefusal(
  { audit }: Options,
  { act }: AdministrationAct,
  wish: AdministrationWish,
  about: Subject,
  code: string,
): Promise<void> {
  await audit.record({
    controller: about.places[0]?.controller ?? ('platform' as ControllerId),
    actor: wish.by,
    action: 'service.administration.refused',
    target: { kind: 'person', id: about.person },
    outcome: 'denied',
    ...(wish.session === undefined ? {} : { session: wish.session }),
    detail: { act, role: about.role, code },
  });
}
