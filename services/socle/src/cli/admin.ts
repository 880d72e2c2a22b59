import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { isUuid, type PersonId } from '@socle/base';
import {
  findEntityByCode,
  isAdministrativeRole,
  loadAdministrators,
  type Administrator,
  type Entity,
  type EntityKind,
  type RoleId,
} from '@socle/directory';
import type { AdministrationAct } from '../administration/act.ts';
import type { Socle } from '../compose.ts';
import { ServiceError } from '../errors.ts';
import { EXIT, type Command, type CommandIo } from './command.ts';
import { COMMAND_LINE, withSocle } from './runtime.ts';
import { print } from './session.ts';

const VERBS = ['grant', 'end', 'list'] as const;
type Verb = (typeof VERBS)[number];

const OPTIONS = {
  json: { type: 'boolean' },
  role: { type: 'string' },
  school: { type: 'string' },
  academy: { type: 'string' },
  region: { type: 'string' },
  until: { type: 'string' },
  reason: { type: 'string' },
} as const;

interface Values {
  readonly json?: boolean;
  readonly role?: string;
  readonly school?: string;
  readonly academy?: string;
  readonly region?: string;
  readonly until?: string;
  readonly reason?: string;
}

/** `socle admin`. */
export const adminCommand: Command = {
  name: 'admin',
  summary: 'Gives and ends roles of administration',
  usage: `
Usage: socle admin list  --school UAI | --academy CODE | --region CODE [--json]
       socle admin grant <login or person id> --role ROLE --school UAI | --academy CODE | --region CODE
                         --reason TEXT [--until DAY] [--json]
       socle admin end   <role id> --reason TEXT [--json]

Roles: local_admin (a school), academy_admin (an academy or a region), security_officer, dpo.

The first of a place is given at once: a new territory has nobody yet who could give it. Where somebody who can sign in
holds the role already, and for the last one that is ended, a second person agrees on /approvals; then run the same
command again. Everything else is done on the pages, under /school/administrators.

  --until DAY   the last day of the role, as 2027-08-31; default: until further notice
`,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
    const [verb, name, ...rest] = positionals;
    if (!isVerb(verb) || rest.length > 0 || (name === undefined) !== (verb === 'list')) {
      io.stderr(`socle admin: say one of ${VERBS.join(', ')}. See socle admin --help.\n`);
      return EXIT.usage;
    }
    if (verb !== 'list' && values.reason === undefined) {
      io.stderr('socle admin: say why with --reason TEXT; it is kept beside the role.\n');
      return EXIT.usage;
    }
    return withSocle(io, (socle) => {
      if (verb === 'list') return list(socle, io, values);
      return verb === 'end' ? end(socle, io, values, name!) : grant(socle, io, values, name!);
    });
  },
};

async function list(socle: Socle, io: CommandIo, values: Values): Promise<number> {
  const place = await requirePlace(socle, values);
  const found = await loadAt(socle, place);
  print(
    io,
    values.json,
    found.map(describe),
    found.length === 0
      ? [`nobody administers ${place.name}`]
      : found.map((each) =>
          [each.id, each.role.padEnd(17), each.displayName, describe(each).until ?? 'no end'].join('  '),
        ),
  );
  return EXIT.done;
}

async function grant(socle: Socle, io: CommandIo, values: Values, name: string): Promise<number> {
  const { role } = values;
  if (!isAdministrativeRole(role))
    throw refused('--role is local_admin, academy_admin, security_officer or dpo.');
  const place = await requirePlace(socle, values);
  const to = readUntil(values.until);
  const person = await requirePerson(socle, name);
  return perform(socle, io, values, {
    act: 'give',
    person,
    role,
    over: place.id,
    ...(to === undefined ? {} : { to }),
  });
}

function end(socle: Socle, io: CommandIo, values: Values, name: string): Promise<number> {
  if (!isUuid(name)) throw refused('end takes the id of a role. Find it with: socle admin list.');
  return perform(socle, io, values, { act: 'end', role: name as string as RoleId });
}

async function perform(socle: Socle, io: CommandIo, values: Values, act: AdministrationAct): Promise<number> {
  const outcome = await socle.administration.perform(act, {
    by: COMMAND_LINE.actor,
    reason: values.reason ?? '',
    request: randomUUID(),
  });
  if (outcome.done) {
    print(io, values.json, { done: true }, [act.act === 'end' ? 'the role is ended' : 'the role is given']);
    return EXIT.done;
  }
  const { id, expires_at } = outcome.asked;
  const until = expires_at.toISOString();
  print(io, values.json, { done: false, approval: id, expiresAt: until }, [
    `nothing was done: a second person has to agree on /approvals before ${until} (request ${id}); then run this again`,
  ]);
  return EXIT.refused;
}

async function requirePlace(socle: Socle, values: Values): Promise<Entity> {
  const named = (['school', 'academy', 'region'] as const).flatMap((kind): [EntityKind, string][] => {
    const code = values[kind];
    return code === undefined ? [] : [[kind, code]];
  });
  const [first] = named;
  if (!first || named.length > 1)
    throw refused('Name one place: --school UAI, --academy CODE or --region CODE.');
  const [kind, code] = first;
  const entity = await socle.database.transaction((tx) => findEntityByCode(tx, kind, code), {
    scope: 'all',
    readOnly: true,
  });
  if (entity) return entity;
  throw new ServiceError('not_found', { status: 404, publicMessage: `There is no ${kind} with that code.` });
}

async function requirePerson(socle: Socle, name: string): Promise<PersonId> {
  if (isUuid(name)) return name as string as PersonId;
  const account = await socle.identity.accounts.find({ login: name });
  if (account) return account.personId;
  throw new ServiceError('not_found', { status: 404, publicMessage: 'There is no account with that login.' });
}

function loadAt(socle: Socle, { id }: Entity): Promise<readonly Administrator[]> {
  return socle.database.transaction((tx) => loadAdministrators(tx, id, socle.clock.now()), {
    scope: 'all',
    readOnly: true,
  });
}

function describe({ id, person, role, displayName, from, to, reason }: Administrator) {
  return {
    id,
    person,
    role,
    displayName,
    from: from.toISOString(),
    until: to?.toISOString() ?? null,
    reason: reason ?? null,
  };
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

/** The first instant after the day, in UTC. */
function readUntil(day: string | undefined): Date | undefined {
  if (day === undefined) return undefined;
  const start = DAY.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(start)) throw refused('--until takes a day, as 2027-08-31.');
  return new Date(start + DAY_MS);
}

function refused(publicMessage: string): ServiceError {
  return new ServiceError('request_refused', { status: 400, publicMessage });
}

function isVerb(verb: string | undefined): verb is Verb {
  return VERBS.includes(verb as Verb);
}
