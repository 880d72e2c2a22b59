import type { verifyRegistrationResponse } from '@simplewebauthn/server';
import { z } from 'zod';
import { isUuid, uuidv7, type Clock } from '@socle/base';
import type { Database } from '@socle/db';
import { keyedHash } from '../derived-secrets.ts';
import { IdentityError } from '../errors.ts';
import type { FactorChange, FactorChanges } from './factor-changes.ts';
import { openPasskeyChallenges } from './passkey-challenge.ts';
import { deletePasskey, findPasskey, insertPasskey, listPasskeys, notePasskeyUse } from './passkey-store.ts';

/** A passkey as its person sees it. */
export interface PasskeyEntry {
  readonly id: string;
  readonly name: string;
  /** Kept by the person's cloud or password manager, so that losing the device does not lose it. */
  readonly backedUp: boolean;
  readonly addedAt: Date;
  readonly lastUsedAt?: Date;
}

/** Who a passkey proved. */
interface ProvenPasskey {
  readonly accountId: string;
  /** The device checked a finger, a face or a PIN. */
  readonly userVerified: boolean;
}

/** Passkeys (WebAuthn Level 3): discoverable, exact origin, a challenge for one place and one use. */
export interface Passkeys {
  list(accountId: string): Promise<readonly PasskeyEntry[]>;
  /** Options for `navigator.credentials.create`, as JSON. `place` is the session's id. */
  offer(
    account: { readonly id: string; readonly login: string; readonly displayName: string },
    place: string,
  ): Promise<string>;
  /** @throws IdentityError `passkey_refused` for an answer that is not one to this offer. */
  register(
    accountId: string,
    answer: { readonly response: string; readonly name: string; readonly place: string },
    change: FactorChange,
  ): Promise<void>;
  remove(accountId: string, id: string, change: FactorChange): Promise<boolean>;
  /** Options for `navigator.credentials.get`, as JSON. `place` is the sign-in's id. */
  ask(place: string): Promise<string>;
  /** Verifies an answer to `ask`; undefined for anything wrong with it. Attempts are counted by the caller. */
  prove(
    response: string,
    asked: { readonly place: string; readonly userVerification: boolean },
  ): Promise<ProvenPasskey | undefined>;
}

/** For how long a browser asks for a finger or a key before it gives up. */
const ANSWER_WITHIN_MS = 60_000;

/** COSE: EdDSA, ES256, RS256. */
const ALGORITHMS = [-8, -7, -257] as const;

const base64url = z.string().regex(/^[\w-]{1,4096}$/);
const answer = z.object({ id: base64url, rawId: base64url, type: z.literal('public-key') });
const registrationAnswer = answer.extend({
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: z.string().regex(/^[\w-]{1,16384}$/),
    transports: z
      .array(z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']))
      .max(7)
      .optional(),
  }),
});
const authenticationAnswer = answer.extend({
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish(),
  }),
});

