/** Fields of a log line: ids and counts only. Names, logins, addresses, tokens and codes never go in. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** What a package needs to write log lines; pino satisfies it through the services' mains. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** A log that writes nothing: the default of libraries, so that using one alone stays quiet. */
export const silentLog: Log = Object.freeze({ debug() {}, info() {}, warn() {}, error() {} });
