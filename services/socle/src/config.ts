import path from 'node:path';
import { z } from 'zod';
import { ServiceError } from './errors.ts';

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A witness over plain http is only taken on the loopback range. */
const WITNESS =
  /^([^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+) (https:\/\/\S+|http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])\S*)$/;

const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgres://');

/** Every variable of the service: its rule, and the sentence that docs/configuration.md shows. */
export const environmentSchema = z.strictObject({
  SOCLE_ISSUER: z
    .url({ protocol: /^https?$/ })
    .refine((value) => !value.endsWith('/'), 'must not end with a slash')
    .default('http://localhost:3000')
    .describe('Public address of the socle, and issuer of its tokens. https, except on localhost.'),
  SOCLE_HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  SOCLE_PORT: z.coerce.number().int().min(0).max(65_535).default(3000).describe('Port to listen on.'),
  SOCLE_DATABASE_URL: postgresUrl
    .optional()
    .describe(
      'PostgreSQL (15 or newer) under the login that serves; it owns no table. Absent: an embedded PostgreSQL.',
    ),
  SOCLE_MIGRATOR_DATABASE_URL: postgresUrl
    .optional()
    .describe('The same database under a login that may act as socle_owner. Needed by `socle migrate` only.'),
  SOCLE_SEQUENCER_DATABASE_URL: postgresUrl
    .optional()
    .describe('The same database under the login of the audit sequencer. Needed beside SOCLE_DATABASE_URL.'),
  SOCLE_DATA_DIR: z
    .string()
    .min(1)
    .default('./var')
    .describe('Folder of everything the service keeps on disk.'),
  SOCLE_MASTER_KEY_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'File with 32 random bytes in base64 that protect the keys at rest. Generated in demo mode, required otherwise.',
    ),
  SOCLE_POLICIES_DIR: z
    .string()
    .min(1)
    .optional()
    .describe('Folder of the policies in force. Default: the policies of this repository.'),
  SOCLE_POLICY_KEYS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'File with the public keys (Ed25519, PEM) of those who may sign bundles of policies and rollbacks. Default: the installation alone signs.',
    ),
  SOCLE_LEAKED_PASSWORDS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'List of leaked passwords that nobody may choose, made by `socle passwords leaked build`. The most common ones are refused without it.',
    ),
  SOCLE_TRUSTED_PROXIES: z
    .string()
    .default('')
    .describe(
      'Comma-separated addresses or ranges of the reverse proxies whose X-Forwarded-For is believed.',
    ),
  SOCLE_WITNESSES: z
    .string()
    .default('')
    .transform((text, context) => {
      const entries = text
        .split(',')
        .map((entry) => entry.trim())
        .filter(Boolean);
      return entries.map((entry) => {
        const match = WITNESS.exec(entry);
        if (!match)
          context.addIssue({
            code: 'custom',
            message: 'must list "<verifier key> <https address>", with commas between',
          });
        return { verifierKey: match?.[1] ?? '', url: (match?.[2] ?? '').replace(/\/$/, '') };
      });
    })
    .describe(
      'Comma-separated witnesses of the audit log (C2SP tlog-witness), each "<verifier key> <address>": they cosign its checkpoints.',
    ),
  SOCLE_TIME_STAMP_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Time-stamp authority (RFC 3161) that vouches for the audit log once a day; its stamps go to SOCLE_DATA_DIR/stamps.',
    ),
  SOCLE_OPERATOR: z
    .string()
    .min(1)
    .max(120)
    .optional()
    .describe('Name of the authority that opens this service; its accessibility statement is in that name.'),
  SOCLE_ACCESSIBILITY_CONTACT: z
    .union([z.email(), z.url({ protocol: /^https$/ })])
    .optional()
    .describe(
      'Where people report what they cannot use: an e-mail address, or the https address of a form. Default: the statement sends them to their school.',
    ),
  SOCLE_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least level of log lines.'),
});

