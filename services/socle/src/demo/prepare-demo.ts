import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { PersonId } from '@socle/base';
import { importAaf, loadSchools } from '@socle/directory';
import { newTotpSecret } from '@socle/identity';
import type { CommandIo } from '../cli/command.ts';
import type { Socle } from '../compose.ts';
import type { RuntimeDatabase } from '../runtime-database.ts';
import { demoAccounts, type DemoAccount } from './accounts.ts';
import { prepareModule, type ModuleEnvironment } from './modules.ts';
import { badgeOf, prepareBadges } from './badges.ts';
import { inventPassword, loadSecrets, saveAccountLines, type DemoAccountLine } from './passwords.ts';
import { preparePerson } from './people.ts';
import { demoSchoolAbroad } from './school-abroad.ts';
import { prepareSchoolAbroad } from './school-abroad-people.ts';
import { DEMO_ACADEMY, writeDemoTerritory } from './territory.ts';

/** Where the demo's things are. */
export interface DemoResult {
  readonly accountsFile: string;
  /** By module. */
  readonly modules: Readonly<Record<string, ModuleEnvironment>>;
}

const BY_DEMO = { actor: { kind: 'system', id: 'demo' } } as const;

/**
 * Fills an empty data folder with the demo territory: AAF files through the real importer, accounts with random passwords,
 * the modules of this machine. Running it again, also after it was interrupted, adds what is missing and changes nothing else.
 */
export async function prepareDemo(
  socle: Socle,
  runtime: RuntimeDatabase,
  documents: readonly unknown[],
  io: CommandIo,
): Promise<DemoResult> {
  await importTerritory(socle, io);
  const accountsFile = path.join(socle.config.dataDir, 'demo-accounts.json');
  await prepareAccounts(socle, accountsFile);
  const modules: Record<string, ModuleEnvironment> = {};
  for (const document of documents) {
    const { id, environment } = await prepareModule(socle, runtime, document, io.env);
    modules[id] = environment;
  }
  return { accountsFile, modules };
}

async function importTerritory(socle: Socle, io: CommandIo): Promise<void> {
  const feed = path.join(socle.config.dataDir, 'demo', 'aaf');
  if (!existsSync(feed)) {
    const draft = `${feed}.new`;
    await rm(draft, { recursive: true, force: true });
    await writeDemoTerritory(draft, socle.clock.now());
    await rename(draft, feed);
  }
  const report = await importAaf({
    source: feed,
    database: socle.database,
    audit: socle.audit,
    clock: socle.clock,
    log: socle.log,
    academy: DEMO_ACADEMY,
  });
  const { schools, pupils, relatives, staff } = report;
  io.stderr(`demo territory: ${schools} schools, ${pupils} pupils, ${relatives} relatives, ${staff} staff\n`);
}

/** The file is written first: a password that was set is always one that can be read there. */
async function prepareAccounts(socle: Socle, file: string): Promise<void> {
  const abroad = await prepareSchoolAbroad(socle);
  const secrets = await loadSecrets(file);
  const names = await loadSchoolNames(socle);
  const describe = (account: Described): DemoAccountLine => ({
    username: account.username,
    password: secrets.get(account.username)?.password ?? inventPassword(),
    role: account.role,
    school: account.school ? (names.get(account.school) ?? null) : null,
    displayName: account.displayName,
    note: account.note,
    ...badgeOf(secrets.get(account.username)),
    ...(account.secondFactor && {
      totpSecret: secrets.get(account.username)?.totpSecret ?? newTotpSecret(),
    }),
  });
  const lines = [
    ...demoAccounts.map(describe),
    ...demoSchoolAbroad.people.map((entry) =>
      describe({
        ...entry,
        school: demoSchoolAbroad.school.uai,
        displayName: `${entry.givenName} ${entry.familyName}`,
      }),
    ),
  ];
  await saveAccountLines(file, lines);
  const known = new Map<string, PersonId>();
  for (const line of lines) {
    const { username } = line;
    const account = demoAccounts.find((candidate) => candidate.username === username);
    const findPerson = async () => (account ? preparePerson(socle, account, known) : abroad.get(username)!);
    known.set(username, await prepareAccount(socle, line, findPerson));
  }
  await saveAccountLines(file, await prepareBadges(socle, lines, known));
}

interface Described extends Pick<DemoAccount, 'username' | 'role' | 'displayName' | 'note' | 'secondFactor'> {
  readonly school?: string;
}

async function prepareAccount(
  socle: Socle,
  { username: login, password, totpSecret }: DemoAccountLine,
  findPerson: () => Promise<PersonId>,
): Promise<PersonId> {
  const { accounts, factors } = socle.identity;
  const account =
    (await accounts.find({ login })) ??
    (await accounts.create({ personId: await findPerson(), login }, BY_DEMO));
  if (!account.hasPassword)
    await accounts.setPassword(account.id, password, { ...BY_DEMO, mustChange: false });
  if (totpSecret !== undefined && !(await factors.list(account.id)).totp) {
    await factors.assignTotp(account.id, totpSecret, BY_DEMO);
  }
  return account.personId;
}

async function loadSchoolNames(socle: Socle): Promise<Map<string, string>> {
  const schools = await socle.database.transaction((tx) => loadSchools(tx), { scope: 'all', readOnly: true });
  return new Map(schools.map((school) => [school.uai, school.name]));
}
