import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { isUuid, type Clock, type ControllerId, type PersonId, type SchoolId } from '@socle/base';
import type { Audit } from '@socle/audit';
import type { Database } from '@socle/db';
import {
  findDivision,
  loadDivisions,
  loadMembers,
  loadSchools,
  type Division,
  type DivisionId,
} from '@socle/directory';
import type { Identity } from '@socle/identity';
import type { Decisions } from '../decisions.ts';
import { ServiceError } from '../errors.ts';
import { loadPersonContext, type PersonContext } from '../modules/person-context.ts';
import { describeRoute } from './describe-route.ts';
import { requireModuleCaller, requirePerson } from './module-caller.ts';

const subjectParams = z.object({ sub: z.string().min(1).max(200) });
const placeParams = z.object({ id: z.string() });
const onBehalfQuery = z.object({ 'on-behalf-of': z.string().min(1).max(200) });

const PERSON = {
  summary: 'A person whom the module knows: roles, schools, classes, children',
  params: subjectParams,
};
const MEMBERS = {
  summary: 'Pupils of a class or group, when the rules let the person see them',
  params: placeParams,
  querystring: onBehalfQuery,
};

const DIVISIONS = {
  summary: 'Classes and groups of a school whose pupils the rules let the person see',
  params: placeParams,
  querystring: onBehalfQuery,
};

export interface ModuleDirectoryOptions {
  readonly identity: Identity;
  readonly database: Database;
  readonly audit: Audit;
  readonly decisions: Decisions;
  readonly clock: Clock;
}

/** The part of the directory that a module may read, in the module's own subjects. */
export function buildModuleDirectory(options: ModuleDirectoryOptions): FastifyPluginAsync {
  const { identity, database, clock } = options;
  return async (app) => {
    app.get('/modules/v1/people/:sub', describeRoute(PERSON), async (request) => {
      const caller = await requireModuleCaller(options, request);
      const { sub } = subjectParams.parse(request.params);
      const person = await requirePerson(options, caller, sub);
      return database.transaction(
        async (tx) => {
          const context = await loadPersonContext(tx, person, clock.now());
          if (!context) throw unknownSubject();
          const children = context.children.map(({ child }) => child.id);
          const subjects = await identity.pairwiseSubjects(tx, caller.sector, children);
          return describePerson(sub, context, subjects);
        },
        { scope: 'all' },
      );
    });

    app.get('/modules/v1/schools/:id/divisions', describeRoute(DIVISIONS), async (request) => {
      const caller = await requireModuleCaller(options, request);
      const { id } = placeParams.parse(request.params);
      const asker = await requirePerson(options, caller, onBehalfQuery.parse(request.query)['on-behalf-of']);
      const facts = await options.decisions.loadFacts(asker);
      const all = isUuid(id)
        ? await database.transaction((tx) => loadDivisions(tx, id as SchoolId), {
            scope: 'all',
            readOnly: true,
          })
        : [];
      // a school that is not theirs answers as one without classes: who asks learns nothing of it
      const seen = facts
        ? all.filter((division) => options.decisions.decide(facts, askMembers(division)).allowed)
        : [];
      return { divisions: seen.map(describeDivision) };
    });

    app.get('/modules/v1/divisions/:id/members', describeRoute(MEMBERS), async (request) => {
      const caller = await requireModuleCaller(options, request);
      const { id } = placeParams.parse(request.params);
      const asker = await requirePerson(options, caller, onBehalfQuery.parse(request.query)['on-behalf-of']);
      const facts = await options.decisions.loadFacts(asker);
      const found = isUuid(id) ? await findWithController(database, id as DivisionId) : undefined;
      if (!facts || !found) throw unknownDivision();
      const { division, controller } = found;
      const verdict = options.decisions.decide(facts, askMembers(division));
      if (!verdict.allowed) {
        throw new ServiceError('access_denied', {
          status: 403,
          publicMessage: 'This person may not see the members of this class or group.',
          details: verdict.rule ? { rule: verdict.rule } : {},
        });
      }
      return database.transaction(
        async (tx) => {
          const members = await loadMembers(tx, division.id, clock.now());
          const subjects = await identity.pairwiseSubjects(
            tx,
            caller.sector,
            members.map((member) => member.id),
          );
          await options.audit.append(tx, {
            controller,
            actor: { kind: 'client', id: caller.clientId, onBehalfOf: asker },
            action: 'directory.division.read',
            target: { kind: 'division', id: division.id },
            outcome: 'success',
            ...(verdict.rule ? { reason: verdict.rule } : {}),
            detail: { people: members.length },
          });
          return {
            division: { id: division.id, name: division.name, kind: division.kind, school: division.school },
            pupils: members.map((member) => ({
              sub: subjects.get(member.id)!,
              displayName: member.displayName,
              sortName: member.sortName,
            })),
          };
        },
        { scope: [controller] },
      );
    });
  };
}

function askMembers(division: Division) {
  return {
    action: 'directory.division.members',
    resource: {
      type: 'directory.division',
      id: division.id,
      school: division.school,
      division: division.id,
    },
  };
}

async function findWithController(
  database: Database,
  id: DivisionId,
): Promise<{ division: Division; controller: ControllerId } | undefined> {
  return database.transaction(
    async (tx) => {
      const division = await findDivision(tx, id);
      const [school] = division ? await loadSchools(tx, { ids: [division.school] }) : [];
      return division && school ? { division, controller: school.controller } : undefined;
    },
    { scope: 'all', readOnly: true },
  );
}

function describePerson(
  sub: string,
  context: PersonContext,
  subjects: ReadonlyMap<PersonId, string>,
): unknown {
  const { person } = context;
  return {
    person: {
      sub,
      givenName: person.givenName,
      familyName: person.familyName,
      displayName: person.displayName,
    },
    roles: context.roles,
    schools: context.schools.map(({ id, name, uai }) => ({ id, name, uai })),
    // a first-degree teacher takes every subject: modules that work by subject have nothing to show them
    teaches: context.teaches.flatMap(({ division, subject }) =>
      subject
        ? [{ division: describeDivision(division), subject: { id: subject.id, name: subject.name } }]
        : [],
    ),
    memberOf: context.memberOf.map(describeDivision),
    headTeacherOf: context.headTeacherOf.map(describeDivision),
    children: context.children.flatMap(({ child, divisions, schools: [school] }) =>
      school
        ? [
            {
              sub: subjects.get(child.id)!,
              displayName: child.displayName,
              divisions: divisions.map(describeDivision),
              school,
            },
          ]
        : [],
    ),
  };
}

function describeDivision(division: Division): { id: string; name: string; kind: string; school: string } {
  return { id: division.id, name: division.name, kind: division.kind, school: division.school };
}

function unknownSubject(): ServiceError {
  return new ServiceError('subject_unknown', {
    status: 404,
    publicMessage: 'Nobody is known to this module under that subject.',
  });
}

function unknownDivision(): ServiceError {
  return new ServiceError('not_found', { status: 404, publicMessage: 'There is no such class or group.' });
}