/** The service's configuration, frozen. */
export interface Config {
  readonly issuer: string;
  /** The issuer is on this very machine: http, generated keys and the demo are allowed. */
  readonly isLocal: boolean;
  readonly host: string;
  readonly port: number;
  readonly databaseUrl?: string;
  readonly migratorDatabaseUrl?: string;
  readonly sequencerDatabaseUrl?: string;
  readonly dataDir: string;
  readonly masterKeyFile?: string;
  readonly policiesDir: string;
  readonly leakedPasswordsFile?: string;
  readonly policyKeysFile?: string;
  readonly trustedProxies: readonly string[];
  readonly witnesses: readonly { readonly verifierKey: string; readonly url: string }[];
  readonly timeStampUrl?: string;
  /** Name of the authority that opens this service. */
  readonly operator?: string;
  /** E-mail address, or https address of a form. */
  readonly accessibilityContact?: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/**
 * Reads the configuration from `env`, whose other variables it ignores.
 *
 * @param repositoryRoot where `policies/` is, for the default.
 * @throws ServiceError `configuration_refused` that names every wrong or unknown `SOCLE_*` variable.
 */
export function loadConfig(env: NodeJS.ProcessEnv, repositoryRoot: string): Config {
  const ours = Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('SOCLE_')));
  const parsed = environmentSchema.safeParse(ours);
  if (!parsed.success) throw refuse(parsed.error.issues.flatMap(describeIssue).join('; '));
  const values = parsed.data;
  const issuer = new URL(values.SOCLE_ISSUER);
  const isLocal = LOOPBACK_HOSTS.has(issuer.hostname);
  if (issuer.pathname !== '/') throw refuse('SOCLE_ISSUER must have no path');
  if (!isLocal) checkSafeOutsideLocalhost(values);
  return Object.freeze({
    issuer: values.SOCLE_ISSUER,
    isLocal,
    host: values.SOCLE_HOST,
    port: values.SOCLE_PORT,
    ...(values.SOCLE_DATABASE_URL ? { databaseUrl: values.SOCLE_DATABASE_URL } : {}),
    ...(values.SOCLE_MIGRATOR_DATABASE_URL
      ? { migratorDatabaseUrl: values.SOCLE_MIGRATOR_DATABASE_URL }
      : {}),
    ...(values.SOCLE_SEQUENCER_DATABASE_URL
      ? { sequencerDatabaseUrl: values.SOCLE_SEQUENCER_DATABASE_URL }
      : {}),
    dataDir: path.resolve(values.SOCLE_DATA_DIR),
    ...(values.SOCLE_MASTER_KEY_FILE ? { masterKeyFile: path.resolve(values.SOCLE_MASTER_KEY_FILE) } : {}),
    ...(values.SOCLE_POLICY_KEYS_FILE ? { policyKeysFile: path.resolve(values.SOCLE_POLICY_KEYS_FILE) } : {}),
    policiesDir: path.resolve(values.SOCLE_POLICIES_DIR ?? path.join(repositoryRoot, 'policies')),
    ...(values.SOCLE_LEAKED_PASSWORDS_FILE
      ? { leakedPasswordsFile: path.resolve(values.SOCLE_LEAKED_PASSWORDS_FILE) }
      : {}),
    trustedProxies: Object.freeze(
      values.SOCLE_TRUSTED_PROXIES.split(',')
        .map((range) => range.trim())
        .filter(Boolean),
    ),
    witnesses: Object.freeze(values.SOCLE_WITNESSES),
    ...(values.SOCLE_TIME_STAMP_URL ? { timeStampUrl: values.SOCLE_TIME_STAMP_URL } : {}),
    ...(values.SOCLE_OPERATOR ? { operator: values.SOCLE_OPERATOR } : {}),
    ...(values.SOCLE_ACCESSIBILITY_CONTACT
      ? { accessibilityContact: values.SOCLE_ACCESSIBILITY_CONTACT }
      : {}),
    logLevel: values.SOCLE_LOG_LEVEL,
  });
}

function checkSafeOutsideLocalhost(values: z.infer<typeof environmentSchema>): void {
  const problems: string[] = [];
  if (!values.SOCLE_ISSUER.startsWith('https://'))
    problems.push('SOCLE_ISSUER must be https outside localhost');
  if (!values.SOCLE_MASTER_KEY_FILE) problems.push('SOCLE_MASTER_KEY_FILE is required outside localhost');
  if (!values.SOCLE_DATABASE_URL) problems.push('SOCLE_DATABASE_URL is required outside localhost');
  if (values.SOCLE_DATABASE_URL && !values.SOCLE_SEQUENCER_DATABASE_URL) {
    problems.push('SOCLE_SEQUENCER_DATABASE_URL is required beside SOCLE_DATABASE_URL');
  }
  if (problems.length > 0) throw refuse(problems.join('; '));
}

function describeIssue(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${key} is not a variable of Socle${suggest(key)}`);
  }
  return [`${issue.path.join('.')} ${issue.message.toLowerCase()}`];
}

/** The known variable that a mistyped one most likely meant. */
function suggest(key: string): string {
  const names = Object.keys(environmentSchema.shape);
  const closest = names
    .map((name) => ({ name, distance: editDistance(name, key) }))
    .sort((a, b) => a.distance - b.distance)[0]!;
  return closest.distance <= 4 ? ` (did you mean ${closest.name}?)` : ' (docs/configuration.md lists them)';
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(change, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}

function refuse(why: string): ServiceError {
  return new ServiceError('configuration_refused', {
    status: 400,
    publicMessage: `Configuration refused: ${why}.`,
  });
}
