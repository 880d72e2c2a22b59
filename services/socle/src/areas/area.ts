import type { FastifyReply } from 'fastify';
import type { IconName, Language } from '@socle/pages';
import type { Upload } from './receive-upload.ts';
import type { Visit, Visitor } from './visit.ts';

/** The areas of the socle's own pages, in the order of the rail. */
type AreaId = 'account' | 'family' | 'school' | 'approvals' | 'dpo' | 'security';

/** One view of an area, in the tabs under its title. */
interface Section {
  /** It is shown to an administrator who sees in somebody's place. Default: it is not. */
  readonly duringView?: true;
  readonly label: Readonly<Record<Language, string>>;
  /** A path under the area's own. */
  readonly path: string;
  /** Default: everyone to whom the area is open. */
  opensFor?(visitor: Visitor): boolean;
}

/** What an area answers: a page as HTML, or a reply that was already made (`visit.redirect(…)`, a file). */
export type AreaAnswer = string | FastifyReply;

/** A form with a file that may be large: it is written to disk a piece at a time. */
interface UploadOptions {
  readonly maxBytes: number;
  /** Judges the visitor before a byte of the file is kept. Throw to refuse. */
  admit(visit: Visit): Promise<unknown>;
}

/** What a page may be during a view in somebody's place: nothing, unless it says so. */
export interface RouteOptions {
  readonly duringView?: true;
}

/** Where an area puts its pages. Every path is absolute and begins with the area's. */
export interface AreaRoutes {
  /** Shows something. It must change nothing. */
  get(path: string, show: (visit: Visit) => Promise<AreaAnswer>, options?: RouteOptions): void;
  /**
   * Does something: the session, the origin and the token against forgery have been checked. `fields` are the form's,
   * each with its last value; `visit.all(name)` gives several. Answer with `visit.redirect` so that a reload does not do it twice.
   */
  post(
    path: string,
    act: (visit: Visit, fields: Readonly<Record<string, string>>) => Promise<AreaAnswer>,
    options?: RouteOptions,
  ): void;
  /**
   * As `post`, for a form whose last field is a large file; its other fields, the hidden ones among them, stand before it.
   * The file is removed after `act`, unless `act` moved it.
   */
  upload(
    path: string,
    options: UploadOptions,
    act: (visit: Visit, upload: Upload) => Promise<AreaAnswer>,
  ): void;
}

/** One area: a folder beside this file. */
export interface Area {
  readonly id: AreaId;
  /** `/account`. */
  readonly path: string;
  readonly icon: IconName;
  readonly label: Readonly<Record<Language, string>>;
  /** Is it in this person's rail, and does any of its pages answer? Each page decides for itself besides. */
  opensFor(visitor: Visitor): boolean;
  readonly sections?: readonly Section[];
  /** Some of its pages are shown to an administrator who sees in somebody's place. Default: none. */
  readonly duringView?: true;
  routes(routes: AreaRoutes): void;
}
