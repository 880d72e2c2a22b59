import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import { isUuid, type PersonId, type SchoolId } from '@socle/base';
import type { Database, Tx } from '@socle/db';
import { loadPersonFacts, loadSchools } from '@socle/directory';
import { findLogoDigest } from '../logos/store.ts';
import { logoAddress } from './logos.ts';
import { readCookie } from './read-cookie.ts';

const UAI = /^[0-9]{7}[A-Z]$/;
const COOKIE_SECONDS = 180 * 24 * 3_600;

/** A school as the sign-in page names it. */
export interface ShownSchool {
  readonly name: string;
  readonly logo?: string;
}

/** The sign-in of one school, for links from its own website. */
export function schoolDoorAddress(uai: string): string {
  return `/sign-in/school/${uai}`;
}

/**
 * Remembers in this browser whose name and logo the sign-in page bears, for 180 days. The cookie names a school, nobody;
 * it opens nothing.
 */
export function rememberSchool(reply: FastifyReply, schoolId: string, isHttps: boolean): void {
  const secure = isHttps ? '; Secure' : '';
  reply.raw.appendHeader(
    'set-cookie',
    `${cookieName(isHttps)}=${schoolId}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${COOKIE_SECONDS}${secure}`,
  );
}

/** The school that this browser remembers, if there still is one. Anything else in the cookie counts for nothing. */
export async function findRememberedSchool(
  database: Database,
  cookies: string | undefined,
  isHttps: boolean,
): Promise<ShownSchool | undefined> {
  const id = readCookie(cookies, cookieName(isHttps));
  if (!isUuid(id)) return undefined;
  return database.transaction((tx) => loadShownSchool(tx, id as string as SchoolId), {
    scope: 'all',
    readOnly: true,
  });
}

/** The school of somebody who holds roles in one school alone; undefined for the others. */
export async function findOnlySchool(
  database: Database,
  person: PersonId,
  now: Date,
): Promise<ShownSchool | undefined> {
  return database.transaction(
    async (tx) => {
      const { roles } = await loadPersonFacts(tx, person, now);
      const [only, ...others] = new Set(
        roles.flatMap(({ scope, domain }) => (scope === 'school' ? [domain as SchoolId] : [])),
      );
      return only === undefined || others.length > 0 ? undefined : loadShownSchool(tx, only);
    },
    { scope: 'all', readOnly: true },
  );
}

async function loadShownSchool(tx: Tx, id: SchoolId): Promise<ShownSchool | undefined> {
  const [school] = await loadSchools(tx, { ids: [id] });
  if (!school) return undefined;
  const digest = await findLogoDigest(tx, school.id);
  return { name: school.name, ...(digest !== undefined && { logo: logoAddress(digest) }) };
}

/** `/sign-in/school/<UAI>`: the sign-in page under the name and logo of that school. */
export function buildSchoolDoor(database: Database, isHttps: boolean): FastifyPluginAsync {
  return async (app) => {
    app.get('/sign-in/school/:uai', async (request, reply) => {
      const { uai } = request.params as { readonly uai: string };
      const [school] = UAI.test(uai)
        ? await database.transaction((tx) => loadSchools(tx, { uais: [uai] }), {
            scope: 'all',
            readOnly: true,
          })
        : [];
      if (school) rememberSchool(reply, school.id, isHttps);
      return reply.redirect('/sign-in', 303);
    });
  };
}

function cookieName(isHttps: boolean): string {
  return isHttps ? '__Host-socle_school' : 'socle_school';
}
