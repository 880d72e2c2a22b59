import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { systemClock, type Clock, type ControllerId, type PersonId, type SchoolId } from '@socle/base';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import {
  assignTeaching,
  createPerson,
  ensureAcademy,
  ensureController,
  ensureSubject,
  grantRole,
  joinDivision,
  openDivision,
  openSchool,
  type Academy,
  type DivisionId,
  type SubjectId,
  type WriteContext,
} from '@socle/directory';
import { newTotpSecret } from '@socle/identity';
import {
  buildServer,
  composeSocle,
  factorDemandOf,
  loadConfig,
  migrationSets,
  openMetrics,
  type Socle,
} from '@socle/service';
import { answerCode, sendForm } from './forms.ts';
import { openBrowser, type HttpBrowser } from './http-browser.ts';
import type { SocleProcessOptions } from './socle-process.ts';

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const REPOSITORY = path.resolve(import.meta.dirname, '../..');

/** One of the two schools, each with a controller of its own and one class. */
export interface TestSchool {
  readonly id: SchoolId;
  readonly controller: ControllerId;
  readonly division: DivisionId;
}

/** Somebody to add. */
export interface NewTestPerson {
  readonly givenName: string;
  readonly familyName?: string;
  /** `YYYY-MM-DD`. */
  readonly birthDate?: string;
  readonly school?: TestSchool;
  /** Roles in `school`, or over the academy. */
  readonly roles?: readonly string[];
  readonly academyRoles?: readonly string[];
  /** Teaches the class of `school`, or belongs to it. */
  readonly teaches?: boolean;
  readonly isPupil?: boolean;
}

/** Somebody who can sign in. */
export interface TestPerson {
  readonly id: PersonId;
  readonly accountId: string;
  readonly login: string;
  readonly password: string;
  /** Base32, for those whose roles demand a second factor. */
  readonly totpSecret?: string;
}

