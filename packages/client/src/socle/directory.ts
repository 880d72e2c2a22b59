import { z } from 'zod';
import type { ModuleSession } from '../session/session.ts';
import { invalidAnswer, refusedBySocle } from './http.ts';
import type { SocleCalls } from './module-token.ts';
import type { DirectoryPerson, Division, DivisionMembers } from './person.ts';

/** Reads of the socle's directory, in the name of a signed-in person. */
export interface DirectoryReads {
  person(session: ModuleSession): Promise<DirectoryPerson>;
  members(session: ModuleSession, divisionId: string): Promise<DivisionMembers>;
  divisions(session: ModuleSession, schoolId: string): Promise<readonly Division[]>;
}

const id = z.string().min(1).max(255);
const name = z.string().max(500);
const division = z.object({ id, name, kind: z.string().max(32), school: id });
const person = z.object({
  person: z.object({ sub: id, givenName: name, familyName: name, displayName: name }),
  roles: z.array(z.object({ role: z.string().max(64), school: id })),
  schools: z.array(z.object({ id, name, uai: z.string().max(16) })),
  teaches: z.array(z.object({ division, subject: z.object({ id, name }) })),
  memberOf: z.array(division),
  headTeacherOf: z.array(division),
  children: z.array(z.object({ sub: id, displayName: name, divisions: z.array(division), school: id })),
});
const members = z.object({
  division,
  pupils: z.array(z.object({ sub: id, displayName: name, sortName: name })),
});
const divisions = z.object({ divisions: z.array(division) });

export function openDirectoryReads(options: {
  readonly issuer: string;
  readonly calls: SocleCalls;
}): DirectoryReads {
  const base = options.issuer.replace(/\/$/, '');
  // A session object lives for one request: within it the person is read once.
  const people = new WeakMap<ModuleSession, Promise<DirectoryPerson>>();

  async function read<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const answer = await options.calls.request({ method: 'GET', url: new URL(`${base}${path}`) });
    if (answer.status !== 200) throw refusedBySocle(answer);
    const parsed = schema.safeParse(answer.body);
    if (!parsed.success) throw invalidAnswer('directory');
    return parsed.data;
  }

  return {
    person(session) {
      let pending = people.get(session);
      if (!pending) {
        pending = read(`/modules/v1/people/${encodeURIComponent(session.sub)}`, person);
        people.set(session, pending);
        pending.catch(() => people.delete(session));
      }
      return pending;
    },
    members: (session, divisionId) =>
      read(
        `/modules/v1/divisions/${encodeURIComponent(divisionId)}/members?on-behalf-of=${encodeURIComponent(session.sub)}`,
        members,
      ),
    divisions: async (session, schoolId) =>
      (
        await read(
          `/modules/v1/schools/${encodeURIComponent(schoolId)}/divisions?on-behalf-of=${encodeURIComponent(session.sub)}`,
          divisions,
        )
      ).divisions,
  };
}
