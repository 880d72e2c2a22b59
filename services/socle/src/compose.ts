import { loadEntities, type Fixtures } from '@socle/authorization';
import path from 'node:path';
import {
  openAnchors,
  openAudit,
  openAuditKeys,
  openSequencer,
  rotateAuditKeys,
  type Anchors,
  type Audit,
  type AuditKeys,
  type AuditKeysOptions,
  type Sequencer,
} from '@socle/audit';
import type { Clock, Log, PersonId, SchoolId, Secret } from '@socle/base';
import { openDatabase, type Database } from '@socle/db';
import {
  directoryActions,
  findCurrentPerson,
  loadChildren,
  loadPersonFacts,
  loadSchools,
  openScim,
  type Scim,
} from '@socle/directory';
import {
  identityActions,
  openIdentity,
  openLeakedPasswords,
  SCIM_RESOURCE_PATH,
  type Identity,
  type PeoplePort,
} from '@socle/identity';
import { loadPageAssets, type PageAssets } from '@socle/pages';
import { decisionAction, serviceActions } from './actions.ts';
import { footerLinks } from './accessibility/footer-links.ts';
import { openAdministration, type Administration } from './administration/administration.ts';
import { openApprovals, type Approvals } from './approvals/approvals.ts';
import { deriveAreaKeys, type AreaKeys } from './areas/form-token.ts';
import type { Config } from './config.ts';
import { openDecisions, type Decisions } from './decisions.ts';
import { openHeldFacts, type HeldFacts } from './facts/held-facts.ts';
import { buildDirectoryPorts, type DirectoryPorts } from './directory-ports.ts';
import { passwordRulesOf } from './password-rules.ts';
import { openEmergency, type Emergency } from './emergency/emergency.ts';
import { factorDemandOf } from './factor-demand.ts';
import { findOnlySchool, findRememberedSchool } from './http/school-door.ts';
import { deriveBundleKey } from './distribution/bundle-key.ts';
import { openPoliciesInForce, type PoliciesInForce } from './distribution/policies-in-force.ts';
import { loadTrustedPems } from './distribution/trusted-keys.ts';
import { ServiceError } from './errors.ts';
import { loadMasterKey } from './master-key.ts';
import { openViews, type Views } from './view-as/views.ts';
import { loadModules } from './modules/store.ts';

/** Everything the service is made of, wired. */
export interface Socle {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly database: Database;
  readonly audit: Audit;
  readonly auditKeys: AuditKeys;
  readonly identity: Identity;
  readonly decisions: Decisions;
  /** Everybody's facts in memory, once the server follows their changes. */
  readonly heldFacts: HeldFacts;
  /** What systems of schools push people through. */
  readonly scim: Scim;
  /** The policies by which it decides, and the bundle that modules are given. */
  readonly policies: PoliciesInForce;
  /** What the directory asks of identity: sessions that end when people are joined, or a year is switched. */
  readonly directoryPorts: DirectoryPorts;
  /** Invented people and things that the access endpoints serve in place of the territory's; localhost only. */
  readonly entities?: Fixtures;
  /** Acts that need two people. */
  readonly approvals: Approvals;
  /** Roles of administration: given, prolonged and ended, never beyond what one holds. */
  readonly administration: Administration;
  /** Views in a person's place: read-only, for a quarter of an hour. */
  readonly views: Views;
  /** Emergency access of one person to one school. */
  readonly emergency: Emergency;
  /** Keys of the tokens and cookies of the areas. */
  readonly areaKeys: AreaKeys;
  /** Styles, fonts and scripts of every page. */
  readonly assets: PageAssets;
  close(): Promise<void>;
}

export interface ComposeOptions {
  readonly config: Config;
  /** URL of the service's login. */
  readonly databaseUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Worlds in which policies must decide as Casbin does before they may be in force. Default 100 000. */
  readonly policyWorlds?: number;
}

/** Origin of the transparency log: the issuer without its scheme, as C2SP tlog-checkpoint asks. */
function logOrigin(config: Config): string {
  return `${new URL(config.issuer).host}/audit`;
}

