import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import { isUuid, type SchoolId } from '@socle/base';
import type { Database } from '@socle/db';
import { loadSchools } from '@socle/directory';
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
  return database.transaction(
    async (tx) => {
      const [school] = await loadSchools(tx, { ids: [id as string as SchoolId] });
      if (!school) return undefined;
      const digest = await findLogoDigest(tx, school.id);
      return { name: school.name, ...(digest !== undefined && { logo: logoAddress(digest) }) };
    },
    { scope: 'all', readOnly: true },
  );
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
