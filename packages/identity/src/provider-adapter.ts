import { InvariantViolation } from '@socle/base';
import type { AdapterOptions } from './adapter-options.ts';
import { forProvider } from './client-store.ts';
import { loadOpenClient } from './load-client.ts';
import { lookUpSession, lookUpToken } from './lookup-store.ts';
import {
  ROW_NAME,
  burnFamily,
  consumeRow,
  deleteByGrant,
  deleteRow,
  findRow,
  findUserCodeRow,
  noteSeenId,
  writeRows,
  type StoredRow,
} from './provider-store.ts';
import { findReplayableAnswer } from './refresh-answers.ts';
import { idleLimitSeconds } from './session-limits.ts';
import { findStoredSession, saveSession, takeSessions } from './session-store.ts';

/** What the provider gives to store, as far as the storage looks into it. */
interface StoredPayload {
  jti?: string | undefined;
  uid?: string | undefined;
  accountId?: string | undefined;
  clientId?: string | undefined;
  grantId?: string | undefined;
  userCode?: string | undefined;
  exp?: number | undefined;
  loginTs?: number | undefined;
  transient?: boolean | undefined;
  acr?: string | undefined;
  amr?: string[] | undefined;
  returnTo?: string | undefined;
  resumePrefix?: string | undefined;
  consumed?: unknown;
  session?: { cookie?: string | undefined } | undefined;
  jkt?: string | undefined;
}

/** The storage of one model, as oidc-provider wants it. */
export interface StorageAdapter {
  upsert(id: string, payload: StoredPayload, expiresIn?: number): Promise<void>;
  find(id: string): Promise<StoredPayload | undefined>;
  findByUserCode(userCode: string): Promise<StoredPayload | undefined>;
  findByUid(uid: string): Promise<StoredPayload | undefined>;
  consume(id: string): Promise<void>;
  destroy(id: string): Promise<void>;
  revokeByGrantId(grantId: string): Promise<void>;
}

// Rows that die with their grant (RFC 6749 §10.5, RFC 9700 §4.14.2).
const GRANTED = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken', 'DeviceCode']);

// Issued at the end of a request, with the use of what they are issued for.
const ISSUED = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken', 'ClientCredentials', 'Grant']);
const REDEEMED = new Set(['AuthorizationCode', 'RefreshToken']);

/** The storage of one model, with the contract of design/identity.md: one winner for anything used once. */
export function buildAdapter(model: string, options: AdapterOptions): StorageAdapter {
  if (model === 'Client') return buildClientAdapter(options);
  if (model === 'ReplayDetection') return buildReplayAdapter(options);
  if (model === 'Session') return buildSessionAdapter(options);
  const { database, clock } = options;

  const read = (row: StoredRow | undefined, id?: string): StoredPayload | undefined => {
    if (!row) return undefined;
    // Codes and tokens past their time are the provider's to judge, so that it can say why.
    if (model === 'Interaction' && row.expires_at && row.expires_at <= clock.now()) return undefined;
    return {
      ...row.payload,
      ...(id !== undefined && { jti: id }),
      ...(row.expires_at && { exp: Math.floor(row.expires_at.getTime() / 1000) }),
      ...(row.consumed_at && { consumed: Math.floor(row.consumed_at.getTime() / 1000) }),
      ...(model === 'Interaction' &&
        id !== undefined &&
        row.payload['returnTo'] === undefined && {
          returnTo: `${String(row.payload['resumePrefix'] ?? options.resumeAddress(''))}${id}`,
        }),
    } as StoredPayload;
  };

  /** A used refresh token: as if it were unused for who lost the answer, so that the provider checks the rest again. */
  async function findReplayed(row: StoredRow, id: string): Promise<StoredRow | undefined> {
    const answer = await findReplayableAnswer(options, id, row.payload as StoredPayload);
    const request = options.requestRows();
    if (answer !== undefined && request) {
      request.replay(answer);
      return { ...row, consumed_at: null };
    }
    await burnReplayed(options, { model, id });
    return undefined;
  }

  return {
    async upsert(id, payload, expiresIn) {
      const expiresAt = instantOf(payload.exp) ?? secondsFrom(clock.now(), expiresIn);
      const row = {
        model,
        id,
        payload: withoutSecrets(id, payload),
        accountId: payload.accountId,
        clientId: payload.clientId,
        grantId: GRANTED.has(model) ? payload.grantId : undefined,
        userCode: payload.userCode,
        expiresAt,
      };
      const request = ISSUED.has(model) ? options.requestRows() : undefined;
      if (request) request.defer(row);
      else await writeRows(database, [row]);
    },
    async find(id) {
      if (id.startsWith(ROW_NAME) && !(model === 'DeviceCode' && options.isVerifyingDevice()))
        return undefined;
      const found = await findKnownRow(model, id, options);
      if (model === 'RefreshToken' && found?.consumed_at && options.named().isRedeemed) {
        return read(await findReplayed(found, id), id);
      }
      return read(found, id);
    },
    findByUid: async () => unused('only a session is found by uid'),
    async findByUserCode(userCode) {
      // The device code itself is known to the device alone: its row goes by a name that no token endpoint takes.
      const row = await findUserCodeRow(database, userCode);
      const found = row && read(row, `${ROW_NAME}${row.key.toString('base64url')}`);
      return found && { ...found, userCode };
    },
    async consume(id) {
      const request = REDEEMED.has(model) ? options.requestRows() : undefined;
      if (request) return request.deferUse({ model, id });
      if (await consumeRow(database, model, id, clock.now())) return;
      if (model === 'PushedAuthorizationRequest') {
        throw options.refuseSecondUse('request_uri');
      }
      await burnReplayed(options, { model, id });
      throw options.refuseSecondUse('grant');
    },
    destroy: (id) => deleteRow(database, model, id),
    revokeByGrantId: (grantId) => deleteByGrant(database, grantId),
  };
}

