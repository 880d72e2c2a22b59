import { z } from 'zod';
import { ClientError } from '../errors.ts';
import { isLoopbackHost, parseIssuer, parseOrigin } from '../options.ts';

/** The configuration of a module, checked and frozen. */
export interface ModuleConfig {
  readonly host: string;
  readonly port: number;
  /** The module's public address, without a final slash. */
  readonly baseUrl: string;
  readonly databaseUrl: string;
  /** Login that applies migrations at start. Without it they must have been applied. */
  readonly migratorUrl?: string;
  /** The socle's address. */
  readonly issuer: string;
  readonly clientId: string;
  /** File of the module's private key, a JWK. */
  readonly clientKeyFile: string;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
}

export interface ModuleConfigDefaults {
  /** `GRADES` reads `GRADES_PORT`, `GRADES_DATABASE_URL`, … */
  readonly prefix: string;
  /** The port when the environment says none. */
  readonly port: number;
}

/** The variables of a module, without their prefix, for the generated documentation. */
export const moduleVariables = z.strictObject({
  HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  PORT: z.coerce.number().int().min(1).max(65_535).describe('Port to listen on.'),
  BASE_URL: z.string().optional().describe('Public origin of the module. Default: http://localhost:PORT.'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be a postgres:// address')
    .describe("The module's own database, at its service login."),
  MIGRATOR_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be a postgres:// address')
    .optional()
    .describe('The same database at the login that applies migrations.'),
  CLIENT_ID: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/)
    .describe('Name under which the module is registered. Default: the prefix in lower case.'),
  CLIENT_KEY_FILE: z.string().min(1).describe("File of the module's private key, a JWK."),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

/**
 * Reads `<PREFIX>_*` and `SOCLE_ISSUER` (default `http://localhost:3000`). Pure; the result is frozen.
 *
 * @throws ClientError `module_config_invalid` that names the variables at fault, never their values: an unknown
 *   `<PREFIX>_*` (a typo), a missing or malformed one, an http address outside the loopback range.
 */
export function loadModuleConfig(
  env: Readonly<Record<string, string | undefined>>,
  { prefix, port }: ModuleConfigDefaults,
): ModuleConfig {
  const own: Record<string, string> = { PORT: String(port), CLIENT_ID: prefix.toLowerCase() };
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith(`${prefix}_`) && value !== undefined && value !== '')
      own[name.slice(prefix.length + 1)] = value;
  }
  const parsed = moduleVariables.safeParse(own);
  if (!parsed.success) throw invalid(parsed.error.issues.map((issue) => describe(issue, prefix)).join('; '));
  const { data } = parsed;
  const baseUrl = parseOrigin(data.BASE_URL ?? `http://localhost:${data.PORT}`, `${prefix}_BASE_URL`);
  if (baseUrl.startsWith('http:') && !isLoopbackHost(data.HOST)) {
    throw invalid(`${prefix}_HOST listens beyond this machine, so ${prefix}_BASE_URL must be https`);
  }
  return Object.freeze({
    host: data.HOST,
    port: data.PORT,
    baseUrl,
    databaseUrl: data.DATABASE_URL,
    ...(data.MIGRATOR_URL === undefined ? {} : { migratorUrl: data.MIGRATOR_URL }),
    issuer: parseIssuer(env.SOCLE_ISSUER ?? 'http://localhost:3000'),
    clientId: data.CLIENT_ID,
    clientKeyFile: data.CLIENT_KEY_FILE,
    logLevel: data.LOG_LEVEL,
  });
}

function describe(issue: z.core.$ZodIssue, prefix: string): string {
  if (issue.code === 'unrecognized_keys')
    return `unknown ${issue.keys.map((key) => `${prefix}_${key}`).join(', ')}`;
  const name = `${prefix}_${issue.path.join('_')}`;
  // Zod's own sentences do not quote the value, but those of a future version might: the code alone is said.
  return issue.code === 'invalid_type' ? `${name} is missing` : `${name} is not acceptable`;
}

function invalid(why: string): ClientError {
  return new ClientError('module_config_invalid', {
    status: 503,
    publicMessage: `The configuration is wrong: ${why}.`,
  });
}
