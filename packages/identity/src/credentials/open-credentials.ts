import type { Clock } from '@socle/base';
import type { AuditAppender, EventActor } from '@socle/audit';
import type { Database } from '@socle/db';
import type { Accounts } from '../accounts.ts';
import type { Passwords } from '../passwords.ts';
import type { PeoplePort } from '../ports.ts';
import { openFactorChanges } from './factor-changes.ts';
import { openGuessability } from './guessability.ts';
import type { LeakedPasswords } from './leaked-passwords.ts';
import { openOwnPasswords, type OwnPasswords } from './own-passwords.ts';
import { openPasswordPolicy } from './password-policy.ts';
import { openPasskeys, type Passkeys } from './passkeys.ts';
import { openSecondFactors, type SecondFactors } from './second-factors.ts';

/** What people prove themselves with, besides what administrators do to accounts. */
export interface Credentials {
  readonly factors: SecondFactors;
  readonly ownPasswords: OwnPasswords;
  readonly passkeys: Passkeys;
}

export interface CredentialsOptions {
  readonly database: Database;
  readonly audit: AuditAppender;
  readonly clock: Clock;
  readonly people: PeoplePort;
  readonly passwords: Passwords;
  readonly accounts: Accounts;
  readonly issuer: URL;
  readonly sealingKey: Buffer;
  readonly platformController: string;
  readonly leakedPasswords?: LeakedPasswords | undefined;
  readonly endSessions: (accountId: string, actor: EventActor, except?: string) => Promise<unknown>;
}

/** Opens them over the same database, log and clock. */
export function openCredentials(options: CredentialsOptions): Credentials {
  const policy = openPasswordPolicy({
    estimate: openGuessability(),
    isLeaked: async (password) => (await options.leakedPasswords?.has(password)) ?? false,
  });
  const changes = openFactorChanges(options);
  return {
    factors: openSecondFactors({ ...options, changes }),
    passkeys: openPasskeys({ ...options, changes, key: options.sealingKey }),
    ownPasswords: openOwnPasswords({ ...options, policy }),
  };
}
