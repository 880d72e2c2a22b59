import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ModuleConfig } from '@socle/client';
import {
  chooseLanguage,
  html,
  isLanguage,
  languageCookieName,
  loadPageAssets,
  renderPage,
  type Area,
  type Language,
  type PageAssets,
} from '@socle/pages';
import { hasRole } from '../access/person.ts';
import type { Answer, Exchange } from './exchange.ts';
import { stringsOf } from '../strings/strings.ts';
import { loadStylesheet, type Stylesheet } from './stylesheet.ts';

/** What stands around every page. */
export interface Frame {
  readonly assets: PageAssets;
  readonly stylesheet: Stylesheet;
  readonly config: ModuleConfig;
}

const YEAR_SECONDS = 31_536_000;

/** Loads the files that pages need and serves them, with the choice of language. */
export async function openFrame(app: FastifyInstance, config: ModuleConfig): Promise<Frame> {
  const assets = loadPageAssets();
  const stylesheet = await loadStylesheet(assets.prefix);
  app.get(`${assets.prefix}*`, async (request, reply) => {
    const pathname = request.url.split('?')[0] ?? '';
    const asset = pathname === stylesheet.href ? stylesheet : assets.find(pathname);
    if (!asset) return reply.callNotFound();
    return reply
      .header('cache-control', asset.cacheControl)
      .header('etag', asset.etag)
      .type(asset.contentType)
      .send(asset.body);
  });
  app.post('/language', async (request, reply) => {
    const { language, returnTo } = (request.body ?? {}) as Record<string, unknown>;
    if (isLanguage(language)) {
      const secure = config.baseUrl.startsWith('https:') ? '; Secure' : '';
      const cookie = `${languageCookieName}=${language}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax; HttpOnly${secure}`;
      reply.header('set-cookie', cookie);
    }
    return reply.redirect(localPath(returnTo), 303);
  });
  return { assets, stylesheet, config };
}

/** The language of a request: the person's choice, then the browser's, then French. */
export function findLanguage(request: FastifyRequest): Language {
  const cookies = request.headers.cookie ?? '';
  const chosen = new RegExp(`(?:^|;\\s*)${languageCookieName}=([a-z]{2})(?:;|$)`).exec(cookies)?.[1];
  return chooseLanguage(request.headers['accept-language'], chosen);
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
  const language = exchange?.language ?? findLanguage(request);
  const { view, status } = answer;
  const document = renderPage({
    ...view,
    language,
    assets: frame.assets,
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

/** A path of this module, or its home. */
function localPath(target: unknown): string {
  return typeof target === 'string' && /^\/(?![/\\])[\x21-\x7e]{0,1000}$/.test(target) ? target : '/';
}
