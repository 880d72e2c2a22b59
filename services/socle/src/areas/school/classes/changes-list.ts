import type { LocalChange, PastLocalChange, School } from '@socle/directory';
import {
  badge,
  button,
  card,
  descriptionList,
  form,
  formatDate,
  grid,
  html,
  timeline,
  type Fragment,
} from '@socle/pages';
import type { PersonId } from '@socle/base';
import type { Visit } from '../../visit.ts';
import type { Decided } from './organised.ts';
import { classStrings } from './strings.ts';

/** Changes that hold or are to come, each with its end, its reason, what the feed says of it, and the way back. */
export function changesList(
  visit: Visit,
  school: School,
  decided: Decided,
  changes: readonly LocalChange[],
  from?: string,
): Fragment {
  const { language } = visit;
  const words = classStrings[language];
  return grid(
    changes.map((change) => {
      const person = nameOf(visit, decided, change.person);
      return card({
        title: person,
        icon: change.kind === 'substitute' ? 'user-check' : 'users-group',
        level: 3,
        note: describe(visit, decided, change),
        body: descriptionList([
          {
            term: words.lasts,
            description: words.period(
              formatDate(language, change.from, 'long', school.timeZone),
              formatDate(language, lastDay(change.until), 'long', school.timeZone),
            ),
          },
          { term: words.why, description: change.reason },
          {
            term: words.decidedBy,
            description:
              change.decidedBy === undefined ? words.byOperator : nameOf(visit, decided, change.decidedBy),
          },
          ...(change.feed === 'silent'
            ? []
            : [
                {
                  term: words.feed,
                  description: badge(
                    words.feeds[change.feed],
                    change.feed === 'agrees' ? 'good' : 'warning',
                    change.feed === 'agrees' ? 'check' : 'alert-triangle',
                  ),
                },
              ]),
        ]),
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

/** Changes that are over, the latest first: what was decided, by whom, and how it ended. */
export function pastList(visit: Visit, decided: Decided, past: readonly PastLocalChange[]): Fragment {
  const { language } = visit;
  const words = classStrings[language];
  return timeline({
    language,
    label: words.pastTitle,
    entries: past.map((change) => ({
      at: change.undoneAt ?? change.until,
      icon: change.undoneAt ? 'arrow-back-up' : 'circle-check',
      title: `${nameOf(visit, decided, change.person)} : ${describe(visit, decided, change)}`,
      text: html`<p>${
        change.undoneAt
          ? words.undoneBy(change.undoneBy ? nameOf(visit, decided, change.undoneBy) : words.erased)
          : words.ended
      }</p><p>${words.decided(
        change.decidedBy === undefined ? words.byOperator : nameOf(visit, decided, change.decidedBy),
        formatDate(language, change.decidedAt),
        change.reason,
      )}</p>`,
    })),
  });
}

/** What was decided of the person, in a line. */
function describe(
  { language }: Visit,
  { names, cards }: Decided,
  change: LocalChange | PastLocalChange,
): string {
  const words = classStrings[language];
  const division = (change.division && names.get(change.division)) ?? words.gone;
  switch (change.kind) {
    case 'join':
      return words.joins(division);
    case 'leave':
      return words.leaves(division);
    case 'move':
      return words.moves((change.leftDivision && names.get(change.leftDivision)) ?? words.gone, division);
    case 'project':
      return words.takesPart(division);
    case 'substitute':
      return words.replaces((change.replaced && cards.get(change.replaced)?.displayName) ?? words.erased);
  }
}

function nameOf({ language }: Visit, { cards }: Decided, person: PersonId): string {
  return cards.get(person)?.displayName ?? classStrings[language].erased;
}

/** The last day on which something holds whose end is the midnight after. */
function lastDay(until: Date): Date {
  return new Date(until.getTime() - 1);
}
