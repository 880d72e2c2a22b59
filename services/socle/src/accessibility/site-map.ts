import { linkList, section, stack, type Fragment, type Language } from '@socle/pages';
import type { Area } from '../areas/area.ts';
import type { Visitor } from '../areas/visit.ts';
import { STATEMENT_PATH } from './footer-links.ts';
import { accessibilityStrings } from './strings.ts';

interface SiteMapPart {
  readonly title: string;
  readonly links: readonly { readonly label: string; readonly href: string }[];
}

/** The pages that this visitor may open, or a stranger where there is none, part by part. */
export function listSiteMap(
  language: Language,
  areas: readonly Area[],
  visitor: Visitor | undefined,
): readonly SiteMapPart[] {
  const words = accessibilityStrings[language];
  const entrance = {
    title: words.siteMapEntrance,
    links: [
      { label: words.signIn, href: '/sign-in' },
      { label: words.withSheet, href: '/sign-in/activate' },
      { label: words.withBadge, href: '/sign-in/badge' },
      { label: words.asParent, href: '/sign-in/parent' },
      { label: words.device, href: '/device' },
    ],
  };
  const about = { title: words.siteMapAbout, links: [{ label: words.title, href: STATEMENT_PATH }] };
  if (!visitor) return [entrance, about];
  const inView = visitor.view !== undefined;
  const open = areas.filter((area) => (!inView || area.duringView) && area.opensFor(visitor));
  return [
    {
      title: words.siteMapHome,
      links: [
        { label: words.siteMapHome, href: '/' },
        { label: words.device, href: '/device' },
      ],
    },
    ...open.map(({ label, path, sections = [] }) => ({
      title: label[language],
      links:
        sections.length === 0
          ? [{ label: label[language], href: path }]
          : sections
              .filter((each) => (!inView || each.duringView) && (each.opensFor?.(visitor) ?? true))
              .map((each) => ({ label: each.label[language], href: each.path })),
    })),
    about,
  ];
}

/** The plan of the site. */
export function renderSiteMap(
  language: Language,
  parts: readonly SiteMapPart[],
): { title: string; lead: string; body: Fragment } {
  const words = accessibilityStrings[language];
  return {
    title: words.siteMap,
    lead: words.siteMapLead,
    body: stack(...parts.map(({ title, links }) => section({ title, body: linkList(links) }))),
  };
}