function keyOptions(config: Config, masterKey: Secret): AuditKeysOptions {
  return { folder: path.join(config.dataDir, 'keys'), masterKey, name: logOrigin(config) };
}

/** Replaces the log's signing key on disk; services that run take it when they are restarted. */
export async function rotateLogKeys({ config, clock }: Pick<Socle, 'config' | 'clock'>): Promise<AuditKeys> {
  return rotateAuditKeys({ ...keyOptions(config, await loadMasterKey(config)), clock });
}

/** One decision in so many is asked of Casbin too. */
const SHADOWED_ONE_IN = 1_000;

/**
 * The composition root: opens every room of the house and hands each its ports, from top to bottom.
 *
 * @throws PolicyError when the policies are refused, DbError `database_unavailable`, ServiceError for the master key.
 */
export async function composeSocle(options: ComposeOptions): Promise<Socle> {
  const { config, clock, log } = options;
  const masterKey = await loadMasterKey(config);
  const auditKeys = await openAuditKeys(keyOptions(config, masterKey));

  const database = openDatabase({
    url: options.databaseUrl,
    maxConnections: 20,
    applicationName: 'socle',
    log,
  });
  // Who somebody is, whatever their controller: asked at every token, so in one statement without a transaction.
  const reader = openDatabase({
    url: options.databaseUrl,
    maxConnections: 8,
    applicationName: 'socle reader',
    readScope: 'all',
    log,
  });
  const audit = openAudit({ database, clock, actions: [serviceActions, directoryActions, identityActions] });
  const modules = await database.transaction((tx) => loadModules(tx));
  for (const module of modules)
    audit.declare({ ...module.actions, [`${module.id}.decision.made`]: decisionAction });

  const policies = await openPoliciesInForce({
    database,
    audit,
    clock,
    log,
    folder: config.policiesDir,
    key: deriveBundleKey(masterKey),
    trustedPems: await loadTrustedPems(config.policyKeysFile),
    actor: { kind: 'system', id: 'socle' },
    ...(options.policyWorlds === undefined ? {} : { worlds: options.policyWorlds }),
    engine: {
      onError: (error) => log.warn({ name: (error as Error).name }, 'a decision failed and was refused'),
      shadow: {
        oneIn: SHADOWED_ONE_IN,
        onMismatch: ({ action, compiled, casbin }) =>
          log.error({ action, compiled, casbin }, 'the compiled policies and Casbin differ; Casbin decided'),
      },
    },
  });
  const entities = await loadEntities(config.policiesDir, policies.engine.policies);
  if (entities !== undefined && !config.isLocal) {
    throw new ServiceError('configuration_refused', {
      status: 400,
      publicMessage:
        'entities.yaml in SOCLE_POLICIES_DIR serves invented people: it is refused outside localhost.',
    });
  }
  const assets = loadPageAssets();
  const leakedPasswords =
    config.leakedPasswordsFile === undefined
      ? undefined
      : await openLeakedPasswords(config.leakedPasswordsFile);
  const identity = await openIdentity({
    database,
    audit,
    clock,
    issuer: config.issuer,
    masterKey,
    people: buildPeoplePort(database, reader, clock),
    findEntranceSchool: async ({ headers }, person) =>
      (person && (await findOnlySchool(database, person, clock.now()))) ??
      findRememberedSchool(database, headers.cookie, config.issuer.startsWith('https:')),
    pages: assets,
    footerLinks,
    log,
    ...(leakedPasswords && { leakedPasswords }),
  });
  const scim = openScim({ database, audit, clock, baseUrl: `${config.issuer}${SCIM_RESOURCE_PATH}` });
  const heldFacts = openHeldFacts({ database, clock, log });
  const decisions = openDecisions({ engine: policies.engine, database, clock, held: heldFacts });
  const approvals = openApprovals({ decisions, audit, clock });
  const directoryPorts = buildDirectoryPorts(identity, log);

  return {
    assets,
    config,
    clock,
    log,
    database,
    audit,
    auditKeys,
    identity,
    decisions,
    heldFacts,
    scim,
    policies,
    directoryPorts,
    ...(entities && { entities }),
    approvals,
    administration: openAdministration({
      database,
      audit,
      clock,
      approvals,
      accounts: identity.accounts,
      sessions: directoryPorts.sessions,
    }),
    views: openViews({ database, audit, clock, decisions, identity }),
    emergency: openEmergency({ database, audit, clock }),
    areaKeys: deriveAreaKeys(masterKey),
    async close() {
      await heldFacts.close();
      await identity.close();
      await leakedPasswords?.close();
      await audit.close();
      await reader.close();
      await database.close();
    },
  };
}