/** The composed service over HTTP on a database of its own: for tests of its pages and interfaces without a whole territory. */
export interface SocleUnderTest {
  readonly issuer: string;
  readonly socle: Socle;
  readonly database: TestDatabase;
  readonly dataDir: string;
  readonly academy: Academy;
  readonly subject: SubjectId;
  /** Collège Le Phare, class 4A. */
  readonly phare: TestSchool;
  /** Collège Les Embruns, class 4E: another controller. */
  readonly embruns: TestSchool;
  readonly context: () => WriteContext;
  add(person: NewTestPerson): Promise<TestPerson>;
  /** A browser in which this person is signed in. */
  signIn(person: TestPerson, start?: string): Promise<HttpBrowser>;
  /** With `isProcess`: ends the serving process with SIGKILL, and starts another. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Composes and starts it. Everything is real but the territory, which is two small schools made by hand. */
export async function openSocleUnderTest(
  options: {
    readonly clock?: Clock;
    readonly env?: Readonly<Record<string, string>>;
    /** Serves from a process of its own, which can be killed. Default: from this one. */
    readonly isProcess?: boolean;
  } = {},
): Promise<SocleUnderTest> {
  const clock = options.clock ?? systemClock;
  const dataDir = await mkdtemp('/tmp/socle-under-test-');
  const port = await findFreePort();
  const issuer = `http://localhost:${port}`;
  const env = { SOCLE_ISSUER: issuer, SOCLE_PORT: String(port), SOCLE_DATA_DIR: dataDir, ...options.env };
  const config = loadConfig(env, REPOSITORY);
  const database = await openTestDatabase(migrationSets);
  const socle = await composeSocle({
    config,
    databaseUrl: database.url('app'),
    clock,
    log: SILENT,
    policyWorlds: 500,
  });
  const app = options.isProcess ? undefined : await buildServer(socle, openMetrics(), []);
  await app?.listen({ host: '127.0.0.1', port });
  const startProcess = () =>
    forkSocle({ databaseUrl: database.url('app'), env, repository: REPOSITORY, port });
  let serving = options.isProcess ? await startProcess() : undefined;
  const kill = async (): Promise<void> => {
    if (serving === undefined) return;
    const ended = once(serving, 'exit');
    serving.kill('SIGKILL');
    serving = undefined;
    await ended;
  };
  const context = (): WriteContext => ({
    audit: socle.audit,
    author: { kind: 'system', id: 'test' },
    at: clock.now(),
  });
  const { academy, subject, phare, embruns } = await openSchools(socle, context());
  let people = 0;

  return {
    issuer,
    socle,
    database,
    dataDir,
    academy,
    subject,
    phare,
    embruns,
    context,
    async add(person) {
      people += 1;
      const id = await socle.database.transaction(
        (tx) => addPerson({ tx, person, academy, subject, context: context() }),
        { scope: 'all' },
      );
      const login = `${person.givenName
        .toLowerCase()
        .normalize('NFD')
        .replace(/[^a-z]/g, '')}.${people}`;
      const password = `Une marée de ${people} crabes verts`;
      const by = { actor: { kind: 'system', id: 'test' } } as const;
      const account = await socle.identity.accounts.create({ personId: id, login }, by);
      await socle.identity.accounts.setPassword(account.id, password, by);
      const demand = factorDemandOf([...(person.roles ?? []), ...(person.academyRoles ?? [])]);
      if (demand !== 'always') return { id, accountId: account.id, login, password };
      const totpSecret = newTotpSecret();
      await socle.identity.factors.assignTotp(account.id, totpSecret, by);
      return { id, accountId: account.id, login, password, totpSecret };
    },
    async signIn(person, start = '/') {
      const browser = openBrowser();
      const page = await browser.follow(await browser.get(`${issuer}${start}`));
      const proven = await sendForm(browser, page, /^\/sign-in\//, {
        username: person.login,
        password: person.password,
      });
      const answer = await answerCode(browser, proven, person.totpSecret);
      if (answer.url.includes('/sign-in'))
        throw new Error(`${person.login} was not signed in: ${answer.url}`);
      return browser;
    },
    kill,
    async restart() {
      serving = await startProcess();
    },
    async close() {
      await kill();
      await app?.close();
      await socle.close();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function forkSocle(options: SocleProcessOptions): Promise<ChildProcess> {
  const child = fork(path.join(import.meta.dirname, 'socle-process.ts'), {
    env: { ...process.env, SOCLE_PROCESS: JSON.stringify(options) },
    execArgv: [],
  });
  const ended = once(child, 'exit').then(() => 'ended');
  if ((await Promise.race([once(child, 'message'), ended])) === 'ended')
    throw new Error('the service did not start in its process');
  return child;
}

async function openSchools(socle: Socle, context: WriteContext) {
  return socle.database.transaction(
    async (tx) => {
      const { at } = context;
      const academy = await ensureAcademy(tx, { code: '98', at });
      const subject = await ensureSubject(tx, { academy: academy.id, code: '020700', name: 'FRANCAIS', at });
      const open = async (uai: string, name: string, code: string): Promise<TestSchool> => {
        const controller = await ensureController(tx, {
          code: `head:${uai}`,
          name,
          kind: 'head_of_school',
          at,
        });
        const id = await openSchool(
          tx,
          {
            uai,
            name,
            controller,
            kind: 'college',
            degree: '2D',
            language: 'fr',
            timeZone: 'Europe/Paris',
            academy: academy.id,
          },
          context,
        );
        const division = await openDivision(tx, { school: id, kind: 'class', code, name: code }, context);
        return { id, controller, division };
      };
      return {
        academy,
        subject,
        phare: await open('9800001A', 'Collège Le Phare', '4A'),
        embruns: await open('9800002B', 'Collège Les Embruns', '4E'),
      };
    },
    { scope: 'all' },
  );
}

async function addPerson(options: {
  readonly tx: Parameters<typeof createPerson>[0];
  readonly person: NewTestPerson;
  readonly academy: Academy;
  readonly subject: SubjectId;
  readonly context: WriteContext;
}): Promise<PersonId> {
  const { tx, person, academy, subject, context } = options;
  const { givenName, familyName = 'Le Goff', birthDate, school } = person;
  const id = await createPerson(
    tx,
    {
      givenName,
      familyName,
      controller: school?.controller ?? academy.controller,
      ...(birthDate === undefined ? {} : { birthDate }),
    },
    context,
  );
  const roles = [
    ...(person.roles ?? []),
    ...(person.isPupil ? ['pupil'] : []),
    ...(person.teaches ? ['teacher'] : []),
  ];
  for (const role of new Set(roles)) {
    await grantRole(tx, { person: id, role, domain: { school: school!.id }, reason: 'test' }, context);
  }
  for (const role of person.academyRoles ?? []) {
    await grantRole(tx, { person: id, role, domain: { academy: academy.id }, reason: 'test' }, context);
  }
  if (person.teaches) await assignTeaching(tx, { person: id, division: school!.division, subject }, context);
  if (person.isPupil) await joinDivision(tx, { person: id, division: school!.division }, context);
  return id;
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return port;
}
