import {
  card,
  emptyState,
  formatList,
  grid,
  html,
  nothing,
  section,
  tileGrid,
  type Content,
  type Fragment,
} from '@socle/pages';
import { roleName } from '../../../pages/strings.ts';
import type { AreaPage, Visit } from '../../visit.ts';
import { mayOrganise } from '../classes/organised.ts';
import { listSearchPlaces } from '../people/search-places.ts';
import { homeStrings } from './strings.ts';
import type { Waiting } from './waiting.ts';

/** What waits first, then what can be done, then where. */
export function renderHome(visit: Visit, waiting: Waiting): AreaPage {
  const words = homeStrings[visit.language];
  return {
    title: words.title,
    lead: words.lead,
    body: html`${section({ title: words.waitingTitle, body: waitingTiles(visit, waiting) })}${actsSection(visit)}${visit.context.schools.length === 0 ? nothing : section({ title: words.schoolsTitle, body: schools(visit) })}`,
  };
}

function waitingTiles({ language }: Visit, waiting: Waiting): Fragment {
  const words = homeStrings[language];
  const tiles = [
    {
      count: waiting.authority,
      title: words.authority,
      news: words.authorityNews(waiting.authority),
      href: '/school/authority',
      icon: 'scale',
    },
    {
      count: waiting.reviews,
      title: words.reviews,
      news: words.reviewsNews(waiting.reviews),
      href: '/school/authority',
      icon: 'history',
    },
    {
      count: waiting.duplicates,
      title: words.duplicates,
      news: words.duplicatesNews(waiting.duplicates),
      href: '/school/duplicates',
      icon: 'users',
    },
    {
      count: waiting.approvals,
      title: words.approvals,
      news: words.approvalsNews(waiting.approvals),
      href: '/approvals',
      icon: 'list-check',
    },
  ].filter(({ count }) => count > 0);
  return tiles.length === 0
    ? emptyState({ icon: 'circle-check', title: words.nothingTitle, text: words.nothingText })
    : tileGrid(tiles);
}

function actsSection(visit: Visit): Content {
  const tiles = acts(visit);
  if (tiles.length === 0) return nothing;
  return section({ title: homeStrings[visit.language].actsTitle, body: tileGrid(tiles) });
}

function acts(visit: Visit) {
  const words = homeStrings[visit.language];
  return [
    ...(listSearchPlaces(visit).length === 0
      ? []
      : [{ title: words.people, description: words.peopleText, href: '/school/people', icon: 'search' }]),
    ...(visit.context.schools.some(({ id }) => mayOrganise(visit, id))
      ? [
          {
            title: words.classes,
            description: words.classesText,
            href: '/school/classes',
            icon: 'users-group',
          },
        ]
      : []),
    ...(visit.holds('teacher', 'head_teacher', 'local_admin', 'head')
      ? [{ title: words.accounts, description: words.accountsText, href: '/school/accounts', icon: 'key' }]
      : []),
  ];
}

function schools({ language, context }: Visit): Fragment {
  return grid(
    context.schools.map(({ id, name, uai }) => {
      const held = context.roles.filter(({ school }) => school === id);
      const roles = held.flatMap(({ role }) => roleName(language, role) ?? []);
      return card({
        title: name,
        icon: 'school',
        level: 3,
        note: [uai, formatList(language, [...new Set(roles)])].filter((part) => part !== '').join(' · '),
      });
    }),
  );
}
