import type { Accent } from '../assets/accent.ts';
import type { PageAssets } from '../assets/load-page-assets.ts';
import type { Content, Fragment } from '../html.ts';
import type { IconName } from '../icons/icon-names.ts';
import type { Language } from '../languages/language.ts';

/** One area of a service, in the rail on wide screens and in the bottom bar on phones. */
export interface Area {
  readonly label: string;
  readonly href: string;
  readonly icon: IconName;
  readonly current?: boolean;
  /** Number of new things, shown beside the label when above 0. */
  readonly count?: number;
}

/** A message about what just happened, shown once at the top of the page. */
export interface Flash {
  readonly kind: 'good' | 'information' | 'warning' | 'danger';
  /** One sentence; replaces the default title of the kind. */
  readonly title?: string;
  readonly text?: string;
  /** A form that undoes it, where undoing is possible. */
  readonly undo?: {
    readonly action: string;
    readonly fields?: Readonly<Record<string, string>>;
    readonly label?: string;
  };
}

/** Everything a page is made of. `title`, `language`, `assets` and `body` are needed; the rest appears when given. */
export interface PageOptions {
  /** The document's title and, unless `heading` is false, the page's only h1. */
  readonly title: string;
  /**
   * What tells this state of the page from the others, after the title of the document alone: it is read out when the page
   * opens. Default: that something is to correct, where the body has a summary of errors.
   */
  readonly titleNote?: string;
  readonly language: Language;
  readonly assets: PageAssets;
  readonly body: Content;
  /** False when `body` brings its own h1. */
  readonly heading?: boolean;
  /** A sentence under the title. */
  readonly lead?: string;
  /** The act of the page, beside the title. */
  readonly actions?: Content;
  /** `app` (default) has header, areas, footer; `entrance` is one centred card, for signing in; `narrow` is one column of text. */
  readonly layout?: 'app' | 'narrow' | 'entrance';
  /** What must be in sight on every page while it lasts, above everything: `label` names it for screen readers. */
  readonly banner?: { readonly label: string; readonly body: Content };
  readonly school?: {
    readonly name: string;
    readonly href?: string;
    /** Address of its logo, shown beside the name in place of the kit's mark. */
    readonly logo?: string;
  };
  /** What this service is called, after the school (`Notes`). */
  readonly service?: string;
  /** Where the portal of all services is; shown as "Accueil". */
  readonly homeHref?: string;
  readonly person?: { readonly displayName: string; readonly role?: string; readonly href?: string };
  /** Signing out is a POST; `fields` carries the token against forgery. */
  readonly signOut?: { readonly action: string; readonly fields?: Readonly<Record<string, string>> };
  readonly areas?: readonly Area[];
  /** The way back, first in the page. */
  readonly back?: { readonly href: string; readonly label?: string };
  readonly flash?: readonly Flash[];
  /** Where the language form posts (`action`) and where the person returns; without it no switch is shown. */
  readonly languageSwitch?: {
    readonly action: string;
    readonly returnTo: string;
    readonly fields?: Readonly<Record<string, string>>;
  };
  readonly accent?: Accent | (string & {});
  /** What a reader must find on every page (accessibility, plan of the site): links after the footer's sentence. */
  readonly footerLinks?: readonly { readonly label: string; readonly href: string }[];
  /** Replaces the kit's sentence in the footer. */
  readonly footer?: Fragment;
}
