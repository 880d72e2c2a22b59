import { fileURLToPath } from 'node:url';
import { loadPolicies, type PersonFacts } from '@socle/authorization';
import type { Tx } from '@socle/db';
import * as directory from '@socle/directory';
import { ATTACKS_ON_CLASSES } from './directory-attacks-on-classes.ts';
import {
  ADMINISTRATION_NEEDS_THE_SCOPE_OF_ALL,
  ATTACKS_ON_ADMINISTRATION,
} from './directory-attacks-on-administration.ts';
import type { DirectoryWorld } from './directory-world.ts';

const policies = await loadPolicies(fileURLToPath(new URL('../../policies', import.meta.url)));

type Attack = (tx: Tx, world: DirectoryWorld) => Promise<unknown>;

const done = async (work: Promise<void>): Promise<string> => {
  await work;
  return 'done';
};
const asEntity = (id: string) => id as directory.EntityId;
const at = (world: DirectoryWorld) => world.directory.clock.now();
const later = (world: DirectoryWorld, days: number) => new Date(at(world).getTime() + days * 86_400_000);

/** For each reader and writer, a call about the collège: run under another scope, it must give or do nothing. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  ...ATTACKS_ON_CLASSES,
  ...ATTACKS_ON_ADMINISTRATION,
  assignTeaching: async (tx, w) => {
    const subject = await anySubject(tx);
    return done(directory.assignTeaching(tx, { person: w.cpe, division: w.division, subject }, w.context()));
  },
  changeEntitySettings: (tx, w) =>
    done(directory.changeEntitySettings(tx, asEntity(w.college.id), { law: 'BE' }, w.context())),
  findImportRun: async (tx, w) => {
    return directory.findImportRun(tx, await ownRun(w), at(w));
  },
  loadImportRuns: async (tx, w) => {
    await ownRun(w);
    const filter = { academies: [w.college.academy], startedBy: 'nobody' };
    return directory.loadImportRuns(tx, filter, { at: at(w), limit: 5 });
  },
  closeAuthorityReview: async (tx, w) => {
    const review = '018f3c1e-7a00-7000-8000-00000000000d' as directory.AuthorityReviewId;
    const [link] = await w.directory.admin.query<{ id: string }>(
      'SELECT id FROM directory.guardian_links WHERE child_id = $1 LIMIT 1',
      [w.pupil],
    );
    await tx.query(
      `INSERT INTO directory.authority_reviews (id, link_id, child_id, adult_id, controller_id, believed, decided, since, until)
       VALUES ($1, $2, $3, $4, $5, 'joint', 'none', '2026-01-01', '2026-02-01')`,
      [review, link!.id, w.pupil, w.relative, w.college.controller],
    );
    return done(directory.closeAuthorityReview(tx, { id: review, by: w.head, outcome: 'told' }, w.context()));
  },
  confirmAuthority: async (tx, w) => {
    const id = await enter(tx, w);
    return directory.confirmAuthority(tx, id, w.cpe, w.context());
  },
  createGuest: (tx, w) =>
    directory.createGuest(
      tx,
      {
        givenName: 'Solène',
        familyName: 'Dœuvre',
        school: w.college.id,
        sponsor: w.teacher,
        until: later(w, 30),
        reason: 'Atelier',
      },
      w.context(),
    ),
  createPerson: (tx, w) =>
    directory.createPerson(
      tx,
      { givenName: 'Anaïs', familyName: 'Dœuvre', controller: w.college.controller },
      w.context(),
    ),
  declareDistinct: (tx, w) =>
    done(directory.declareDistinct(tx, { one: w.pupil, other: w.relative, by: w.head }, w.context())),
  dropYear: async (tx, w) => done(directory.dropYear(tx, await prepare(tx, w), w.context())),
  endGuestsWithoutSponsor: async (tx, w) => {
    await tx.query(
      `INSERT INTO directory.roles (id, person_id, role, scope, school_id, controller_id, source, valid_from, valid_to,
         sponsor_id, reason)
       SELECT $1, $2, 'guest', 'school', $3, $4, 'manual', $5, $6, $2, 'Essai'`,
      [
        '018f3c1e-7a00-7000-8000-00000000000b',
        w.relative,
        w.college.id,
        w.college.controller,
        at(w),
        later(w, 30),
      ],
    );
    return directory.endGuestsWithoutSponsor(tx, w.context());
  },
  endRole: async (tx, w) => {
    const [role] = await w.directory.admin.query<{ id: directory.RoleId }>(
      `SELECT id FROM directory.roles WHERE person_id = $1`,
      [w.cpe],
    );
    return done(directory.endRole(tx, role!.id, w.context()));
  },
  findDivision: (tx, w) => directory.findDivision(tx, w.division),
  findEntityByCode: (tx, w) => directory.findEntityByCode(tx, 'school', w.college.uai),
  findEntity: (tx, w) => directory.findEntity(tx, asEntity(w.college.id)),
  enterAuthority: (tx, w) => enter(tx, w),
  findCurrentPerson: (tx, w) => directory.findCurrentPerson(tx, w.pupil),
  findOpenRollover: async (tx, w) => {
    await prepare(tx, w);
    return directory.findOpenRollover(tx, w.college.id);
  },
  findPerson: (tx, w) => directory.findPerson(tx, w.pupil),
  findPersonByJoinKey: (tx) => directory.findPersonByJoinKey(tx, { kind: 'aaf', value: '99-1001' }),
  grantRole: (tx, w) =>
    directory.grantRole(
      tx,
      { person: w.cpe, role: 'staff', domain: { school: w.college.id }, reason: 'Essai' },
      w.context(),
    ),
  joinDivision: async (tx, w) => {
    const group = await directory.openDivision(
      tx,
      { school: w.college.id, kind: 'group', code: 'CHORALE', name: 'Chorale' },
      w.context(),
    );
    return done(directory.joinDivision(tx, { person: w.pupil, division: group }, w.context()));
  },
  loadAuthorityRequests: async (tx, w) => {
    await enter(tx, w);
    return directory.loadAuthorityRequests(tx, at(w));
  },
  loadAuthorityReviews: async (tx, w) => {
    await directory.setGuardianAuthority(
      tx,
      {
        child: w.pupil,
        adult: w.relative,
        exercise: 'joint',
        validFrom: later(w, -30),
        recordedBy: w.head,
        confirmedBy: w.cpe,
      },
      w.context(),
    );
    await directory.setGuardianAuthority(
      tx,
      {
        child: w.pupil,
        adult: w.relative,
        exercise: 'none',
        validFrom: later(w, -20),
        recordedBy: w.head,
        confirmedBy: w.cpe,
      },
      w.context(),
    );
    return directory.loadAuthorityReviews(tx);
  },
  loadAuthorityHistory: (tx, w) => directory.loadAuthorityHistory(tx, w.pupil),
  loadFamily: (tx, w) => directory.loadFamily(tx, w.pupil, at(w)),
  loadChildren: (tx, w) => directory.loadChildren(tx, w.relative, at(w)),
  loadClassesTaught: async (tx, w) => {
    const taught = await directory.loadClassesTaught(tx, w.teacher, at(w));
    return taught.filter(({ division }) => division.school === w.college.id);
  },
  loadControllersOf: (tx, w) => directory.loadControllersOf(tx, { school: w.college.id }),
  loadHeldRoles: (tx, w) => directory.loadHeldRoles(tx, { role: 'pupil', person: w.pupil }),
  listPeopleOfPlace: (tx, w) =>
    directory.listPeopleOfPlace(tx, { school: w.college.id }, { at: at(w), limit: 50 }),
  loadManyPersonFacts: async (tx, w) => [
    ...(await directory.loadManyPersonFacts(tx, [w.pupil], at(w))).values(),
  ],
  loadPersonCards: async (tx, w) => [...(await directory.loadPersonCards(tx, [w.pupil], at(w))).values()],
  loadDivisions: (tx, w) => directory.loadDivisions(tx, w.college.id),
  loadEntityTrail: async (tx, w) => directory.loadEntityTrail(tx, asEntity(w.college.id)),
  loadEntitiesBelow: async (tx, w) => {
    const below = await directory.loadEntitiesBelow(tx, asEntity(w.college.academy));
    return below.filter(({ id }) => (id as string) === w.college.id);
  },
  loadHeadTeacherOf: (tx, w) => directory.loadHeadTeacherOf(tx, w.teacher, at(w)),
  loadMembers: (tx, w) => directory.loadMembers(tx, w.division, at(w)),
  loadMemberships: (tx, w) => directory.loadMemberships(tx, w.pupil, at(w)),
  loadPersonFacts: (tx, w) => directory.loadPersonFacts(tx, w.pupil, at(w)),
  loadRollovers: async (tx, w) => {
    await prepare(tx, w);
    return directory.loadRollovers(tx, w.college.id);
  },
  loadSchools: (tx, w) => directory.loadSchools(tx, { ids: [w.college.id] }),
  loadMerges: async (tx, w) => {
    await tx.query(
      `INSERT INTO directory.person_merges (id, survivor_id, absorbed_id, controller_id, score, reason, merged_by, merged_at)
       VALUES ('018f3c1e-7a00-7000-8000-00000000000c', $1, $2, $3, 0, 'Essai', $4, $5)`,
      [w.pupil, w.relative, w.college.controller, w.head, at(w)],
    );
    return directory.loadMerges(tx, w.pupil);
  },
  openDivision: (tx, w) =>
    directory.openDivision(
      tx,
      { school: w.college.id, kind: 'class', code: '3Z', name: 'Troisième Z' },
      w.context(),
    ),
  openSchool: (tx, w) =>
    directory.openSchool(
      tx,
      { ...w.college, uai: '9990003Z', name: 'Annexe', controller: w.college.controller },
      w.context(),
    ),
  planPerson: async (tx, w) =>
    done(directory.planPerson(tx, await prepare(tx, w), { person: w.pupil, role: 'pupil' })),
  prepareYear: (tx, w) => prepare(tx, w),
  unplanPerson: async (tx, w) => done(directory.unplanPerson(tx, await prepare(tx, w), w.pupil)),
  proposeDuplicates: async (tx, w) => {
    const { givenName, familyName } = (await directory.findPerson(tx, w.pupil)) ?? {
      givenName: 'Zoé',
      familyName: 'x',
    };
    const twin = await directory.createPerson(
      tx,
      { givenName, familyName, controller: w.college.controller },
      w.context(),
    );
    const found = await directory.proposeDuplicates(tx, { school: w.college.id, at: at(w), atLeast: 30 });
    return found.filter(({ one, other }) => one.id === twin || other.id === twin);
  },
  opposeCorrespondence: async (tx, w) => {
    await tx.query(`UPDATE directory.people SET birth_date = '2000-01-01' WHERE id = $1`, [w.pupil]);
    const context = { ...w.context(), author: { kind: 'person', id: w.pupil } as const };
    return done(directory.opposeCorrespondence(tx, w.pupil, true, context));
  },
  refuseAuthority: async (tx, w) => {
    const id = await enter(tx, w);
    return done(directory.refuseAuthority(tx, id, w.cpe, w.context()));
  },
  resumePerson: async (tx, w) => {
    await tx.query(`UPDATE directory.people SET status = 'suspended' WHERE id = $1`, [w.pupil]);
    return done(directory.resumePerson(tx, w.pupil, 'essai', w.context()));
  },
  searchDirectory: async (tx, w) => {
    const facts = await factsOf(w, w.head);
    const { people } = await directory.searchDirectory(
      tx,
      { policies, facts, environment: { now: at(w) } },
      { text: 'zo' },
    );
    return people;
  },
  searchPeople: (tx, w) => directory.searchPeople(tx, { school: w.college.id, text: 'zo', at: at(w) }),
  setGuardianAuthority: (tx, w) =>
    directory.setGuardianAuthority(
      tx,
      {
        child: w.pupil,
        adult: w.relative,
        exercise: 'none',
        validFrom: at(w),
        recordedBy: w.head,
        confirmedBy: w.cpe,
      },
      w.context(),
    ),
  suspendPerson: (tx, w) => done(directory.suspendPerson(tx, w.pupil, 'essai', w.context())),
};

/** Acts on rows of several controllers at once: refused under the scope of one, even of the right one. */
export const NEEDS_THE_SCOPE_OF_ALL: Readonly<Record<string, Attack>> = {
  ...ADMINISTRATION_NEEDS_THE_SCOPE_OF_ALL,
  mergePeople: (tx, w) =>
    directory.mergePeople(
      tx,
      { survivor: w.teacher, absorbed: w.cpe, reason: 'Essai', by: w.head },
      w.context(),
    ),
  previewYear: async (tx, w) => directory.previewYear(tx, await plan(tx, w), at(w)),
  switchYear: async (tx, w) => directory.switchYear(tx, await plan(tx, w), w.head, w.context()),
  undoYear: async (tx, w) => {
    const id = await plan(tx, w);
    await directory.switchYear(tx, id, w.head, w.context());
    return done(directory.undoYear(tx, id, w.head, w.context()));
  },
  unmergePeople: async (tx, w) => {
    const merge = await directory.mergePeople(
      tx,
      { survivor: w.teacher, absorbed: w.cpe, reason: 'Essai', by: w.head },
      w.context(),
    );
    return done(directory.unmergePeople(tx, { merge, reason: 'Essai', by: w.head }, w.context()));
  },
};

