import type { FastifyRequest } from 'fastify';
import { LANGUAGE_PATH } from '@socle/identity';
import {
  button,
  form,
  formatTime,
  html,
  nothing,
  renderPage,
  tabs,
  type Fragment,
  type Language,
  type PageOptions,
} from '@socle/pages';
import { footerLinks } from '../accessibility/footer-links.ts';
import type { Socle } from '../compose.ts';
import { roleName } from '../pages/strings.ts';
import type { Area } from './area.ts';
import { FORM_TOKEN_FIELD, buildFormToken } from './form-token.ts';
import { strings } from './strings.ts';
import type { AreaPage, Visitor } from './visit.ts';

/** Where the form that ends a view is sent. */
export const VIEW_END_PATH = '/account/view/ended';

/** Where a page stands. */
export interface Frame {
  readonly socle: Pick<Socle, 'assets' | 'areaKeys'>;
  readonly area: Area;
  readonly areas: readonly Area[];
  readonly request: FastifyRequest;
  readonly language: Language;
  readonly visitor: Visitor;
}

/** One page of an area, with what surrounds every page: rail, tabs, person, language, sign-out, messages. */
export function renderFrame(frame: Frame, page: AreaPage): string {
  const { area, request, language, visitor } = frame;
  const { context } = visitor;
  const role = mainRole(frame);
  const { tabs: showTabs = true, status: _status, body, ...rest } = page;
  return renderPage({
    ...rest,
    language,
    assets: frame.socle.assets,
    homeHref: '/',
    footerLinks: footerLinks(language),
    ...(visitor.school === undefined ? {} : { school: visitor.school }),
    ...viewBanner(frame),
    person: { displayName: context.person.displayName, ...(role === undefined ? {} : { role }) },
    signOut: { action: '/sign-out' },
    languageSwitch: {
      action: LANGUAGE_PATH,
      returnTo: request.method === 'GET' ? request.url : area.path,
    },
    areas: buildRail(frame),
    body: html`${showTabs ? sectionTabs(frame) : nothing}${body}`,
  });
}

/** The portal, then the areas that are open to this person. */
export function buildRail({
  area,
  areas,
  language,
  visitor,
}: Pick<Frame, 'areas' | 'language' | 'visitor'> & { readonly area?: Area }): NonNullable<
  PageOptions['areas']
> {
  const open = areas.filter(
    (each) => (visitor.view === undefined || each.duringView) && each.opensFor(visitor),
  );
  return [
    { label: strings[language].home, href: '/', icon: 'home', current: area === undefined },
    ...open.map((each) => ({
      label: each.label[language],
      href: each.path,
      icon: each.icon,
      current: each.id === area?.id,
    })),
  ];
}

/** Above every page of a view: in whose place one sees, until when, and the way out. */
export function viewBanner({
  socle,
  language,
  visitor,
}: Pick<Frame, 'language' | 'visitor'> & { readonly socle: Pick<Socle, 'areaKeys'> }): Pick<
  PageOptions,
  'banner'
> {
  const { view, session, context } = visitor;
  if (!view) return {};
  const words = strings[language];
  const until = formatTime(language, view.row.ends_at);
  return {
    banner: {
      label: words.viewLabel,
      body: html`<p><strong>${words.viewBanner(context.person.displayName, until)}</strong> ${words.viewReadOnly}</p>${form(
        {
          action: VIEW_END_PATH,
          fields: { [FORM_TOKEN_FIELD]: buildFormToken(socle.areaKeys.formToken, session.id) },
          label: words.viewEnd,
          body: button({ label: words.viewEnd }),
        },
      )}`,
    },
  };
}

function mainRole({ language, visitor }: Frame): string | undefined {
  return visitor.facts.roles.map(({ role }) => roleName(language, role)).find((name) => name !== undefined);
}

/** Views of this area side by side, when there are several; the deepest that holds this page is the current one. */
function sectionTabs({ area, request, language, visitor }: Frame): Fragment {
  const open = (area.sections ?? []).filter(
    (section) => (visitor.view === undefined || section.duringView) && (section.opensFor?.(visitor) ?? true),
  );
  if (open.length < 2) return nothing;
  const here = new URL(request.url, 'https://here.invalid').pathname;
  const [current] = open
    .filter(({ path }) => here === path || here.startsWith(`${path}/`))
    .toSorted((a, b) => b.path.length - a.path.length);
  return tabs({
    label: area.label[language],
    items: open.map((section) => ({
      label: section.label[language],
      href: section.path,
      current: section === current,
    })),
  });
}
