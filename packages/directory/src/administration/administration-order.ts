import { newId, type Branded, type Clock, type PersonId } from '@socle/base';
import type { AuditAppender } from '@socle/audit';
import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import { scorePair } from '../duplicates/propose-duplicates.ts';
import type { EntityId } from '../schools/entity-tree.ts';
import type { RoleId } from '../ids.ts';
import type { Author, WriteContext } from '../people/write-context.ts';
import type { AdministeredPlace } from './place.ts';

/** Who acts on roles of administration, and which form they sent. */
export interface AdministrationOrder {
  readonly audit: AuditAppender;
  readonly clock: Clock;
  /** A person; or the service's command line, which may do what a first administrator needs. */
  readonly author: Author;
  /** Id of the form: acted on once. */
  readonly request: string;
  /** Why; 3 to 500 characters, kept beside the role, never logged. */
  readonly reason: string;
  /** The second person, when there is one. */
  readonly agreedBy?: PersonId;
  /** On the command line: holders who cannot sign in, and are no administrators that somebody could turn to. */
  readonly unable?: readonly PersonId[];
}

const LIKELY_TWIN = 50;
const REASON_LEAST = 3;
const REASON_MOST = 500;

/**
 * Opens an act: the scope of all, a form that was not acted on, a reason.
 *
 * @throws DirectoryError `scope_too_narrow`, `administration_repeated` (409), `administration_unreasoned` (422).
 */
export async function openAct(tx: Tx, order: AdministrationOrder): Promise<void> {
  const [row] = await tx.query<{ all: boolean }>('SELECT directory.sees_all() AS all');
  if (!row!.all)
    throw refuse('scope_too_narrow', 403, 'Administration crosses controllers: this scope is too narrow.');
  const { length } = order.reason.trim();
  if (length < REASON_LEAST || length > REASON_MOST)
    throw refuse('administration_unreasoned', 422, 'Say why, in 3 to 500 characters.');
  const [first] = await tx.query(
    'INSERT INTO directory.administration_requests (id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id',
    [order.request, order.clock.now()],
  );
  if (!first)
    throw refuse('administration_repeated', 409, 'This form was acted on already. Open the page again.');
}

/** The person who acts; undefined for the command line. */
export function personOf({ author }: AdministrationOrder): PersonId | undefined {
  return author.kind === 'person' ? author.id : undefined;
}

/**
 * Refuses one human being as two people: whom the directory has joined, or believes to be one and nobody has declared two;
 * and the person concerned as the one who agrees.
 *
 * @throws DirectoryError `administration_second_person` (409).
 */
export async function requireSecond(tx: Tx, order: AdministrationOrder, about: PersonId): Promise<PersonId> {
  const { agreedBy } = order;
  const by = personOf(order);
  const isAnother =
    agreedBy !== undefined &&
    !(await mayBeOnePerson(tx, agreedBy, about)) &&
    (by === undefined || !(await mayBeOnePerson(tx, agreedBy, by)));
  if (isAnother) return agreedBy;
  throw refuse(
    'administration_second_person',
    409,
    'This takes the agreement of a second person, who is neither the one who asks nor the one concerned.',
  );
}

/** Whether two ids lead to one person, or to two entries that are likely one and were not declared two. */
export async function mayBeOnePerson(tx: Tx, one: PersonId, other: PersonId): Promise<boolean> {
  const [row] = await tx.query<{ one: PersonId; other: PersonId; distinct: boolean }>(
    `SELECT s.one, s.other, EXISTS (SELECT FROM directory.distinct_people d
       WHERE d.one_id = least(s.one, s.other) AND d.other_id = greatest(s.one, s.other)) AS distinct
     FROM (SELECT directory.survivor_of($1) AS one, directory.survivor_of($2) AS other) s`,
    [one, other],
  );
  if (row!.one === row!.other) return true;
  if (row!.distinct) return false;
  return (await scorePair(tx, row!.one, row!.other)).score >= LIKELY_TWIN;
}

/** What every writer of the directory needs, at one instant. */
export function contextOf(order: AdministrationOrder, at: Date): WriteContext {
  return { audit: order.audit, author: order.author, at };
}

/** Writes an act down beside its role. */
export async function noteAct(
  tx: Tx,
  order: AdministrationOrder,
  act: {
    readonly act: 'given' | 'prolonged' | 'ended' | 'restored';
    readonly role: RoleId;
    readonly place: Pick<AdministeredPlace, 'controller'>;
    readonly at: Date;
    readonly until?: Date;
    readonly over?: EntityId;
    readonly agreedBy?: PersonId;
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO directory.role_acts (id, role_id, controller_id, act, at, by_id, agreed_by_id, until, over_entity_id, reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      newId<Branded<'RoleActId'>>(act.at),
      act.role,
      act.place.controller,
      act.act,
      act.at,
      personOf(order) ?? null,
      act.agreedBy ?? null,
      act.until ?? null,
      act.over ?? null,
      order.reason.trim(),
    ],
  );
}
