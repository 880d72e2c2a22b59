import type { ReadEvent } from '@socle/audit';
import type { PersonId } from '@socle/base';
import type { Person, PersonCard } from '@socle/directory';
import {
  buttonLink,
  emptyState,
  html,
  nothing,
  tabs,
  timeline,
  trustNote,
  type Fragment,
} from '@socle/pages';
import { roleName } from '../../../pages/strings.ts';
import type { AreaPage, Visit } from '../../visit.ts';
import { strings } from './strings.ts';

interface Accesses {
  readonly events: readonly ReadEvent[];
  readonly next: string | undefined;
  readonly cards: ReadonlyMap<PersonId, PersonCard>;
  readonly child?: Person;
}

/** Who looked, in plain words: by role and school, never by name. */
export function renderAccess(visit: Visit, { events, next, cards, child }: Accesses): AreaPage {
  const { language } = visit;
  const words = strings[language];
  return {
    title: child === undefined ? words.title : words.childTitle(child.givenName),
    lead: words.lead,
    body: html`${childTabs(visit, child)}${timeline({
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

function sayReader(
  { language, context }: Visit,
  { actor, onBehalfOf }: ReadEvent,
  cards: Accesses['cards'],
): string {
  const words = strings[language];
  const person = (onBehalfOf?.personId ?? actor.personId) as PersonId | undefined;
  if (person === undefined) return actor.kind === 'client' ? words.byModule(actor.id) : words.byForgotten;
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