/** Deletes the family of what was used twice, and tells once. */
export async function burnReplayed(
  options: Pick<AdapterOptions, 'database' | 'onReplay'>,
  used: { readonly model: string; readonly id: string },
): Promise<void> {
  const clientId = await burnFamily(options.database, used.model, used.id);
  if (clientId !== undefined) await options.onReplay(used.model, clientId);
}

/** A row, with what belongs to it read along where the request is about it. */
async function findKnownRow(
  model: string,
  id: string,
  options: AdapterOptions,
): Promise<StoredRow | undefined> {
  const request = options.requestRows();
  const known = request?.row(model, id);
  if (known !== undefined) return known ?? undefined;
  if (request && model === 'AccessToken') {
    // The token itself says whose it is (user info).
    request.remember(
      await lookUpToken(options.lookups, { models: [model], id, clientId: undefined }, options.clock.now()),
    );
    return request.row(model, id) ?? undefined;
  }
  return findRow(options.database, model, id);
}

function buildSessionAdapter(options: AdapterOptions): StorageAdapter {
  const { database, clock } = options;
  const read = (
    row: { payload: Record<string, unknown>; expires_at: Date | null } | undefined,
    id?: string,
  ): StoredPayload | undefined =>
    row && ({ ...row.payload, ...(id !== undefined && { jti: id }) } as StoredPayload);
  return {
    async find(id) {
      const request = options.requestRows();
      if (!request) return read(await findStoredSession(database, { id }, clock.now()), id);
      const { clientId } = options.named();
      request.remember(await lookUpSession(options.lookups, { id, clientId }, clock.now()));
      return read(request.row('Session', id) ?? undefined, id);
    },
    async findByUid(uid) {
      const known = options.requestRows()?.session(uid);
      if (known !== undefined) return read(known ?? undefined);
      return read(await findStoredSession(database, { uid }, clock.now()));
    },
    async destroy(id) {
      const [ended] = await takeSessions(database, { id }, clock.now());
      if (ended?.id) await options.onSessionEnded(ended.id);
    },
    async upsert(id, payload) {
      const { uid, accountId } = payload;
      const expiresAt = instantOf(payload.exp);
      const authenticatedAt = instantOf(payload.loginTs);
      if (uid === undefined || expiresAt === undefined) {
        throw new InvariantViolation('a session has a uid and an end');
      }
      const shared = payload.transient === true;
      const signIn = accountId !== undefined &&
        authenticatedAt && {
          accountId,
          acr: payload.acr ?? 'password',
          amr: payload.amr ?? [],
          shared,
          authenticatedAt,
          idleExpiresAt: new Date(clock.now().getTime() + idleLimitSeconds(shared) * 1000),
          deviceLabel: options.describeDevice(),
        };
      await saveSession(
        database,
        { id, uid, payload: withoutSecrets(id, payload), expiresAt, ...(signIn && { signIn }) },
        clock.now(),
      );
    },
    findByUserCode: async () => unused('a session has no user code'),
    consume: async () => unused('a session is not consumed'),
    revokeByGrantId: async () => unused('a session belongs to no grant'),
  };
}

function unused(why: string): never {
  throw new InvariantViolation(why);
}

/** The payload without anything that would let a reader of the table act: the id, where it hides, the cookie. */
function withoutSecrets(id: string, payload: StoredPayload): Record<string, unknown> {
  const { jti: _jti, consumed: _consumed, userCode: _userCode, ...kept } = payload;
  if (kept.returnTo?.endsWith(`/${id}`)) {
    kept.resumePrefix = kept.returnTo.slice(0, -id.length);
    delete kept.returnTo;
  }
  if (!kept.session) return { ...kept };
  const { cookie: _cookie, ...session } = kept.session;
  return { ...kept, session };
}

function buildClientAdapter(options: AdapterOptions): StorageAdapter {
  const never = async () => unused('the provider registers no client by itself');
  return {
    async find(id) {
      const client = await loadOpenClient(options, id);
      return client && (forProvider(JSON.parse(client.metadata) as Record<string, unknown>) as StoredPayload);
    },
    upsert: never,
    findByUid: never,
    findByUserCode: never,
    consume: never,
    destroy: never,
    revokeByGrantId: never,
  };
}

function buildReplayAdapter({ database, clock, refuseSecondUse }: AdapterOptions): StorageAdapter {
  const never = async () => unused('a seen id is only noted');
  return {
    // The INSERT is the check; looking first would only open a gap.
    find: async () => undefined,
    async upsert(id, payload, expiresIn) {
      const expiresAt = instantOf(payload.exp) ?? secondsFrom(clock.now(), expiresIn ?? 0);
      if (!(await noteSeenId(database, 'adapter', id, expiresAt ?? clock.now()))) {
        throw refuseSecondUse('grant');
      }
    },
    findByUid: never,
    findByUserCode: never,
    consume: never,
    destroy: never,
    revokeByGrantId: never,
  };
}

function instantOf(epochSeconds: number | undefined): Date | undefined {
  return epochSeconds === undefined ? undefined : new Date(epochSeconds * 1000);
}

function secondsFrom(now: Date, seconds: number | undefined): Date | undefined {
  return seconds === undefined ? undefined : new Date(now.getTime() + seconds * 1000);
}
