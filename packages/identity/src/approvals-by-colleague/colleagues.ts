import { sha256, uuidv7, type Clock, type PersonId, type Secret } from '@socle/base';
import type { AuditAppender } from '@socle/audit';
import type { Database, Tx } from '@socle/db';
import { isAtLeast, type Acr } from '../acr.ts';
import { keyedHash } from '../derived-secrets.ts';
import { inventCode, parseCode } from '../one-time-codes/code-symbols.ts';
import type { Person } from '../ports.ts';
import type { Notices } from '../recovery/notices.ts';

/** A request that waits for a colleague. */
interface ColleagueRequest {
  readonly id: string;
  readonly person: PersonId;
}

/** Sign-ins for which a colleague vouches in place of a lost second factor. */
export interface Colleagues {
  /** Asks for one sign-in; an earlier request of it is replaced. Gives the code to tell a colleague. */
  ask(of: { readonly signIn: string; readonly accountId: string; readonly person: Person }): Promise<Secret>;
  /** The request that this code means, while it waits; undefined for one's own. */
  find(typed: string, colleague: PersonId): Promise<ColleagueRequest | undefined>;
  /**
   * Vouches for a request, in the caller's transaction. The caller has decided that both work in one school now. False
   * for one's own request, without a second factor or passkey in the colleague's own sign-in, or when it is too late.
   */
  vouch(
    tx: Tx,
    request: ColleagueRequest,
    colleague: { readonly person: Person; readonly acr: Acr; readonly session: string },
  ): Promise<boolean>;
  /** Uses up what a colleague vouched for: true once, for that sign-in of that account. */
  use(of: { readonly signIn: string; readonly accountId: string; readonly person: Person }): Promise<boolean>;
}

const VALID_SECONDS = 15 * 60;

export function openColleagues(options: {
  readonly database: Database;
  readonly audit: AuditAppender;
  readonly clock: Clock;
  readonly secret: Buffer;
  readonly notices: Notices;
  readonly platformController: string;
}): Colleagues {
  const { audit, clock, database } = options;
  const keyOf = (code: Secret | undefined) =>
    keyedHash(options.secret, 'colleague', code?.revealText() ?? 'no code');

  const append = (tx: Tx, action: string, actor: Person, about: PersonId, session?: string) =>
    audit.append(tx, {
      controller: actor.controller ?? options.platformController,
      actor: { kind: 'person', id: actor.id },
      action,
      target: { kind: 'person', id: about },
      outcome: 'success',
      ...(session !== undefined && { session }),
    });

  return {
    async ask({ signIn, accountId, person }) {
      const now = clock.now();
      const code = inventCode();
      await database.transaction(
        async (tx) => {
          await tx.query(
            `INSERT INTO identity.colleague_requests (id, key, sign_in_key, account_id, person_id, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (sign_in_key) DO UPDATE SET id = excluded.id, key = excluded.key,
               account_id = excluded.account_id, person_id = excluded.person_id, expires_at = excluded.expires_at,
               approved_by = NULL, approved_at = NULL, used_at = NULL`,
            [
              uuidv7(now),
              keyOf(code),
              sha256(signIn),
              accountId,
              person.id,
              new Date(now.getTime() + VALID_SECONDS * 1000),
            ],
          );
          await append(tx, 'identity.colleague.asked', person, person.id);
        },
        { scope: 'all' },
      );
      return code;
    },
    async find(typed, colleague) {
      const [row] = await database.query<{ id: string; person_id: PersonId }>(
        `SELECT id, person_id FROM identity.colleague_requests
          WHERE key = $1 AND approved_at IS NULL AND used_at IS NULL AND expires_at > $2 AND person_id <> $3`,
        [keyOf(parseCode(typed)), clock.now(), colleague],
      );
      return row && { id: row.id, person: row.person_id };
    },
    async vouch(tx, request, { person, acr, session }) {
      if (!isAtLeast(acr, 'factor')) return false;
      const rows = await tx.query(
        `UPDATE identity.colleague_requests SET approved_by = $2, approved_at = $3
          WHERE id = $1 AND person_id <> $2 AND approved_at IS NULL AND used_at IS NULL AND expires_at > $3
          RETURNING 1`,
        [request.id, person.id, clock.now()],
      );
      if (rows.length === 0) return false;
      await append(tx, 'identity.colleague.vouched', person, request.person, session);
      await options.notices.add(tx, { to: [request.person], about: request.person, kind: 'colleague' });
      await options.notices.add(tx, { to: [person.id], about: person.id, kind: 'vouched' });
      return true;
    },
    use: ({ signIn, accountId, person }) =>
      database.transaction(
        async (tx) => {
          const rows = await tx.query(
            `UPDATE identity.colleague_requests SET used_at = $3
              WHERE sign_in_key = $1 AND account_id = $2 AND approved_at IS NOT NULL AND used_at IS NULL
                AND expires_at > $3 RETURNING 1`,
            [sha256(signIn), accountId, clock.now()],
          );
          if (rows.length === 0) return false;
          await append(tx, 'identity.colleague.used', person, person.id);
          return true;
        },
        { scope: 'all' },
      ),
  };
}
