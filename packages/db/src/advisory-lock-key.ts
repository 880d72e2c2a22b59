import { createHash } from 'node:crypto';

/**
 * The number of an advisory lock, made from its name (`identity.signing-keys`): two jobs that name their locks after
 * themselves never block each other. Text, because PostgreSQL's bigint exceeds what a JavaScript number holds.
 */
export function advisoryLockKey(name: string): string {
  return createHash('sha256').update(`socle lock ${name}`).digest().readBigInt64BE().toString();
}
