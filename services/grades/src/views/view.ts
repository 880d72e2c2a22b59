import type { Content, Flash, Fragment, Language } from '@socle/pages';
import type { Strings } from '../strings/fr.ts';

/** What every view needs to speak: the language, its words, and the token of its forms. */
export interface Wording {
  readonly language: Language;
  readonly strings: Strings;
  readonly csrf: string;
}

/** The content of one page; the frame puts the banner, the areas and the footer around it. */
export interface View {
  /** The document's title and its only h1. */
  readonly title: string;
  readonly lead?: string;
  readonly actions?: Fragment;
  readonly back?: { readonly href: string; readonly label: string };
  readonly flash?: readonly Flash[];
  readonly body: Content;
}
