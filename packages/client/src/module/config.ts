/** The configuration of a module, checked and frozen. */
export interface ModuleConfig {
  readonly host: string;
  readonly port: number;
  /** The module's public address, without a final slash. */
  readonly baseUrl: string;
  readonly databaseUrl: string;
  readonly migratorUrl?: string;
  /** The socle's address. */
  readonly issuer: string;
  readonly clientId: string;
  /** File of the module's private key, a JWK. */
  readonly clientKeyFile: string;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
}
