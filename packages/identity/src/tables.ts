import type { ColumnType } from 'kysely';
import { buildTables } from '@socle/db';

type JsonObject = Record<string, unknown>;
/** jsonb: read as an object, written as JSON text. */
type Json<Shape = JsonObject> = ColumnType<Shape, string, string>;

interface ProviderRow {
  model: string;
  key: Buffer;
  payload: Json;
  account_id: string | null;
  client_id: string | null;
  grant_key: Buffer | null;
  uid: string | null;
  user_code: string | null;
  expires_at: Date | null;
  consumed_at: Date | null;
}

export interface AccountRow {
  id: string;
  person_id: string;
  login: string;
  login_key: string;
  status: 'active' | 'suspended';
  suspended_reason: string | null;
  password_hash: string | null;
  password_changed_at: Date | null;
  password_must_change: ColumnType<boolean, boolean | undefined, boolean>;
  created_at: Date;
  changed_at: Date;
}

export interface ClientRow {
  id: string;
  sector: string;
  metadata: Json;
  registered_at: Date;
  changed_at: Date;
}

export interface SigningKeyRow {
  kid: string;
  alg: SigningAlgorithm;
  status: 'published' | 'signing' | 'retiring';
  public_jwk: Json<Record<string, string>>;
  sealed_private: Buffer;
  published_at: Date;
  signing_from: Date | null;
  retire_at: Date | null;
}

export interface SessionRow {
  id: string;
  provider_uid: string;
  account_id: string;
  acr: string;
  amr: string[];
  shared_computer: boolean;
  device_label: string;
  authenticated_at: Date;
  created_at: Date;
  last_seen_at: Date;
  idle_expires_at: Date;
  absolute_expires_at: Date;
}

interface PairwiseSubjectRow {
  sector: string;
  person_id: string;
  subject: string;
  created_at: Date;
}

interface ThrottleRow {
  kind: string;
  key: Buffer;
  attempts: number;
  window_ends_at: Date;
}

interface SeenIdRow {
  key: Buffer;
  expires_at: Date;
}

/** The signature algorithms that the provider offers (no HMAC, no `none`). */
export type SigningAlgorithm = 'ES256' | 'RS256' | 'PS256';

/** Tables of the schema `identity`. */
export interface IdentityTables {
  provider_rows: ProviderRow;
  seen_ids: SeenIdRow;
  accounts: AccountRow;
  pairwise_subjects: PairwiseSubjectRow;
  clients: ClientRow;
  signing_keys: SigningKeyRow;
  throttles: ThrottleRow;
  sessions: SessionRow;
}

/** The typed statement builder of this package. */
export const tables = buildTables<IdentityTables>('identity');
