import type { ReadEvent } from '@socle/audit';
import type { PersonId } from '@socle/base';
import type { PersonCard } from '@socle/directory';
import {
  badge,
  buttonLink,
  buttonRow,
  dataTable,
  emptyState,
  formatDate,
  formatTime,
  html,
  nothing,
  tabs,
  type Content,
  type Fragment,
} from '@socle/pages';
import type { AreaPage, Visit } from '../../visit.ts';
import { addressOf, periodOf, type Question } from './question.ts';
import { strings } from './strings.ts';
import { sayWho } from './who.ts';

interface Found {
  readonly question: Question;
  readonly events: readonly ReadEvent[];
  readonly next: string | undefined;
  readonly cards: ReadonlyMap<PersonId, PersonCard>;
}

/** The events themselves, newest first; with a person, who looked at their data, or what they did. */
export function renderEvents(visit: Visit, found: Found): AreaPage {
  const { language } = visit;
  const words = strings[language];
  const { question, events, next, cards } = found;
  const period = periodOf(question);
  const name = cards.get(question.person as PersonId)?.displayName;
  const path = '/dpo/access/events';
  const pages = [
    ...(question.after === undefined
      ? []
      : [
          buttonLink({
            label: words.newest,
            href: addressOf(path, withoutAfter(question)),
            kind: 'secondary',
          }),
        ]),
    ...(next === undefined
      ? []
      : [
          buttonLink({
            label: words.older,
            href: addressOf(path, question, { after: next }),
            kind: 'secondary',
          }),
        ]),
  ];
  return {
    title:
      question.person === undefined
        ? words.eventsTitle
        : question.as === 'subject'
          ? words.lookedTitle(name ?? words.forgotten)
          : words.didTitle(name ?? words.forgotten),
    lead: words.periodLead(
      formatDate(language, period.from),
      formatDate(language, new Date(period.to.getTime() - 1)),
      words[`purpose_${question.purpose ?? 'check'}`],
    ),
    actions: buttonLink({
      label: words.overviewLink,
      href: addressOf('/dpo/access', withoutAfter(question)),
      kind: 'secondary',
      icon: 'chart-bar',
    }),
    body: html`${question.person === undefined ? nothing : viewTabs(visit, question)}${
      events.length === 0
        ? emptyState({ icon: 'inbox', title: words.nothingTitle, text: words.nothingText })
        : table(visit, events, cards)
    }${pages.length === 0 ? nothing : buttonRow(...pages)}`,
  };
}

function viewTabs({ language }: Visit, question: Question): Fragment {
  const words = strings[language];
  return tabs({
    label: words.view,
    items: (['subject', 'actor'] as const).map((as) => ({
      label: as === 'subject' ? words.lookedTab : words.didTab,
      href: addressOf('/dpo/access/events', withoutAfter(question), { as }),
      current: question.as === as,
    })),
  });
}

function table(visit: Visit, events: readonly ReadEvent[], cards: Found['cards']): Fragment {
  const { language, socle } = visit;
  const words = strings[language];
  return dataTable<ReadEvent>({
    language,
    caption: words.eventsTitle,
    captionHidden: true,
    rows: events,
    columns: [
      {
        title: words.when,
        names: true,
        cell: ({ at }) => html`${formatDate(language, at, 'short')} ${formatTime(language, at)}`,
      },
      { title: words.who, cell: (event) => who(language, event, cards) },
      {
        title: words.what,
        cell: ({ action, outcome, reason, target, purpose }): Content =>
          html`${socle.audit.actions.get(action)?.title[language] ?? action}${
            outcome === 'denied' ? html` ${badge(words.deniedBadge, 'warning')}` : nothing
          }${reason === undefined ? nothing : html` <small class="muted">${reason}</small>`}${about(language, target, cards)}${
            purpose === undefined
              ? nothing
              : html`<br><small class="muted">${words.whyNamed(purpose)}</small>`
          }`,
      },
    ],
  });
}

/** On whom, or on what. */
function about(language: Visit['language'], target: ReadEvent['target'], cards: Found['cards']): Content {
  if (target === undefined) return nothing;
  const isPerson = target.kind === 'person' || target.kind.endsWith('.person');
  const name = isPerson ? sayWho(language, cards, target) : target.kind;
  return html`<br><span class="muted">${strings[language].aboutNamed(name)}</span>`;
}

function who(language: Visit['language'], { actor, onBehalfOf }: ReadEvent, cards: Found['cards']): Content {
  if (onBehalfOf === undefined) return sayWho(language, cards, actor);
  return html`${sayWho(language, cards, onBehalfOf)} <small class="muted">${strings[language].through(actor.id)}</small>`;
}

function withoutAfter(question: Question): Question {
  const { after: _after, ...rest } = question;
  return rest;
}
