import type { PersonId } from '@socle/base';
import type { AuthorityRequest, AuthorityReview, PersonCard } from '@socle/directory';
import {
  button,
  buttonLink,
  buttonRow,
  card,
  descriptionList,
  emptyState,
  form,
  formatDate,
  formatDateTime,
  formatList,
  html,
  nothing,
  radioGroup,
  section,
  stack,
  type Fragment,
} from '@socle/pages';
import type { AreaPage, Visit } from '../../visit.ts';
import { peopleStrings } from '../people/strings.ts';
import { historyStrings } from './history-strings.ts';
import type { OpenAuthority } from './open-authority.ts';
import { authorityStrings } from './strings.ts';

type Cards = ReadonlyMap<PersonId, PersonCard>;

/** What waits for a second person, then the late judgments to look at. */
export function renderAuthority(visit: Visit, open: OpenAuthority, cards: Cards): AreaPage {
  const words = authorityStrings[visit.language];
  return {
    title: words.title,
    lead: words.lead,
    body: html`${section({
      title: words.waitingTitle,
      body:
        open.requests.length === 0
          ? emptyState({ icon: 'circle-check', title: words.noneTitle, text: words.noneText })
          : requestCards(visit, open, cards),
    })}${open.reviews.length === 0 ? nothing : section({ title: words.reviewsTitle, lead: words.reviewsLead, body: reviewCards(visit, open, cards) })}`,
  };
}

/** Decisions that wait, with the answer of a second person, or the way back for the one who entered them. */
export function requestCards(visit: Visit, { requests }: OpenAuthority, cards: Cards): Fragment {
  return stack(...requests.map((request) => requestCard(visit, request, cards)));
}

function requestCard(
  visit: Visit,
  request: AuthorityRequest & { readonly mayConfirm: boolean },
  cards: Cards,
): Fragment {
  const { language } = visit;
  const words = authorityStrings[language];
  const { decision, id } = request;
  const child = nameOf(visit, cards, decision.child);
  const isMine = request.enteredBy === visit.session.personId;
  const fields = visit.fields({ child: decision.child });
  const act = (verdict: 'confirmed' | 'refused', label: string, kind: 'primary' | 'secondary') =>
    form({
      action: `/school/authority/requests/${id}/${verdict}`,
      fields,
      label: `${label}, ${child}`,
      body: button({ label, kind, about: child }),
    });
  return card({
    title: child,
    href: `/school/authority/pupils/${decision.child}`,
    icon: 'scale',
    level: 3,
    note: isMine ? words.waitsForAnother : words.enteredBy(nameOf(visit, cards, request.enteredBy)),
    body: descriptionList([
      { term: words.adult, description: nameOf(visit, cards, decision.adult) },
      { term: words.exercise, description: peopleStrings[language].exercises[decision.exercise] },
      { term: words.restrictions, description: restrictionsOf(visit, decision.restrictions ?? []) },
      { term: words.from, description: formatDate(language, decision.validFrom) },
      {
        term: words.until,
        description: decision.validTo ? formatDate(language, decision.validTo) : words.untilNext,
      },
      { term: words.reference, description: decision.evidenceReference ?? words.noReference },
      { term: words.answerBefore, description: formatDateTime(language, request.expiresAt) },
    ]),
    ...(request.mayConfirm
      ? {
          actions: buttonRow(
            act('confirmed', words.confirm, 'primary'),
            act('refused', words.refuse, 'secondary'),
          ),
        }
      : isMine
        ? { actions: act('refused', words.takeBack, 'secondary') }
        : {}),
  });
}

function reviewCards(visit: Visit, { reviews }: OpenAuthority, cards: Cards): Fragment {
  return stack(...reviews.map((review) => reviewCard(visit, review, cards)));
}

function reviewCard(
  visit: Visit,
  review: AuthorityReview & { readonly mayConfirm: boolean },
  cards: Cards,
): Fragment {
  const { language } = visit;
  const words = authorityStrings[language];
  const { exercises } = peopleStrings[language];
  const child = nameOf(visit, cards, review.child);
  return card({
    title: child,
    href: `/school/authority/pupils/${review.child}`,
    icon: 'history',
    level: 3,
    note: words.reviewNote(
      nameOf(visit, cards, review.adult),
      formatDate(language, review.since),
      formatDate(language, review.until),
    ),
    actions: buttonLink({
      label: historyStrings[language].seeAccesses,
      href: `/school/authority/reviews/${review.id}?child=${review.child}`,
      icon: 'eye',
      about: child,
    }),
    body: html`${descriptionList([
      { term: words.believed, description: exercises[review.believed] },
      { term: words.decided, description: exercises[review.decided] },
    ])}${review.mayConfirm ? reviewForm(visit, review, child) : nothing}`,
  });
}

/** The conclusion of a review. */
export function reviewForm(visit: Visit, review: AuthorityReview, child: string): Fragment {
  const { language } = visit;
  const words = authorityStrings[language];
  return form({
    action: `/school/authority/reviews/${review.id}/closed`,
    fields: visit.fields({ child: review.child }),
    label: `${words.closeReview}, ${child}`,
    body: [
      radioGroup({
        language,
        name: 'outcome',
        label: words.outcome,
        choices: (['nothing_done', 'told', 'reported'] as const).map((value) => ({
          value,
          label: words.outcomes[value],
        })),
      }),
      button({ label: words.closeReview, about: child }),
    ],
  });
}

/** The name of somebody, or that the entry is gone. */
export function nameOf({ language }: Visit, cards: Cards, person: PersonId): string {
  return cards.get(person)?.displayName ?? peopleStrings[language].unknownAdult;
}

/** What a judge forbade, in words. */
export function restrictionsOf(
  { language }: Visit,
  restrictions: readonly (keyof (typeof peopleStrings)['fr']['restrictions'])[],
): string {
  const { restrictions: words } = peopleStrings[language];
  return restrictions.length === 0
    ? authorityStrings[language].noRestriction
    : formatList(
        language,
        restrictions.map((each) => words[each]),
      );
}