/** Opens the sequencer of this instance; of several instances, one at a time works. */
export function composeSequencer(socle: Socle, sequencerUrl: string): Sequencer {
  return openSequencer({
    url: sequencerUrl,
    clock: socle.clock,
    signer: socle.auditKeys,
    origin: logOrigin(socle.config),
    witnessFile: path.join(socle.config.dataDir, 'witness', 'checkpoints.txt'),
    log: socle.log,
  });
}

/** Opens the anchoring of the log: those outside who vouch for its checkpoints. Of several instances, one at a time works. */
export function composeAnchors(socle: Socle, sequencerUrl: string): Anchors {
  const { config, clock, log } = socle;
  return openAnchors({
    url: sequencerUrl,
    clock,
    log,
    witnesses: config.witnesses,
    ...(config.timeStampUrl
      ? { timeStamp: { url: config.timeStampUrl, folder: path.join(config.dataDir, 'stamps') } }
      : {}),
  });
}

/** Sign-in asks who somebody is; the directory answers, whatever the controller. */
function buildPeoplePort(database: Database, reader: Database, clock: Clock): PeoplePort {
  return {
    card: { reader, sqlFunction: 'directory.person_card' },
    async findPerson(id: PersonId) {
      const person = await findCurrentPerson(reader, id);
      if (!person) return undefined;
      return {
        id: person.id,
        status: person.status,
        displayName: person.displayName,
        givenName: person.givenName,
        familyName: person.familyName,
        controller: person.controller,
      };
    },
    async findPlaces(id) {
      const now = clock.now();
      const { roles } = await database.transaction((tx) => loadPersonFacts(tx, id, now), {
        scope: 'all',
        readOnly: true,
      });
      const held = roles.filter(({ from }) => from === undefined || from <= now);
      return {
        schools: held.flatMap(({ scope, domain }) => (scope === 'school' ? [domain] : [])),
        isAboveSchools: held.some(({ scope }) => scope !== 'school'),
      };
    },
    async checkGuardian({ adult, child, birthDate }) {
      const children = await database.transaction((tx) => loadChildren(tx, adult, clock.now()), {
        scope: 'all',
        readOnly: true,
      });
      return children.some(
        (link) =>
          link.child.id === child &&
          link.child.birthDate === birthDate &&
          link.kind === 'legal' &&
          (link.exercise === 'joint' || link.exercise === 'sole'),
      );
    },
    async findFactorDemand(id) {
      const { roles } = await database.transaction((tx) => loadPersonFacts(tx, id, clock.now()), {
        scope: 'all',
        readOnly: true,
      });
      return factorDemandOf(roles.map(({ role }) => role));
    },
    async findPasswordRules(id) {
      return database.transaction(
        async (tx) => {
          const person = await findCurrentPerson(tx, id);
          const { roles } = await loadPersonFacts(tx, id, clock.now());
          const ids = roles.flatMap(({ scope, domain }) => (scope === 'school' ? [domain as SchoolId] : []));
          const schools = ids.length === 0 ? [] : await loadSchools(tx, { ids });
          return passwordRulesOf({
            names: [person?.givenName, person?.familyName, person?.displayName],
            places: schools.map(({ name }) => name),
            roles: roles.map(({ role }) => role),
          });
        },
        { scope: 'all', readOnly: true },
      );
    },
  };
}
