import type { PersonId } from '@socle/base';
import type { AuthorityReview, PersonCard } from '@socle/directory';
import {
  badge,
  descriptionList,
  emptyState,
  flashMessage,
  formatDate,
  html,
  nothing,
  section,
  timeline,
  trustNote,
} from '@socle/pages';
import type { AreaPage, Visit } from '../../visit.ts';
import { peopleStrings } from '../people/strings.ts';
import { nameOf, reviewForm } from './authority-page.ts';
import { historyStrings } from './history-strings.ts';
import type { Accesses } from './load-accesses.ts';
import { authorityStrings } from './strings.ts';

/** One late judgment: what the adult read or did about the child while something else was believed, and its conclusion. */
export function renderReview(
  visit: Visit,
  review: AuthorityReview & { readonly mayConfirm: boolean },
  cards: ReadonlyMap<PersonId, PersonCard>,
  { events, isTruncated }: Accesses,
): AreaPage {
  const { language, socle } = visit;
  const words = historyStrings[language];
  const own = authorityStrings[language];
  const { exercises } = peopleStrings[language];
  const child = nameOf(visit, cards, review.child);
  return {
    title: words.reviewTitle(child),
    lead: words.reviewLead(
      nameOf(visit, cards, review.adult),
      formatDate(language, review.since),
      formatDate(language, review.until),
    ),
    tabs: false,
    back: { href: '/school/authority', label: words.back },
    body: html`${descriptionList([
      { term: own.believed, description: exercises[review.believed] },
      { term: own.decided, description: exercises[review.decided] },
    ])}${section({
      title: words.accesses,
      body: html`${isTruncated ? flashMessage({ kind: 'warning', title: words.truncated }, language) : nothing}${timeline(
        {
          language,
          label: words.accesses,
          empty: emptyState({ icon: 'circle-check', title: words.noAccessTitle, text: words.noAccessText }),
          entries: events.map(({ at, action, outcome }) => ({
            at,
            icon: outcome === 'success' ? 'eye' : 'x',
            title: socle.audit.actions.get(action)?.title[language] ?? action,
            ...(outcome === 'success' ? {} : { text: badge(words.refused, 'neutral') }),
          })),
        },
      )}`,
    })}${review.mayConfirm ? section({ title: own.closeReview, body: reviewForm(visit, review, child) }) : nothing}${trustNote(
      { summary: words.trust, body: html`<p>${words.trustText}</p>` },
    )}`,
  };
}