/** Functions that are about no one controller's rows, with the reason. */
export const NOT_ABOUT_ONE_CONTROLLER: Readonly<Record<string, string>> = {
  bindScimClient: 'binds a client to a controller; row-level security asks for that one or the scope of all',
  buildPopulation: 'invents people in memory; knows no database',
  buildCsvTemplate: 'prints a template; knows no database',
  importCsv:
    'opens its own transactions; a source is bound to one controller, and who may run it is decided before',
  importOneRoster:
    'opens its own transactions; a source is bound to one controller, and who may run it is decided before',
  loadAuthorizationChanges:
    'tells the ids alone of people whose facts changed, to whoever keeps facts in memory',
  followFacts:
    'opens its own transactions; keeps everybody’s facts in the memory of the service, which decides for all controllers',
  loadFactsReplicaFrom:
    'opens its own transactions; keeps everybody’s facts in the memory of the service, which decides for all controllers',
  loadAuthorizationRevision: 'reads a number that is about nobody',
  loadFactsBoundary: 'tells an instant at which facts must be read again, and nothing of why',
  endDueSessions:
    'ends sessions of people whom a switch put down, whatever the controller; a job of the service calls it',
  ensureAcademy: 'writes academies, which are about nobody; row-level security asks for the scope of all',
  ensureController: 'writes controllers; row-level security asks for that controller or the scope of all',
  ensureSubject: 'writes a list of codes; row-level security asks for the scope of all',
  findScimController: 'reads the controller of a client; row-level security shows one’s own (T-DIR-30)',
  generateAaf: 'invents people in files; knows no database',
  generateSeries: 'invents people in files; knows no database',
  importAaf:
    'opens its own transactions with the scope of all; who may run it is decided before (directory.import.run)',
  loadAcademies: 'academies are about nobody and read by any scope',
  isAdministrativeRole: 'compares a name with a list; knows no database',
  mayBeOnePerson:
    'answers yes or no about two ids, so that one human being is never two people; a scope sees no more than its own',
  matchesVersion: 'compares two texts; knows no database',
  openEntity:
    'nodes above schools are about nobody; row-level security asks for the scope of all (its own test)',
  openFeedFile: 'reads a file; knows no database',
  openScim: 'opens its own transactions with the scope of the caller’s controller alone (T-DIR-30)',
  parseProjection: 'reads a text; knows no database',
  placeEntity:
    'moves nodes of the tree below others; the attack is in its own test, for a school needs no new parent',
  projectResource: 'cuts an object; knows no database',
  schoolYearOf: 'computes a date; knows no database',
  unbindScimClient: 'forgets the controller of a client; row-level security asks for that one or all',
  writeFeed: 'writes files of invented people; knows no database',
};

