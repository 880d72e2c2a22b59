// Serves an identity provider in a process of its own, so that a test can kill it with no warning and start another.
import fastify from 'fastify';
import { Secret, systemClock, type PersonId } from '@socle/base';
import { openAudit } from '@socle/audit';
import { openDatabase } from '@socle/db';
import { identityActions, openIdentity, type Person } from '@socle/identity';
import { loadPageAssets } from '@socle/pages';

/** What the process is told by its environment, as JSON. */
export interface IdentityProcessOptions {
  readonly databaseUrl: string;
  readonly port: number;
  readonly issuer: string;
  /** 32 bytes in base64. */
  readonly masterKey: string;
  readonly people: readonly Person[];
}

const given = process.env['IDENTITY_PROCESS'];
if (given !== undefined && process.send) {
  const options = JSON.parse(given) as IdentityProcessOptions;
  const database = openDatabase({ url: options.databaseUrl });
  const audit = openAudit({ database, clock: systemClock, actions: [identityActions] });
  const people = new Map<PersonId, Person>(options.people.map((person) => [person.id, person]));
  const identity = await openIdentity({
    database,
    audit,
    clock: systemClock,
    issuer: options.issuer,
    masterKey: new Secret(Buffer.from(options.masterKey, 'base64')),
    people: { findPerson: async (id) => people.get(id), findFactorDemand: async () => 'never' },
    pages: loadPageAssets(),
    passwordParameters: { memoryKib: 1_024, iterations: 1, parallelism: 1 },
  });
  const app = fastify();
  await app.register(identity.routes);
  await app.listen({ host: '127.0.0.1', port: options.port });
  process.send('ready');
}
