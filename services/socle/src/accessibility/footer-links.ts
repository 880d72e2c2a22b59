import type { Language } from '@socle/pages';
import { accessibilityLevel } from './level.ts';
import { MEASURED } from './measured.ts';
import { accessibilityStrings } from './strings.ts';

export const STATEMENT_PATH = '/accessibility';
export const SITE_MAP_PATH = '/site-map';

/** What the law wants on every page: how accessible the service is, with its statement; and the plan of the site. */
export function footerLinks(language: Language): { readonly label: string; readonly href: string }[] {
  const words = accessibilityStrings[language];
  return [
    { label: words.mention(words.levels[accessibilityLevel(MEASURED)]), href: STATEMENT_PATH },
    { label: words.siteMap, href: SITE_MAP_PATH },
  ];
}
