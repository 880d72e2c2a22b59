import type { ReadEvent } from '@socle/audit';
import type { PersonId } from '@socle/base';
import type { Person, PersonCard } from '@socle/directory';
import {
  buttonLink,
  dataTable,
  emptyState,
  formatDateTime,
  html,
  nothing,
  section,
  tabs,
  timeline,
  trustNote,
  type Fragment,
} from '@socle/pages';
import { roleName } from '../../../pages/strings.ts';
import type { ViewRow } from '../../../view-as/store.ts';
import type { AreaPage, Visit } from '../../visit.ts';
import { strings } from './strings.ts';
import { whoLooked } from './who-looked.ts';

interface Accesses {
  readonly events: readonly ReadEvent[];
  readonly next: string | undefined;
  /** Views in this person's place, latest first. */
  readonly views: readonly ViewRow[];
  readonly cards: ReadonlyMap<PersonId, PersonCard>;
  readonly child?: Person;
}

/** Who looked, in plain words: by role and school, never by name. */
export function renderAccess(visit: Visit, { events, next, views, cards, child }: Accesses): AreaPage {
  const { language } = visit;
  const words = strings[language];
  return {
    title: child === undefined ? words.title : words.childTitle(child.givenName),
    lead: words.lead,
    body: html`${childTabs(visit, child)}${viewsSection(visit, views, cards)}${timeline({
      language,
      label: words.title,
      empty: emptyState({ icon: 'eye-off', title: words.noneTitle, text: words.none }),
      entries: events.map((event) => ({
        at: event.at,
        icon: event.outcome === 'denied' ? 'alert-triangle' : 'eye',
        title: visit.socle.audit.actions.get(event.action)?.title[language] ?? event.action,
        text: html`${sayReader(visit, event, cards)}${event.outcome === 'denied' ? html` ${words.denied}` : nothing}`,
      })),
    })}${
      next === undefined
        ? nothing
        : buttonLink({ label: words.older, href: addressOf(child?.id, next), kind: 'secondary' })
    }${trustNote({ summary: words.whyNoNames, body: html`<p>${words.whyNoNamesText}</p>` })}`,
  };
}

/** Who saw the pages in this person's place, when, and why in their own words. */
function viewsSection(visit: Visit, views: readonly ViewRow[], cards: Accesses['cards']): Fragment {
  if (views.length === 0) return nothing;
  const { language, now } = visit;
  const words = strings[language];
  return section({
    title: words.viewsTitle,
    lead: words.viewsLead,
    body: dataTable({
      language,
      caption: words.viewsTitle,
      captionHidden: true,
      rows: views,
      columns: [
        { title: words.viewsWhen, cell: ({ started_at }) => formatDateTime(language, started_at) },
        {
          title: words.viewsMinutes,
          cell: ({ started_at, ended_at, ends_at }) => {
            const end = ended_at ?? (ends_at < now ? ends_at : now);
            return String(Math.max(1, Math.ceil((end.getTime() - started_at.getTime()) / 60_000)));
          },
        },
        { title: words.viewsWho, cell: ({ viewer_id }) => sayPerson(visit, viewer_id, cards) },
        { title: words.viewsReason, names: true, cell: ({ reason }) => reason },
      ],
    }),
  });
}

function sayReader(visit: Visit, event: ReadEvent, cards: Accesses['cards']): string {
  const { actor } = event;
  const words = strings[visit.language];
  const person = whoLooked(event);
  if (person === undefined) return actor.kind === 'client' ? words.byModule(actor.id) : words.byForgotten;
  return sayPerson(visit, person, cards);
}

function sayPerson({ language, context }: Visit, person: PersonId, cards: Accesses['cards']): string {
  const words = strings[language];
  const held = cards
    .get(person)
    ?.roles.map(({ role, school }) => ({ name: roleName(language, role), school }));
  const role = held?.find(({ name }) => name !== undefined);
  if (role?.name === undefined) return words.bySomebody;
  const school = context.schools.find(({ id }) => id === role.school);
  return words.byRole(role.name, school?.name);
}

/** Oneself, then each child over whom authority is exercised. */
function childTabs({ language, context }: Visit, child: Person | undefined): Fragment {
  if (context.children.length === 0) return nothing;
  const words = strings[language];
  return tabs({
    folds: false,
    label: words.whose,
    items: [
      { label: words.mine, href: addressOf(undefined), current: child === undefined },
      ...context.children.map(({ child: { id, givenName } }) => ({
        label: givenName,
        href: addressOf(id),
        current: child?.id === id,
      })),
    ],
  });
}

function addressOf(child: string | undefined, after?: string): string {
  const query = new URLSearchParams({
    ...(child === undefined ? {} : { child }),
    ...(after === undefined ? {} : { after }),
  }).toString();
  return query === '' ? '/account/access' : `/account/access?${query}`;
}
