import type { PageAssets } from '../assets/load-page-assets.ts';
import { linkList } from '../components/card.ts';
import type { Language } from '../languages/language.ts';
import type { Area } from '../page/page-options.ts';
import { renderPage } from '../page/render-page.ts';
import { actingComponents } from './acting-components.ts';
import { say, type CatalogueEntry } from './entry.ts';
import { readingComponents } from './reading-components.ts';
import { wholePages } from './whole-pages.ts';

const entries: readonly CatalogueEntry[] = [...wholePages, ...readingComponents, ...actingComponents];

/** The names of the catalogue's pages, for addresses such as `/pages/tables`. */
export const catalogueNames: readonly string[] = entries.map((entry) => entry.name);

/**
 * A page of the catalogue, served in development only: the list without `name`, otherwise that component in all its
 * states or that whole page. Undefined for a name that is not there. `base` is where the catalogue lives (`/pages`).
 */
export function renderCatalogue(options: {
  readonly language: Language;
  readonly assets: PageAssets;
  readonly base?: string;
  readonly name?: string;
  /** Where the language form posts. Default `<base>/language`. */
  readonly languageAction?: string;
}): string | undefined {
  const { language, assets, name } = options;
  const base = options.base ?? '/pages';
  const languageAction = options.languageAction ?? `${base}/language`;
  if (name === undefined) return renderList(language, assets, base, languageAction);
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry === undefined) return undefined;
  const page = entry.page(language, base);
  const wrapped = page.title !== undefined;
  return renderPage({
    language,
    assets,
    title: entry.title[language],
    ...(wrapped
      ? {}
      : {
          areas: listAreas(language, base),
          school: { name: say(language, 'Catalogue des pages', 'Catalogue of pages'), href: base },
          languageSwitch: { action: languageAction, returnTo: `${base}/${name}` },
        }),
    ...page,
  });
}

function listAreas(language: Language, base: string): readonly Area[] {
  return [
    { label: say(language, 'Catalogue', 'Catalogue'), href: base, icon: 'layout-grid' },
    { label: say(language, 'Portail', 'Portal'), href: `${base}/portal`, icon: 'home' },
    { label: say(language, 'Champs', 'Fields'), href: `${base}/fields`, icon: 'edit' },
    { label: say(language, 'Graphiques', 'Charts'), href: `${base}/charts`, icon: 'chart-line' },
  ];
}

function renderList(language: Language, assets: PageAssets, base: string, languageAction: string): string {
  return renderPage({
    language,
    assets,
    layout: 'narrow',
    title: say(language, 'Catalogue des pages', 'Catalogue of pages'),
    lead: say(
      language,
      'Chaque composant dans chacun de ses états.',
      'Each component in each of its states.',
    ),
    school: { name: 'Socle', href: base },
    languageSwitch: { action: languageAction, returnTo: base },
    footerLinks: [{ label: say(language, 'Catalogue des pages', 'Catalogue of pages'), href: base }],
    body: linkList(entries.map(({ name, title }) => ({ label: title[language], href: `${base}/${name}` }))),
  });
}