/** The run that brought the world, as if the collège answered for it. */
async function ownRun(w: DirectoryWorld): Promise<directory.ImportRunId> {
  const [row] = await w.directory.admin.query<{ id: directory.ImportRunId }>(
    'UPDATE directory.import_runs SET controller_id = $1 RETURNING id',
    [w.college.controller],
  );
  return row!.id;
}

function prepare(tx: Tx, w: DirectoryWorld): Promise<directory.RolloverId> {
  return directory.prepareYear(
    tx,
    { school: w.college.id, schoolYear: '2027-2028', by: w.head },
    w.context(),
  );
}

/** A year with one planned pupil; under a scope without the school, an id that nobody has. */
async function plan(tx: Tx, w: DirectoryWorld): Promise<directory.RolloverId> {
  const [row] = await tx.query<{ seen: boolean }>('SELECT directory.sees_all() AS seen');
  if (!row!.seen) return '018f3c1e-7a00-7000-8000-00000000000e' as directory.RolloverId;
  const id = await prepare(tx, w);
  await directory.planPerson(tx, id, { person: w.pupil, role: 'pupil' });
  return id;
}

function enter(tx: Tx, w: DirectoryWorld): Promise<directory.AuthorityRequestId> {
  return directory.enterAuthority(
    tx,
    { child: w.pupil, adult: w.relative, exercise: 'none', validFrom: at(w) },
    w.head,
    w.context(),
  );
}

async function anySubject(tx: Tx): Promise<directory.SubjectId> {
  const [row] = await tx.query<{ id: directory.SubjectId }>('SELECT id FROM directory.subjects LIMIT 1');
  return row?.id ?? ('018f3c1e-7a00-7000-8000-00000000000a' as directory.SubjectId);
}

function factsOf(world: DirectoryWorld, person: DirectoryWorld['head']): Promise<PersonFacts> {
  return world.directory.all((tx) => directory.loadPersonFacts(tx, person, at(world)));
}
