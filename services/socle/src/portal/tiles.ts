import type { Language } from '@socle/pages';
import type { OpenArea } from '../areas/visit.ts';
import type { PersonContext } from '../modules/person-context.ts';
import type { RegisteredModule } from '../modules/store.ts';
import { strings } from '../pages/strings.ts';

/** A tile of the portal. Its id is kept where the person arranged it. */
export interface PortalTile {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly href: string;
  readonly icon: string;
}

/** What this person may open: the services that one of their roles opens, then the socle's own areas. */
export function listTiles(
  { roles }: Pick<PersonContext, 'roles'>,
  language: Language,
  offer: { readonly modules: readonly RegisteredModule[]; readonly areas: readonly OpenArea[] },
): PortalTile[] {
  const held = new Set(roles.map(({ role }) => role));
  const words = strings[language].areas as Readonly<Record<string, string>>;
  return [
    ...offer.modules
      .filter((module) => module.roles.some((role) => held.has(role)))
      .map((module) => ({
        id: `module:${module.id}`,
        title: module.title[language],
        description: module.description[language],
        href: module.url,
        icon: module.icon,
      })),
    // one's own account is everybody's, and stands in the rail of every page
    ...offer.areas
      .filter(({ id }) => id !== 'account')
      .map((area) => ({
        id: `area:${area.id}`,
        title: area.label[language],
        ...(words[area.id] === undefined ? {} : { description: words[area.id]! }),
        href: area.path,
        icon: area.icon,
      })),
  ];
}
