import { sha256 } from '@socle/base';
import { buildTables, type Tx } from '@socle/db';

interface Tables {
  readonly sign_ins: {
    state_hash: Buffer;
    browser_hash: Buffer;
    return_path: string;
    max_age_seconds: number | null;
    silent: boolean;
    begun_at: Date;
    expires_at: Date;
  };
}

const tables = buildTables<Tables>('client');

/** A sign-in that was begun and not completed. */
export interface SignInRequest {
  readonly returnPath: string;
  readonly maxAgeSeconds?: number;
  /** True when the socle was asked not to show anything (`prompt=none`). */
  readonly silent: boolean;
  readonly begunAt: Date;
}

/** Remembers a sign-in, and forgets some that are over. */
export async function insertSignIn(
  tx: Tx,
  keys: { readonly state: string; readonly browserToken: string },
  request: SignInRequest,
  expiresAt: Date,
): Promise<void> {
  await tx.run(
    tables
      .deleteFrom('sign_ins')
      .where(
        'state_hash',
        'in',
        tables
          .selectFrom('sign_ins')
          .select('state_hash')
          .where('expires_at', '<=', request.begunAt)
          .limit(100),
      ),
  );
  await tx.run(
    tables.insertInto('sign_ins').values({
      state_hash: sha256(keys.state),
      browser_hash: sha256(keys.browserToken),
      return_path: request.returnPath,
      max_age_seconds: request.maxAgeSeconds ?? null,
      silent: request.silent,
      begun_at: request.begunAt,
      expires_at: expiresAt,
    }),
  );
}

/** Takes the sign-in that this browser began with this state; one statement, so that only one caller ever gets it. */
export async function takeSignIn(
  tx: Tx,
  keys: { readonly state: string; readonly browserToken: string },
  now: Date,
): Promise<SignInRequest | undefined> {
  const [row] = await tx.run(
    tables
      .deleteFrom('sign_ins')
      .where('state_hash', '=', sha256(keys.state))
      .where('browser_hash', '=', sha256(keys.browserToken))
      .where('expires_at', '>', now)
      .returning(['return_path', 'max_age_seconds', 'silent', 'begun_at']),
  );
  if (!row) return undefined;
  return {
    returnPath: row.return_path,
    silent: row.silent,
    begunAt: row.begun_at,
    ...(row.max_age_seconds === null ? {} : { maxAgeSeconds: row.max_age_seconds }),
  };
}
