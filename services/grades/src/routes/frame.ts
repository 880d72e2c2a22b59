import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Client, ModuleConfig, ModuleParts } from '@socle/client';
import { html, renderPage, type Area } from '@socle/pages';
import { hasRole } from '../access/person.ts';
import type { Answer, Exchange } from './exchange.ts';
import { stringsOf } from '../strings/strings.ts';
import { loadStylesheet, type Stylesheet } from './stylesheet.ts';

/** What stands around every page. */
export interface Frame {
  readonly client: Client;
  readonly stylesheet: Stylesheet;
  readonly config: ModuleConfig;
}

/** Loads and serves the module's own stylesheet; the client library serves the page kit's files. */
export async function openFrame(
  app: FastifyInstance,
  parts: Pick<ModuleParts, 'client' | 'config'>,
): Promise<Frame> {
  const stylesheet = await loadStylesheet();
  app.get(stylesheet.href, async (_request, reply) =>
    reply
      .header('cache-control', stylesheet.cacheControl)
      .header('etag', stylesheet.etag)
      .type(stylesheet.contentType)
      .send(stylesheet.body),
  );
  return { ...parts, stylesheet };
}

/** Sends an answer: a redirect, or the whole document of a page. */
export function sendAnswer(
  frame: Frame,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Answer,
  exchange: Exchange | undefined,
): FastifyReply {
  reply.header('cache-control', 'no-store');
  if (answer.kind === 'redirect') return reply.redirect(answer.to, 303);
  const language = exchange?.language ?? frame.client.language(request);
  const { view, status } = answer;
  const document = renderPage({
    ...view,
    language,
    assets: frame.client.assets,
    body: html`<link rel="stylesheet" href="${frame.stylesheet.href}">${view.body}`,
    service: stringsOf(language).module.name,
    homeHref: `${frame.config.issuer}/`,
    ...(exchange ? aboutReader(exchange, request) : {}),
  });
  return reply.code(status).type('text/html; charset=utf-8').send(document);
}

function aboutReader(exchange: Exchange, request: FastifyRequest) {
  const { person } = exchange.reader;
  const fields = { _csrf: exchange.csrf };
  const [school] = person.schools;
  // A page that answers a POST has no address of its own to come back to.
  const returnTo = request.method === 'GET' ? request.url : '/';
  return {
    person: { displayName: person.person.displayName },
    signOut: { action: '/sign-out', fields },
    languageSwitch: { action: '/language', returnTo, fields },
    areas: listAreas(exchange, request.url),
    ...(school && person.schools.length === 1 ? { school: { name: school.name } } : {}),
  };
}

function listAreas({ reader, strings }: Exchange, url: string): readonly Area[] {
  const { person } = reader;
  const isTeacher = person.teaches.length > 0 || hasRole(person, 'teacher');
  if (!isTeacher) return [];
  return [
    { label: strings.home.title, href: '/', icon: 'users-group', current: url.split('?')[0] === '/' },
    {
      label: strings.areas.create,
      href: '/assessments/new',
      icon: 'plus',
      current: url.startsWith('/assessments/new'),
    },
    ...(person.headTeacherOf[0]
      ? [
          {
            label: strings.areas.myClass(person.headTeacherOf[0].name),
            href: `/classes/${person.headTeacherOf[0].id}`,
            icon: 'chart-bar' as const,
            current: url === `/classes/${person.headTeacherOf[0].id}`,
          },
        ]
      : []),
  ];
}
