import { InvariantViolation, sha256 } from '@socle/base';
import type { Database, PreparedStatement, Queryable } from '@socle/db';
import type { StoredAccount } from './account-store.ts';
import { CLIENT_ID, type OpenClient } from './client-store.ts';
import type { Person, PersonCard } from './ports.ts';

/** What the provider keeps for one id, read with whatever belongs to it. */
export interface LookedUpRow {
  readonly payload: Record<string, unknown>;
  readonly expires_at: Date | null;
  readonly consumed_at: Date | null;
}

/** What decides whether an account may be used. */
export interface KnownAccount extends Pick<StoredAccount, 'id' | 'person_id' | 'status'> {
  /** The person, where the directory was asked in the same statement and has one. */
  readonly person: Person | null;
}

/** What one statement found; null stands for what is not there. */
export interface Lookup {
  readonly rows: readonly {
    readonly model: string;
    readonly key: Buffer;
    readonly row: LookedUpRow | null;
  }[];
  readonly sessions: readonly { readonly uid: string; readonly row: LookedUpRow | null }[];
  readonly clients: readonly { readonly id: string; readonly client: OpenClient | null }[];
  readonly accounts: readonly { readonly id: string; readonly account: KnownAccount | null }[];
  readonly subjects: readonly {
    readonly clientId: string;
    readonly accountId: string;
    readonly subject: string;
  }[];
}

// A client whose sign-in was stopped is not there (client-store.ts). Its version changes with every update.
const CLIENT_COLUMNS = `c.id AS client_id, c.xmin::text AS client_version, c.metadata::text AS client_metadata`;
const IS_OPEN = `NOT EXISTS (SELECT FROM identity.stops WHERE kind = 'client' AND target = c.id AND lifted_at IS NULL)`;

/** Statements that read together what belongs together. */
export interface LookupStatements {
  readonly db: Queryable;
  readonly byToken: PreparedStatement;
  readonly bySession: PreparedStatement;
}

/** The statements on the pool of the directory's card, or without it on the service's own. */
export function buildLookups(database: Database, card: PersonCard | undefined): LookupStatements {
  if (card && !/^[a-z_]+\.[a-z_]+$/.test(card.sqlFunction)) {
    throw new InvariantViolation('the card of a person is a function with its schema');
  }
  const person = card
    ? `CASE WHEN a.person_id IS NOT NULL THEN ${card.sqlFunction}(a.person_id) END`
    : 'NULL::json';
  return {
    db: card?.reader ?? database,
    byToken: { name: 'identity.look_up_token', text: byToken(person) },
    bySession: { name: 'identity.look_up_session', text: bySession(person) },
  };
}

const byToken = (person: string) => `
    SELECT r.model, r.payload, r.expires_at, r.consumed_at, r.grant_key,
           g.payload AS grant_payload, g.expires_at AS grant_expires_at,
           ${CLIENT_COLUMNS}, r.account_id, a.person_id, a.status AS account_status, ${person} AS person,
           r.payload ->> 'sessionUid' AS session_uid, s.payload AS session_payload, s.expires_at AS session_expires_at,
           p.subject
      FROM (SELECT) AS one
      LEFT JOIN identity.provider_rows AS r ON r.key = $2 AND r.model = ANY ($1::text[])
      LEFT JOIN identity.provider_rows AS g ON g.model = 'Grant' AND g.key = r.grant_key
      LEFT JOIN identity.clients AS c ON c.id = coalesce($3, r.client_id) AND ${IS_OPEN}
      LEFT JOIN identity.accounts AS a ON a.id = r.account_id
      LEFT JOIN identity.provider_rows AS s ON s.model = 'Session' AND s.uid = r.payload ->> 'sessionUid'
            AND s.expires_at > $4 AND (s.account_id IS NULL OR EXISTS (
              SELECT FROM identity.sessions AS o WHERE o.provider_uid = s.uid AND o.idle_expires_at > $4))
      LEFT JOIN identity.pairwise_subjects AS p ON p.sector = c.sector AND p.person_id = a.person_id
     LIMIT 1`;

interface TokenLookupRow {
  readonly model: string | null;
  readonly payload: Record<string, unknown> | null;
  readonly expires_at: Date | null;
  readonly consumed_at: Date | null;
  readonly grant_key: Buffer | null;
  readonly grant_payload: Record<string, unknown> | null;
  readonly grant_expires_at: Date | null;
  readonly client_id: string | null;
  readonly client_version: string;
  readonly client_metadata: string;
  readonly account_id: string | null;
  readonly person_id: string | null;
  readonly account_status: KnownAccount['status'];
  readonly person: Person | null;
  readonly session_uid: string | null;
  readonly session_payload: Record<string, unknown> | null;
  readonly session_expires_at: Date | null;
  readonly subject: string | null;
}

