import type { Log, PersonId } from '@socle/base';
import type { AccountsPort, SessionsPort } from '@socle/directory';
import type { Identity } from '@socle/identity';

/** What the directory asks of those who keep accounts and sessions. */
export interface DirectoryPorts {
  readonly accounts: AccountsPort;
  readonly sessions: SessionsPort;
}

const BY_DIRECTORY = { actor: { kind: 'system', id: 'directory' } } as const;

/** Identity's side of the directory's ports. */
export function buildDirectoryPorts(
  identity: Pick<Identity, 'accounts' | 'sessions'>,
  log: Log,
): DirectoryPorts {
  async function endSessionsOf(person: PersonId): Promise<void> {
    const account = await identity.accounts.find({ personId: person });
    if (account) await identity.sessions.endAll(account.id, BY_DIRECTORY);
  }
  // Both keep their accounts; who is behind each is asked anew at the next sign-in.
  const signOutBoth: AccountsPort['peopleJoined'] = (tx, { survivor, absorbed }) => {
    tx.afterCommit(() => {
      Promise.all([endSessionsOf(survivor), endSessionsOf(absorbed)]).catch((error: unknown) =>
        log.warn({ name: (error as Error).name }, 'sessions of people who were joined or parted go on'),
      );
    });
    return Promise.resolve();
  };
  return {
    sessions: { endSessionsOf },
    accounts: { peopleJoined: signOutBoth, peopleParted: signOutBoth },
  };
}
