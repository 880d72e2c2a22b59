import type { FoundPerson } from '@socle/directory';
import {
  buttonLink,
  card,
  emptyState,
  form,
  button,
  formatList,
  grid,
  html,
  nothing,
  section,
  textField,
} from '@socle/pages';
import { roleName } from '../../../pages/strings.ts';
import type { AreaPage, Visit } from '../../visit.ts';
import { strings } from './strings.ts';

/** Finds the person whose accesses are asked for. */
export function renderPersonSearch(
  visit: Visit,
  search: { readonly text?: string; readonly missing?: boolean; readonly found?: readonly FoundPerson[] },
): AreaPage {
  const { language } = visit;
  const words = strings[language];
  return {
    title: words.personTitle,
    lead: words.personLead,
    ...(search.missing ? { status: 422 } : {}),
    body: html`${form({
      action: '/dpo/access/person',
      fields: visit.fields(),
      body: [
        textField({
          language,
          name: 'name',
          label: words.personName,
          hint: words.personHint,
          autocomplete: 'off',
          ...(search.text === undefined ? {} : { value: search.text }),
          ...(search.missing ? { error: words.personMissing } : {}),
        }),
        button({ label: words.personSearch }),
      ],
    })}${search.found === undefined ? nothing : results(visit, search.found)}`,
  };
}

function results({ language }: Visit, found: readonly FoundPerson[]) {
  const words = strings[language];
  if (found.length === 0)
    return emptyState({ icon: 'search', title: words.personNone, text: words.personNoneText });
  const cards = found.map(({ person, places }) => {
    const roles = places.map(({ role, divisions }) =>
      [roleName(language, role), ...divisions].filter((each) => each !== undefined).join(' '),
    );
    return card({
      title: person.displayName,
      icon: 'user',
      level: 3,
      note: formatList(language, [...new Set(roles)]),
      actions: buttonLink({
        label: words.whoLooked,
        href: `/dpo/access/events?person=${person.id}`,
        kind: 'secondary',
      }),
    });
  });
  return section({ title: words.personFound(found.length), body: grid(cards) });
}
