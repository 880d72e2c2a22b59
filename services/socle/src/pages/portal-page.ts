import { LANGUAGE_PATH } from '@socle/identity';
import {
  buttonLink,
  card,
  emptyState,
  grid,
  html,
  icon,
  nothing,
  renderPage,
  section,
  tileGrid,
  type Fragment,
  type Language,
  type PageAssets,
  type PageOptions,
} from '@socle/pages';
import { footerLinks } from '../accessibility/footer-links.ts';
import type { PersonContext } from '../modules/person-context.ts';
import { PORTAL_PATH } from '../areas/account/portal/page.ts';
import type { Arranged } from '../portal/arrangement.ts';
import type { PortalTile } from '../portal/tiles.ts';
import { isYoungPupil } from '../modules/young-pupil.ts';
import { roleName, strings } from './strings.ts';

export interface PortalOptions {
  readonly language: Language;
  readonly assets: PageAssets;
  readonly context: PersonContext;
  /** The school of those who have only one. */
  readonly school: PageOptions['school'];
  /** Roles in force, those over an academy or a region too. */
  readonly roles: readonly string[];
  /** What the person may open, where they put it. */
  readonly tiles: Arranged<PortalTile>;
  /** The socle's own areas that are open to this person. */
  readonly areas: NonNullable<PageOptions['areas']>;
  /** An administrator sees it in the person's place: services are named, and do not open. */
  readonly isView?: boolean;
  readonly banner?: NonNullable<PageOptions['banner']>;
  /** What the person must be told first. */
  readonly flash: NonNullable<PageOptions['flash']>;
}

/** The portal: what this person may open, then where they belong. */
export function renderPortal(options: PortalOptions): string {
  const { language, context } = options;
  const words = strings[language];
  const mainRole = options.roles.map((role) => roleName(language, role)).find((name) => name !== undefined);
  return renderPage({
    title: words.portalTitle(context.person.givenName),
    lead: isYoungPupil(context) ? words.youngLead : words.portalLead,
    language,
    assets: options.assets,
    ...(options.school === undefined ? {} : { school: options.school }),
    person: { displayName: context.person.displayName, ...(mainRole ? { role: mainRole } : {}) },
    signOut: { action: '/sign-out' },
    footerLinks: footerLinks(language),
    ...(options.banner === undefined ? {} : { banner: options.banner }),
    areas: options.areas,
    flash: options.flash,
    languageSwitch: { action: LANGUAGE_PATH, returnTo: '/' },
    body: html`${services(options)}${children(options)}${places(options)}`,
  });
}

function services({ language, tiles, context, isView }: PortalOptions): Fragment {
  const words = strings[language];
  const { pinned, others, hidden } = tiles;
  const total = pinned.length + others.length + hidden.length;
  if (total === 0) {
    return emptyState({
      icon: 'layout-grid',
      title: words.noServicesTitle,
      text: isYoungPupil(context) ? words.youngNoServices : words.noServicesText,
    });
  }
  if (isView === true) {
    const cards = [...pinned, ...others].map(({ title, description }) =>
      card({ title, level: 3, ...(description === undefined ? {} : { note: description }) }),
    );
    return section({ title: words.services, lead: words.servicesInView, body: grid(cards) });
  }
  const actions = buttonLink({ label: words.arrange, href: PORTAL_PATH, kind: 'quiet', icon: 'adjustments' });
  const away =
    hidden.length === 0
      ? nothing
      : html`<details class="disclosure"><summary>${icon('chevron-right')}${words.hiddenServices(hidden.length)}</summary><div class="disclosure-body">${tileGrid(hidden)}</div></details>`;
  const parts = [
    { title: words.pinned, list: pinned },
    { title: words.services, list: others },
  ].filter(({ list }) => list.length > 0);
  if (parts.length === 0) return section({ title: words.services, body: away, actions });
  return html`${parts.map(({ title, list }, index) =>
    section({
      title,
      body: html`${tileGrid(list)}${index === parts.length - 1 ? away : nothing}`,
      // one tile has no order
      ...(index === 0 && total > 1 ? { actions } : {}),
    }),
  )}`;
}

function children({ language, context, isView }: PortalOptions): Fragment {
  if (context.children.length === 0) return html``;
  const words = strings[language];
  const cards = context.children.map(({ child, divisions, schools }) => {
    const names = divisions.filter(({ kind }) => kind === 'class').map(({ name }) => name);
    const school = context.schools.find(({ id }) => id === schools[0]);
    return card({
      title: child.displayName,
      icon: 'user',
      level: 3,
      ...(school ? { note: school.name } : {}),
      ...(names.length > 0 ? { body: html`<p>${words.classesOf(names.join(', '))}</p>` } : {}),
      // whoever looks in a parent's place would be led to an account of their own
      ...(isView === true
        ? {}
        : {
            actions: html`<a class="quiet-link" href="/account/access?child=${child.id}">${icon('eye')}${words.whoSaw(child.givenName)}</a>`,
          }),
    });
  });
  return section({ title: words.children, body: grid(cards) });
}

function places({ language, context }: PortalOptions): Fragment {
  // A parent's schools are said already on the cards of the children.
  const held = context.roles.filter(({ role }) => role !== 'guardian');
  const own = context.schools.filter(({ id }) => held.some(({ school }) => school === id));
  if (own.length === 0) return html``;
  const cards = own.map((school) => {
    const roles = held
      .filter((role) => role.school === school.id)
      .map(({ role }) => roleName(language, role));
    const classes = context.memberOf
      .filter((division) => division.school === school.id && division.kind === 'class')
      .map(({ name }) => name);
    return card({
      title: school.name,
      icon: 'school',
      level: 3,
      note: [...new Set(roles.filter((name) => name !== undefined))].join(', '),
      ...(classes.length > 0
        ? { body: html`<p>${strings[language].classesOf(classes.join(', '))}</p>` }
        : {}),
    });
  });
  const { places: title, youngPlaces } = strings[language];
  return section({ title: isYoungPupil(context) ? youngPlaces : title, body: grid(cards) });
}
