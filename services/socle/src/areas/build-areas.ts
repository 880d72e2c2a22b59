import formbody from '@fastify/formbody';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Socle } from '../compose.ts';
import { ServiceError } from '../errors.ts';
import { uploadsFolder } from '../imports/kept-uploads.ts';
import { accountArea } from './account/area.ts';
import { approvalsArea } from './approvals/area.ts';
import { answerInView } from './answer-in-view.ts';
import type { Area, AreaAnswer, RouteOptions } from './area.ts';
import { dpoArea } from './dpo/area.ts';
import { FORM_TOKEN_FIELD, verifyFormToken } from './form-token.ts';
import { withUpload } from './receive-upload.ts';
import { schoolArea } from './school/area.ts';
import { openVisit } from './open-visit.ts';
import { securityArea } from './security/area.ts';
import type { Visit } from './visit.ts';

/** The areas, in the order of the rail. */
export const areas: readonly Area[] = [accountArea, schoolArea, approvalsArea, dpoArea, securityArea];

/** Controller of what concerns no school or academy. */
const PLATFORM = 'platform';
const MAX_FORM_BYTES = 262_144;
/** A form with one file: what is too heavy for the page that asked is told by that page, up to here. */
const FORM_WITH_FILE = { files: 1, fileSize: 2_097_152, fields: 20, fieldSize: 10_000, parts: 21 } as const;

/** The socle's own pages for people who are signed in. */
export function buildAreas(socle: Socle): FastifyPluginAsync {
  return async (app) => {
    // large files are read as they come, beside forms that are read whole: two ways of one content type
    await app.register(async (pages) => {
      await pages.register(formbody, { bodyLimit: MAX_FORM_BYTES });
      await pages.register(multipart, { attachFieldsToBody: 'keyValues', limits: FORM_WITH_FILE });
      for (const area of areas) addPages(socle, pages, area);
    });
    await app.register(async (uploads) => {
      await uploads.register(multipart, { throwFileSizeLimit: false });
      for (const area of areas) addUploads(socle, uploads, area);
    });
  };
}

const NOWHERE = () => {};

function addPages(socle: Socle, app: FastifyInstance, area: Area): void {
  area.routes({
    get: (path, show, options) => {
      app.get(path, (request, reply) => answer({ socle, area, request, reply }, show, options));
    },
    post: (path, act, options) => {
      app.post(path, (request, reply) =>
        answer(
          { socle, area, request, reply },
          async (visit) => {
            await requireOwnForm(visit.socle, visit, visit.all(FORM_TOKEN_FIELD));
            return act(visit, lastValues(request.body));
          },
          options,
        ),
      );
    },
    upload: NOWHERE,
  });
}

function addUploads(socle: Socle, app: FastifyInstance, area: Area): void {
  area.routes({
    get: NOWHERE,
    post: NOWHERE,
    upload: (path, { maxBytes, admit }, act) => {
      app.post(path, (request, reply) =>
        answer({ socle, area, request, reply }, async (visit) => {
          await admit(visit);
          return withUpload(
            request,
            { root: uploadsFolder(socle.config), maxBytes },
            (fields) => requireOwnForm(socle, visit, fields.get(FORM_TOKEN_FIELD) ?? []),
            (upload) => act(visit, upload),
          );
        }),
      );
    },
  });
}

/** Answers whoever is signed in; sends the others to sign in. */
async function answer(
  at: {
    readonly socle: Socle;
    readonly area: Area;
    readonly request: FastifyRequest;
    readonly reply: FastifyReply;
  },
  respond: (visit: Visit) => Promise<AreaAnswer>,
  options: RouteOptions = {},
): Promise<FastifyReply> {
  const { socle, area, request, reply } = at;
  const visit = await openVisit({ ...at, areas });
  if (!visit) {
    // after a form, back to the area: what was typed is not repeated unseen
    const returnTo = request.method === 'GET' ? request.url : area.path;
    return reply.redirect(socle.identity.signInAddress(returnTo), 303);
  }
  const result = visit.view
    ? await answerInView(socle, { ...visit, view: visit.view }, area, options, respond)
    : await respond(visit);
  return typeof result === 'string' ? reply.type('text/html; charset=utf-8').send(result) : result;
}

/** Refuses what no form of this session's own pages sent: by its token, and by what the browser says of its origin. */
async function requireOwnForm(socle: Socle, visit: Visit, tokens: readonly string[]): Promise<void> {
  const { headers } = visit.request;
  const site = headers['sec-fetch-site'];
  const isOwn =
    tokens.length === 1 &&
    verifyFormToken(socle.areaKeys.formToken, visit.session.id, tokens[0]) &&
    (headers.origin === undefined || headers.origin === socle.config.issuer) &&
    (site === undefined || site === 'same-origin');
  if (isOwn) return;
  await socle.audit.record({
    controller: visit.session.person.controller ?? PLATFORM,
    actor: { kind: 'person', id: visit.session.personId },
    action: 'service.form.refused',
    outcome: 'denied',
    session: visit.session.id,
  });
  throw new ServiceError('form_refused', {
    status: 403,
    publicMessage:
      'This form did not come from a page of this session. Open the page again and send it from there.',
  });
}

function lastValues(body: unknown): Readonly<Record<string, string>> {
  const fields = Object.entries((body ?? {}) as Record<string, unknown>);
  // a file, or a field that says it is JSON, is no text: who wants a file reads it from the body
  return Object.fromEntries(
    fields.flatMap(([name, value]) => {
      const last: unknown = [value].flat().at(-1);
      return typeof last === 'string' ? [[name, last]] : [];
    }),
  );
}
