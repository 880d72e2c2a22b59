import { parseArgs } from 'node:util';
import { isUuid, type PersonId } from '@socle/base';
import { findPerson } from '@socle/directory';
import type { Account } from '@socle/identity';
import type { Socle } from '../compose.ts';
import { ServiceError } from '../errors.ts';
import { EXIT, type Command, type CommandIo } from './command.ts';
import { importHashes } from './import-hashes.ts';
import { COMMAND_LINE, withSocle } from './runtime.ts';
import { print, readStandardInput } from './session.ts';

const VERBS = ['find', 'show', 'activate', 'set-password', 'suspend', 'resume', 'unlock'] as const;
type Verb = (typeof VERBS)[number];

/** `socle account`. */
export const accountCommand: Command = {
  name: 'account',
  summary: 'Finds and changes accounts',
  usage: `
Usage: socle account <verb> <login or id> [--json]

Verbs:
  find, show      who it is, and the state of the account (the id is the account's or the person's)
  activate        makes an account for a person: socle account activate PERSON-ID --login LOGIN --stdin
  set-password    sets a password, read from standard input: … --stdin; ends every session
  suspend         refuses the account everywhere and ends its sessions: … --reason CODE
  resume          lets a suspended account sign in again
  unlock          forgets failed attempts
  import-hashes   takes hashes of another system: … import-hashes FILE (or --stdin), one {"login", "hash"} a line;
                  bcrypt, PBKDF2, SHA-crypt ($5$, $6$), MD5 and SHA-256 in hexadecimal; replaced at the first sign-in

Secrets are read from standard input (--stdin), never from an argument.
`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        stdin: { type: 'boolean' },
        login: { type: 'string' },
        reason: { type: 'string' },
      },
    });
    const [verb, name, ...rest] = positionals;
    if (verb === 'import-hashes' && rest.length === 0 && (name !== undefined) !== (values.stdin === true)) {
      return withSocle(io, async ({ identity }) => {
        const done = await importHashes(identity, name, COMMAND_LINE);
        print(io, values.json, done, [
          `${done.imported} hashes imported`,
          ...done.refused.map((each) => `line ${each.line} left out: ${each.why}`),
        ]);
        return done.refused.length > 0 ? EXIT.refused : EXIT.done;
      });
    }
    if (!isVerb(verb) || name === undefined || rest.length > 0) {
      io.stderr(
        `socle account: say one of ${VERBS.join(', ')}, then a login or an id. See socle account --help.\n`,
      );
      return EXIT.usage;
    }
    const needsSecret = verb === 'set-password' || verb === 'activate';
    if (needsSecret && !values.stdin) {
      io.stderr(
        `socle account: give the password on standard input and say --stdin (it never stands in an argument).\n`,
      );
      return EXIT.usage;
    }
    if (verb === 'activate' && !values.login) {
      io.stderr('socle account: activate needs --login LOGIN.\n');
      return EXIT.usage;
    }
    const secret = needsSecret ? await readStandardInput() : '';
    return withSocle(io, async (socle) => {
      const account =
        verb === 'activate'
          ? await socle.identity.accounts.create(
              { personId: requirePersonId(name), login: values.login! },
              COMMAND_LINE,
            )
          : await requireAccount(socle, name);
      await act(socle, verb, account, secret, values.reason);
      return show(socle, account.id, io, values.json);
    });
  },
};

async function act(
  socle: Socle,
  verb: Verb,
  account: Account,
  secret: string,
  reason: string | undefined,
): Promise<void> {
  const { accounts } = socle.identity;
  switch (verb) {
    case 'activate':
    case 'set-password':
      return accounts.setPassword(account.id, secret, {
        ...COMMAND_LINE,
        mustChange: verb === 'set-password',
      });
    case 'suspend':
      return accounts.suspend(account.id, { ...COMMAND_LINE, reason: reason ?? 'operator' });
    case 'resume':
      return accounts.resume(account.id, COMMAND_LINE);
    case 'unlock':
      return accounts.unlock(account.id, COMMAND_LINE);
    case 'find':
    case 'show':
  }
}

/** Prints one account. Reading a person's record is an event of the log. */
async function show(
  socle: Socle,
  accountId: string,
  io: CommandIo,
  json: boolean | undefined,
): Promise<number> {
  const account = (await socle.identity.accounts.find({ id: accountId }))!;
  const person = await socle.database.transaction(
    async (tx) => {
      const found = await findPerson(tx, account.personId);
      if (!found) return undefined;
      await socle.audit.append(tx, {
        controller: found.controller,
        ...COMMAND_LINE,
        action: 'directory.person.read',
        target: { kind: 'person', id: found.id },
        outcome: 'success',
        purpose: 'administration',
      });
      return found;
    },
    { scope: 'all' },
  );
  const document = {
    id: account.id,
    person: account.personId,
    login: account.login,
    displayName: person?.displayName ?? null,
    status: account.status,
    personStatus: person?.status ?? null,
    hasPassword: account.hasPassword,
    mustChangePassword: account.mustChangePassword,
    createdAt: account.createdAt.toISOString(),
  };
  print(
    io,
    json,
    document,
    Object.entries(document).map(([key, value]) => `${key.padEnd(20)}${String(value ?? '–')}`),
  );
  return EXIT.done;
}

async function requireAccount(socle: Socle, name: string): Promise<Account> {
  const { accounts } = socle.identity;
  const account = isUuid(name)
    ? ((await accounts.find({ id: name })) ?? (await accounts.find({ personId: name as PersonId })))
    : await accounts.find({ login: name });
  if (account) return account;
  throw new ServiceError('not_found', {
    status: 404,
    publicMessage: 'There is no account with that login or id.',
  });
}

function requirePersonId(name: string): PersonId {
  if (isUuid(name)) return name as PersonId;
  throw new ServiceError('request_refused', {
    status: 400,
    publicMessage: 'activate takes the id of a person (a UUID).',
  });
}

function isVerb(verb: string | undefined): verb is Verb {
  return VERBS.includes(verb as Verb);
}
