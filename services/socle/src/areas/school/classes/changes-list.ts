import type { LocalChange } from '@socle/directory';
import { badge, button, card, form, formatDate, grid, html, nothing, type Fragment } from '@socle/pages';
import type { Visit } from '../../visit.ts';
import type { OrganisedSchool } from './organised.ts';
import { classStrings } from './strings.ts';

/** Changes that hold or are to come, each with its end, what the feed says of it, and the way back. */
export function changesList(
  visit: Visit,
  { school, divisions, cards }: OrganisedSchool,
  changes: readonly LocalChange[],
  from?: string,
): Fragment {
  const { language } = visit;
  const words = classStrings[language];
  return grid(
    changes.map((change) => {
      const person = cards.get(change.person)?.displayName ?? words.erased;
      const replaced = change.replaced && (cards.get(change.replaced)?.displayName ?? words.erased);
      const division = divisions.find(({ id }) => id === change.division)?.name;
      const what = replaced === undefined ? (division ?? '') : words.replaces(replaced);
      return card({
        title: `${words.kinds[change.kind]} : ${person}`,
        icon: change.kind === 'substitute' ? 'user-check' : 'users-group',
        level: 3,
        note: words.lasts(what, formatDate(language, change.from), formatDate(language, change.until)),
        body: html`<p>${words.because(change.reason)}</p>${
          change.feed === 'silent' ? nothing : html`<p>${badge(words.feeds[change.feed], change.feed === 'agrees' ? 'good' : 'neutral')}</p>`
        }`,
        actions: form({
          action: `/school/classes/schools/${school.id}/undo`,
          fields: visit.fields({ change: change.id, ...(from === undefined ? {} : { division: from }) }),
          label: `${words.undo}, ${person}`,
          body: button({ label: words.undo, kind: 'secondary', icon: 'arrow-back-up', about: person }),
        }),
      });
    }),
  );
}