export function openPasskeys(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly issuer: URL;
  readonly key: Buffer;
  readonly changes: FactorChanges;
}): Passkeys {
  const { database, clock, issuer } = options;
  const challenges = openPasskeyChallenges(options);
  const handleOf = (accountId: string) => new Uint8Array(keyedHash(options.key, 'passkey-user', accountId));
  const expected = (place: string) => ({
    expectedOrigin: issuer.origin,
    expectedRPID: issuer.hostname,
    expectedChallenge: (challenge: string) => challenges.use(place, challenge),
  });

  return {
    async list(accountId) {
      const rows = await listPasskeys(database, accountId);
      return rows.map((row) => ({
        id: row.id,
        name: row.name,
        backedUp: row.backed_up,
        addedAt: row.added_at,
        ...(row.last_used_at && { lastUsedAt: row.last_used_at }),
      }));
    },
    async offer({ id, login, displayName }, place) {
      const known = await listPasskeys(database, id);
      const { generateRegistrationOptions } = await loadLibrary();
      const offered = await generateRegistrationOptions({
        rpName: issuer.host,
        rpID: issuer.hostname,
        userName: login,
        userDisplayName: displayName,
        userID: handleOf(id),
        challenge: challengeBytes(challenges.make(place)),
        attestationType: 'none',
        supportedAlgorithmIDs: [...ALGORITHMS],
        excludeCredentials: known.map((row) => ({ id: row.credential_id, transports: row.transports })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      });
      return JSON.stringify(offered);
    },
    async register(accountId, { response, name, place }, change) {
      const parsed = registrationAnswer.safeParse(parseJson(response));
      const { verifyRegistrationResponse: verify } = await loadLibrary();
      const verified = parsed.success
        ? await verify({
            response: { ...(parsed.data as RegistrationAnswer), clientExtensionResults: {} },
            ...expected(place),
            requireUserVerification: true,
            supportedAlgorithmIDs: [...ALGORITHMS],
          }).catch(() => undefined)
        : undefined;
      if (!verified?.verified) throw refused();
      const { credential, aaguid, credentialDeviceType, credentialBackedUp } = verified.registrationInfo;
      const isKept = await options.changes.change(accountId, 'added', 'passkey', change, (tx) =>
        insertPasskey(tx, {
          id: uuidv7(clock.now()),
          credential_id: credential.id,
          account_id: accountId,
          name: name.trim().slice(0, 60) || 'Passkey',
          public_key: Buffer.from(credential.publicKey),
          counter: credential.counter,
          transports: [...(credential.transports ?? [])],
          aaguid,
          multi_device: credentialDeviceType === 'multiDevice',
          backed_up: credentialBackedUp,
          added_at: clock.now(),
        }),
      );
      if (!isKept) throw refused();
    },
    remove: async (accountId, id, change) =>
      isUuid(id) &&
      options.changes.change(accountId, 'removed', 'passkey', change, (tx) =>
        deletePasskey(tx, accountId, id),
      ),
    async ask(place) {
      // PublicKeyCredentialRequestOptionsJSON (WebAuthn Level 3 §5.5): on every page of a sign-in, so without the library.
      return JSON.stringify({
        rpId: issuer.hostname,
        challenge: challenges.make(place),
        timeout: ANSWER_WITHIN_MS,
        userVerification: 'required',
      });
    },
    async prove(response, { place, userVerification }) {
      const parsed = authenticationAnswer.safeParse(parseJson(response));
      if (!parsed.success) return undefined;
      const { userHandle, ...rest } = parsed.data.response;
      const passkey = await findPasskey(database, parsed.data.id);
      const accountId = passkey?.account_id;
      if (!passkey || accountId === undefined) return undefined;
      const handle = Buffer.from(handleOf(accountId)).toString('base64url');
      if (userHandle && userHandle !== handle) return undefined;
      const { verifyAuthenticationResponse } = await loadLibrary();
      const verified = await verifyAuthenticationResponse({
        response: {
          ...parsed.data,
          response: { ...rest, ...(userHandle ? { userHandle } : {}) },
          clientExtensionResults: {},
        },
        ...expected(place),
        credential: {
          id: passkey.credential_id,
          publicKey: new Uint8Array(passkey.public_key),
          counter: Number(passkey.counter),
        },
        requireUserVerification: userVerification,
      }).catch(() => undefined);
      if (!verified?.verified) return undefined;
      const { newCounter, credentialBackedUp, userVerified } = verified.authenticationInfo;
      const use = { id: passkey.id, counter: newCounter, backedUp: credentialBackedUp, now: clock.now() };
      return (await notePasskeyUse(database, use)) ? { accountId, userVerified } : undefined;
    },
  };
}

// 25 MB: loaded when the first passkey is registered or used.
const loadLibrary = () => import('@simplewebauthn/server');

type RegistrationAnswer = Omit<
  Parameters<typeof verifyRegistrationResponse>[0]['response'],
  'clientExtensionResults'
>;

// The library would encode a text once more.
function challengeBytes(challenge: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(challenge, 'base64url'));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(): IdentityError {
  return new IdentityError('passkey_refused', {
    status: 422,
    publicMessage: 'This passkey could not be registered. Start again from the page that asked for it.',
  });
}
