import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { Secret, isSocleError, newId, systemClock, type Clock, type PersonId } from '@socle/base';
import { migrations as auditMigrations, openAudit, type Audit, type EventActor } from '@socle/audit';
import type { Database } from '@socle/db';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { loadPageAssets } from '@socle/pages';
import {
  identityActions,
  migrations as identityMigrations,
  openIdentity,
  type Account,
  type FactorDemand,
  type Identity,
  type PasswordParameters,
  type Person,
  type Signer,
} from '@socle/identity';

/** The actor of a test's own changes. */
export const BY: { readonly actor: EventActor } = { actor: { kind: 'system', id: 'test' } };

// The cheapest hash that argon2 takes: what is tested is not the cost.
const CHEAP = { memoryKib: 1_024, iterations: 1, parallelism: 1 };

/** A real identity provider on a loopback port, with its own database. */
export interface IdentityServer {
  readonly issuer: string;
  /** Where it listens. */
  readonly address: string;
  readonly identity: Identity;
  readonly app: FastifyInstance;
  readonly audit: Audit;
  readonly test: TestDatabase;
  readonly masterKey: Secret;
  /** People that the port knows; a test may change or delete them. */
  readonly people: Map<PersonId, Person>;
  /** What roles demand, by login; a test may change it. Default `never`. */
  readonly factorDemands: Map<string, FactorDemand>;
  /** Adds a person with an account and a password. */
  addPerson(
    login: string,
    password: string,
    change?: Partial<Person>,
  ): Promise<{ person: Person; account: Account }>;
  close(): Promise<void>;
}

/** Starts it. The audit log, the database and HTTP are the real ones; people are a map behind the port. */
export async function startIdentityServer(
  options: {
    readonly clock?: Clock;
    /** Default: the server's own address. Another one is reached by sending its host. */
    readonly issuer?: string;
    readonly wrapDatabase?: (database: Database) => Database;
    /** Default: as cheap as argon2 allows. */
    readonly passwordParameters?: PasswordParameters;
    /** Addresses whose X-Forwarded-For and Client-Cert are believed. */
    readonly trustedProxies?: readonly string[];
    readonly signer?: Signer;
  } = {},
): Promise<IdentityServer> {
  const clock = options.clock ?? systemClock;
  const test = await openTestDatabase([auditMigrations, identityMigrations]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://localhost:${(server.address() as AddressInfo).port}`;
  const issuer = options.issuer ?? address;
  const audit = openAudit({ database: test.app, clock, actions: [identityActions] });
  const people = new Map<PersonId, Person>();
  const factorDemands = new Map<string, FactorDemand>();
  const logins = new Map<PersonId, string>();
  const masterKey = Secret.random(32);
  const identity = await openIdentity({
    database: options.wrapDatabase?.(test.app) ?? test.app,
    audit,
    clock,
    issuer,
    masterKey,
    people: {
      findPerson: async (id) => people.get(id),
      findFactorDemand: async (id) => factorDemands.get(logins.get(id) ?? '') ?? 'never',
    },
    pages: loadPageAssets(),
    ...(options.signer && { signer: options.signer }),
    passwordParameters: options.passwordParameters ?? CHEAP,
  });
  const app = fastify({
    forceCloseConnections: true,
    trustProxy: options.trustedProxies ? [...options.trustedProxies] : false,
    serverFactory: (handler) => server.on('request', handler),
  });
  await app.register(identity.routes);
  app.get('/', async (request) => {
    const session = await identity.checkSession(request);
    return { session: session && { id: session.id, person: session.person.displayName, acr: session.acr } };
  });
  app.get('/private', async (request) => ({ id: (await identity.requireSession(request)).id }));
  app.setErrorHandler(async (error, _request, reply) => {
    if (!isSocleError(error)) throw error;
    return reply.code(error.status).send({ code: error.code, details: error.details });
  });
  await app.ready();
  return {
    issuer,
    address,
    identity,
    app,
    audit,
    test,
    masterKey,
    people,
    factorDemands,
    async addPerson(login, password, change = {}) {
      const id = newId<PersonId>();
      const person: Person = {
        id,
        status: 'active',
        displayName: 'Maëlle Le Goff',
        controller: 'c1',
        ...change,
      };
      people.set(id, person);
      logins.set(id, login);
      const account = await identity.accounts.create({ personId: id, login }, BY);
      await identity.accounts.setPassword(account.id, password, BY);
      return { person, account };
    },
    async close() {
      await app.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await identity.close();
      await audit.close();
      await test.close();
    },
  };
}
