import type { MayRequest } from '@socle/client';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Language } from '@socle/pages';
import type { Act } from '../acts/act.ts';
import { isId } from '../access/person.ts';
import { Refusal } from '../errors.ts';
import { inSchoolsOf, type Grades, type Reader } from '../reading/grades.ts';
import { stringsOf } from '../strings/strings.ts';
import type { Strings } from '../strings/fr.ts';
import type { View } from '../views/view.ts';

/** One request of a signed-in person, and what is needed to answer it. */
export interface Exchange {
  readonly grades: Grades;
  readonly reader: Reader;
  readonly language: Language;
  readonly strings: Strings;
  /** For the hidden field `_csrf` of the page's forms. */
  readonly csrf: string;
  readonly request: FastifyRequest;
}

/** What a route answers. */
export type Answer =
  | { readonly kind: 'page'; readonly status: number; readonly view: View }
  | { readonly kind: 'redirect'; readonly to: string };

/** Answers a request for a page. */
export type PageHandler = (exchange: Exchange) => Promise<Answer>;

/** A page of the module. */
export function page(view: View, status = 200): Answer {
  return { kind: 'page', view, status };
}

/** Sends the browser on, by GET. */
export function redirect(to: string): Answer {
  return { kind: 'redirect', to };
}

/** Asks the socle one question. @throws Refusal with `code` when it says no. */
export async function requireAllowed(
  { grades, reader }: Exchange,
  { action, resource, properties }: MayRequest,
  code: Refusal['code'],
): Promise<void> {
  const decision = await grades.client.may(reader.session, action, resource, properties);
  if (!decision.allowed) throw new Refusal(code);
}

/** Runs an act in one transaction over the reader's schools, with its events. */
export function runAct<T>(exchange: Exchange, work: (act: Act) => Promise<T>): Promise<T> {
  const { grades, reader, request } = exchange;
  return inSchoolsOf(grades, reader, (tx) =>
    work({
      tx,
      audit: grades.client.audit,
      session: reader.session,
      at: grades.now(),
      correlation: request.id,
    }),
  );
}

/** A parameter of the path that is an id. @throws Refusal `not_found`. */
export function readId(request: FastifyRequest, name: string): string {
  const value = (request.params as Readonly<Record<string, unknown>>)[name];
  if (!isId(value)) throw new Refusal('not_found');
  return value;
}

/** A parameter of the path that is a person's subject identifier. @throws Refusal `not_found`. */
export function readSubject(request: FastifyRequest, name: string): string {
  const value = (request.params as Readonly<Record<string, unknown>>)[name];
  if (typeof value !== 'string' || value.length === 0 || value.length > 255) throw new Refusal('not_found');
  return value;
}

/** A member of the query, or an empty text. */
export function readQuery(request: FastifyRequest, name: string): string {
  const value = (request.query as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : '';
}

/** The fields of a form; a field sent twice is a bad form. */
export function readForm(request: FastifyRequest): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries((request.body ?? {}) as Record<string, unknown>)) {
    if (typeof value !== 'string') throw new Refusal('bad_form');
    fields.set(name, value);
  }
  return fields;
}

/** A field that holds a whole number. @throws Refusal `bad_form`. */
export function readNumber(form: ReadonlyMap<string, string>, name: string): number {
  const text = form.get(name) ?? '';
  if (!/^\d{1,9}$/.test(text)) throw new Refusal('bad_form');
  return Number(text);
}

/** Opens the exchange of a request: session, person, language. @throws ClientError when there is no session. */
export async function openExchange(
  grades: Grades,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Exchange> {
  const session = await grades.client.requireSession(request, reply);
  const person = await grades.client.directory.person(session);
  const language = grades.client.language(request);
  return {
    grades,
    reader: { session, person },
    language,
    strings: stringsOf(language),
    csrf: grades.client.csrfToken(session),
    request,
  };
}