/**
 * A token or code with its grant, its session, the account, the client and the pseudonym between them: all that the
 * provider will ask for, as it is at this moment. A token whose grant is gone is gone too.
 */
export async function lookUpToken(
  { db, byToken: statement }: LookupStatements,
  wanted: {
    readonly models: readonly string[];
    readonly id: string;
    /** Who asks; default: whose token it is. */
    readonly clientId: string | undefined;
  },
  now: Date,
): Promise<Lookup> {
  const key = sha256(wanted.id);
  const clientId = wanted.clientId;
  const [found] = await db.prepared<TokenLookupRow>(statement, [wanted.models, key, clientId ?? null, now]);
  const row = found!;
  const isAlive = row.model !== null && (row.grant_key === null || row.grant_payload !== null);
  return {
    rows: [
      ...wanted.models.map((model) => ({
        model,
        key,
        row:
          isAlive && row.model === model
            ? { payload: row.payload!, expires_at: row.expires_at, consumed_at: row.consumed_at }
            : null,
      })),
      ...(row.grant_key === null ? [] : [grantOf(row.grant_key, row)]),
    ],
    sessions:
      row.session_uid === null
        ? []
        : [
            {
              uid: row.session_uid,
              row: row.session_payload && {
                payload: row.session_payload,
                expires_at: row.session_expires_at,
                consumed_at: null,
              },
            },
          ],
    clients: clientsOf(clientId, row),
    accounts: accountsOf(row),
    subjects:
      row.subject === null || row.client_id === null || row.account_id === null
        ? []
        : [{ clientId: row.client_id, accountId: row.account_id, subject: row.subject }],
  };
}

const bySession = (person: string) => `
    SELECT r.payload, r.expires_at, r.account_id, a.person_id, a.status AS account_status, ${person} AS person,
           ${CLIENT_COLUMNS},
           named.grant_key, g.payload AS grant_payload, g.expires_at AS grant_expires_at
      FROM (SELECT) AS one
      LEFT JOIN identity.provider_rows AS r ON r.model = 'Session' AND r.key = $1 AND r.expires_at > $3
            AND (r.account_id IS NULL OR EXISTS (
              SELECT FROM identity.sessions AS o WHERE o.provider_uid = r.uid AND o.idle_expires_at > $3))
      LEFT JOIN identity.clients AS c ON c.id = $2 AND ${IS_OPEN}
      LEFT JOIN identity.accounts AS a ON a.id = r.account_id
      LEFT JOIN LATERAL (SELECT sha256(convert_to(
              r.payload #>> ARRAY['authorizations', $2::text, 'grantId'], 'UTF8')) AS grant_key) AS named ON true
      LEFT JOIN identity.provider_rows AS g ON g.model = 'Grant' AND g.key = named.grant_key`;

/** A browser's live session with its account, and the client that is asked for with its grant. */
export async function lookUpSession(
  { db, bySession: statement }: LookupStatements,
  wanted: { readonly id: string; readonly clientId: string | undefined },
  now: Date,
): Promise<Lookup> {
  const key = sha256(wanted.id);
  const clientId =
    wanted.clientId !== undefined && CLIENT_ID.test(wanted.clientId) ? wanted.clientId : undefined;
  type Row = Omit<TokenLookupRow, 'session_uid' | 'subject'>;
  const [found] = await db.prepared<Row>(statement, [key, clientId ?? null, now]);
  const row = found!;
  return {
    rows: [
      {
        model: 'Session',
        key,
        row: row.payload && { payload: row.payload, expires_at: row.expires_at, consumed_at: null },
      },
      ...(row.grant_key === null ? [] : [grantOf(row.grant_key, row)]),
    ],
    sessions: [],
    clients: clientsOf(clientId, row),
    accounts: accountsOf(row),
    subjects: [],
  };
}

function grantOf(
  key: Buffer,
  row: Pick<TokenLookupRow, 'grant_payload' | 'grant_expires_at'>,
): Lookup['rows'][number] {
  const found = row.grant_payload && {
    payload: row.grant_payload,
    expires_at: row.grant_expires_at,
    consumed_at: null,
  };
  return { model: 'Grant', key, row: found };
}

function clientsOf(
  asked: string | undefined,
  row: Pick<TokenLookupRow, 'client_id' | 'client_version' | 'client_metadata'>,
): Lookup['clients'] {
  if (row.client_id === null) return asked === undefined ? [] : [{ id: asked, client: null }];
  const { client_id: id, client_version: version, client_metadata: metadata } = row;
  return [{ id, client: { id, version, metadata } }];
}

function accountsOf(
  row: Pick<TokenLookupRow, 'account_id' | 'person_id' | 'account_status' | 'person'>,
): Lookup['accounts'] {
  const { account_id: id, person_id, account_status: status, person } = row;
  if (id === null) return [];
  return [{ id, account: person_id === null ? null : { id, person_id, status, person } }];
}
