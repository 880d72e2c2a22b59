import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Decision, PersonFacts, Resource } from '@socle/authorization';
import type { SocleSession } from '@socle/identity';
import type { Content, Flash, IconName, Language, PageOptions } from '@socle/pages';
import type { Socle } from '../compose.ts';
import type { PersonContext } from '../modules/person-context.ts';
import type { OpenView } from '../view-as/open-view.ts';

/** The person who is looking, and what the rules let them do. */
export interface Visitor {
  readonly session: SocleSession;
  readonly context: PersonContext;
  readonly facts: PersonFacts;
  /** An administrator sees in this person's place: everything above is the person seen, and nothing may be done. */
  readonly view?: OpenView;
  /** The school of those who have only one, as pages name it. */
  readonly school?: NonNullable<PageOptions['school']>;
  /** The verdict of the policies in force, with the strength of this sign-in. */
  decide(action: string, resource: Resource): Decision;
  /** Do the rules allow it? To show or leave out; what acts calls `visit.requireMay`. */
  may(action: string, resource: Resource): boolean;
  /** Does the person hold one of these roles now, anywhere? For the rail only: it decides nothing. */
  holds(...roles: readonly string[]): boolean;
}

/** An area that is open to somebody, as the portal names it. */
export interface OpenArea {
  readonly id: string;
  readonly path: string;
  readonly icon: IconName;
  readonly label: Readonly<Record<Language, string>>;
}

/** What one page of an area is made of; the frame (rail, language, person, sign-out, messages) is added. */
export interface AreaPage {
  readonly title: string;
  readonly lead?: string;
  readonly body: Content;
  readonly actions?: Content;
  readonly back?: { readonly href: string; readonly label?: string };
  /** HTTP status. Default 200; 422 for a form that comes back with its errors. */
  readonly status?: number;
  /** Messages of this very answer, after those kept from the form before. */
  readonly flash?: readonly Flash[];
  /** False on a page deeper than the area's sections. Default true. */
  readonly tabs?: boolean;
}

/** One request of somebody who is signed in, to one page of an area. */
export interface Visit extends Visitor {
  readonly socle: Socle;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly language: Language;
  readonly now: Date;
  /** The areas of the socle that are open to this person, in the order of the rail. */
  readonly openAreas: readonly OpenArea[];
  /** Parameters of the path. */
  readonly params: Readonly<Record<string, string>>;
  /** The first value of a name in the address's query. */
  query(name: string): string | undefined;
  /** All values of a name in the form that was sent. */
  all(name: string): readonly string[];
  /**
   * Lets pass what the rules allow.
   * @throws ServiceError `access_denied` (403); the denial is written in the log.
   */
  requireMay(action: string, resource: Resource): Promise<Decision>;
  /** Hidden fields of a form: the token against forgery, and what is given. Put them in every form that posts. */
  fields(extra?: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  /** Renders a page of this area. */
  page(page: AreaPage): FastifyReply;
  /** Answers 303 to a path of this service, where `flash` is shown once. */
  redirect(path: string, ...flash: readonly Flash[]): FastifyReply;
}
