import type { PersonId } from '@socle/base';
import type {
  AdministeredPlace,
  AdministrationAct,
  Administrator,
  Entity,
  PersonCard,
  School,
} from '@socle/directory';
import {
  badge,
  button,
  buttonLink,
  card,
  dateField,
  descriptionList,
  disclosure,
  emptyState,
  errorSummary,
  form,
  formatDate,
  html,
  nothing,
  section,
  selectField,
  stack,
  textField,
  timeline,
  type Fragment,
  type IconName,
} from '@socle/pages';
import type { ApprovalRow } from '../../approvals/store.ts';
import { roleName } from '../../pages/strings.ts';
import type { AreaPage, Visit } from '../visit.ts';
import { calendarDay } from '../school/calendar-day.ts';
import type { GivableRole } from './places.ts';
import { strings } from './strings.ts';

/** What the page of one place shows. */
export interface ListView {
  /** `/school/administrators`, or the same under another area. */
  readonly path: string;
  readonly place: AdministeredPlace;
  readonly places: readonly AdministeredPlace[];
  readonly administrators: readonly Administrator[];
  readonly acts: readonly AdministrationAct[];
  /** Acts to which a second person agreed, not done yet. */
  readonly agreed: readonly ApprovalRow[];
  readonly names: ReadonlyMap<PersonId, PersonCard>;
  readonly givable: readonly GivableRole[];
  /** Of an academy or region: its schools without a local administrator, and what stands for several schools. */
  readonly missing?: readonly Pick<School, 'id' | 'name'>[];
  readonly territories: readonly Entity[];
  /** Ids of forms, a new one for each act of the page. */
  readonly request: () => string;
  readonly problem?: string;
}

/** Who administers one place: those in office first, then what may be done, then what was. */
export function renderList(visit: Visit, view: ListView): AreaPage {
  const words = strings[visit.language];
  const { place, path, givable, problem } = view;
  return {
    title: words.title(place.name),
    lead: words.lead,
    ...(problem === undefined ? {} : { status: 422 }),
    ...(givable.length === 0
      ? {}
      : {
          actions: buttonLink({
            label: words.appoint,
            href: `${path}/new?place=${place.id}`,
            icon: 'user-plus',
          }),
        }),
    body: html`${problem === undefined ? nothing : errorSummary([{ message: problem }], visit.language)}${agreedSection(visit, view)}${section(
      {
        title: words.present,
        body:
          view.administrators.length === 0
            ? emptyState({ icon: 'users', title: words.noneTitle, text: words.noneText })
            : stack(...view.administrators.map((each) => administratorCard(visit, view, each))),
      },
    )}${missingSection(visit, view)}${severalForm(visit, view)}${placeForm(visit, view.places, path, place.id)}${section(
      { title: words.history, body: history(visit, view) },
    )}`,
  };
}

/** The choice of a place, for whoever has several. */
export function placeForm(
  { language }: Visit,
  places: readonly AdministeredPlace[],
  path: string,
  value?: string,
): Fragment {
  const words = strings[language];
  if (places.length < 2) return nothing;
  return form({
    action: path,
    method: 'get',
    label: words.place,
    body: [
      selectField({
        language,
        name: 'place',
        label: words.place,
        ...(value === undefined ? { prompt: words.placePrompt } : { value }),
        choices: places.map(({ id, name }) => ({ value: id, label: name })),
      }),
      button({ label: words.show, kind: 'secondary' }),
    ],
  });
}

function administratorCard(visit: Visit, view: ListView, each: Administrator): Fragment {
  const { language, now } = visit;
  const words = strings[language];
  const role = roleName(language, each.role) ?? each.role;
  const isComing = each.from > now;
  const isOwn = each.person === visit.facts.person;
  const inOffice = view.administrators.filter((other) => other.role === each.role && other.from <= now);
  const isOnly = !isComing && new Set(inOffice.map(({ person }) => person)).size === 1;
  const mayAct = view.givable.some((givable) => givable.role === each.role);
  const about = `${each.displayName}, ${role}`;
  return card({
    title: each.displayName,
    icon: 'user',
    level: 3,
    note: role,
    body: html`${isOwn || isOnly || isComing ? html`<p>${isOwn ? badge(words.self) : nothing} ${isOnly ? badge(words.only, 'warning', 'alert-triangle') : nothing} ${isComing ? badge(words.toCome, 'neutral', 'clock') : nothing}</p>` : nothing}${descriptionList(
      [
        {
          term: isComing ? words.startsOn : words.since,
          description: formatDate(language, each.from),
        },
        {
          term: words.until,
          description: each.to === undefined ? words.endless : formatDate(language, lastDay(each.to)),
        },
        {
          term: words.givenBy,
          description: each.givenBy === undefined ? words.operator : nameOf(visit, view, each.givenBy),
        },
        ...(each.agreedBy === undefined
          ? []
          : [{ term: words.agreedBy, description: nameOf(visit, view, each.agreedBy) }]),
        ...(each.reason === undefined ? [] : [{ term: words.reason, description: each.reason }]),
      ],
    )}`,
    ...(mayAct || isOwn
      ? {
          actions: html`${mayAct && !isOwn && each.to !== undefined ? prolongForm(visit, view, each, about) : nothing}${endForm(visit, view, each, { about, isOwn, isOnly })}`,
        }
      : {}),
  });
}

function prolongForm(visit: Visit, view: ListView, each: Administrator, about: string): Fragment {
  const { language } = visit;
  const words = strings[language];
  const until = view.givable.find(({ role }) => role === each.role)?.until;
  return disclosure({
    summary: html`${words.prolong}<span class="visually-hidden"> ${about}</span>`,
    body: form({
      action: `${view.path}/${each.id}/prolonged`,
      fields: visit.fields({ request: view.request(), place: view.place.id }),
      label: `${words.prolong} ${about}`,
      body: [
        dateField({
          language,
          name: `to-${each.id}`,
          label: words.newEnd,
          hint: until === undefined ? words.newEndOptional : words.newEndHint,
          optional: until === undefined,
          min: calendarDay(each.to!, 'Europe/Paris'),
          ...(until === undefined ? {} : { max: calendarDay(lastDay(until), 'Europe/Paris') }),
        }),
        reasonField(visit, each.id, 'prolong'),
        button({ label: words.prolong, about }),
      ],
    }),
  });
}

function endForm(
  visit: Visit,
  view: ListView,
  each: Administrator,
  { about, isOwn, isOnly }: { readonly about: string; readonly isOwn: boolean; readonly isOnly: boolean },
): Fragment {
  const words = strings[visit.language];
  const label = isOwn ? words.endOwn : words.end;
  return disclosure({
    summary: html`${label}<span class="visually-hidden"> ${about}</span>`,
    body: html`<p>${isOnly ? words.endLastNote : words.endNote}</p>${form({
      action: `${view.path}/${each.id}/ended`,
      fields: visit.fields({ request: view.request(), place: view.place.id }),
      label: `${label} ${about}`,
      body: [reasonField(visit, each.id, 'end'), button({ label, kind: 'danger', about })],
    })}`,
  });
}

/** The name ends in the role and the act: ids of fields are made of it. */
function reasonField({ language }: Visit, role: string, act: 'prolong' | 'end'): Fragment {
  const words = strings[language];
  return textField({
    language,
    name: `reason-${act}-${role}`,
    label: words.reason,
    hint: words.reasonHint,
    rows: 2,
    maxLength: 500,
  });
}

function agreedSection(visit: Visit, view: ListView): Fragment {
  const words = strings[visit.language];
  if (view.agreed.length === 0) return nothing;
  return section({
    title: words.agreed,
    lead: words.agreedLead,
    body: stack(
      ...view.agreed.map((row) => {
        const name = row.about === null ? '' : nameOf(visit, view, row.about);
        return card({
          title: name,
          icon: 'circle-check',
          level: 3,
          body: html`<ul>${row.summary[visit.language].map((line) => html`<li>${line}</li>`)}</ul>`,
          actions: form({
            action: `${view.path}/agreed`,
            fields: visit.fields({ request: view.request(), place: view.place.id, approval: row.id }),
            label: `${words.doIt} ${name}`,
            body: button({ label: words.doIt, about: name }),
          }),
        });
      }),
    ),
  });
}

function missingSection({ language }: Visit, { missing, path }: ListView): Fragment {
  const words = strings[language];
  if (missing === undefined) return nothing;
  if (missing.length === 0) return html`<p>${badge(words.missingNone, 'good', 'circle-check')}</p>`;
  return section({
    title: words.missing(missing.length),
    body: disclosure({
      summary: words.missingShow,
      body: html`<ul>${missing.map(({ id, name }) => html`<li><a href="${path}?place=${id}">${name}</a></li>`)}</ul>`,
    }),
  });
}

function severalForm({ language }: Visit, { territories, path, givable }: ListView): Fragment {
  const words = strings[language];
  if (territories.length === 0 || givable.length === 0) return nothing;
  return disclosure({
    summary: words.several,
    body: html`<p>${words.severalNote}</p>${form({
      action: `${path}/new`,
      method: 'get',
      label: words.several,
      body: [
        selectField({
          language,
          name: 'place',
          label: words.territory,
          choices: territories.map(({ id, name }) => ({ value: id, label: name })),
        }),
        button({ label: words.next, kind: 'secondary' }),
      ],
    })}`,
  });
}

const ICONS = {
  given: 'user-plus',
  prolonged: 'clock',
  ended: 'user-off',
  restored: 'arrow-back-up',
} as const satisfies Record<AdministrationAct['act'], IconName>;

function history(visit: Visit, view: ListView): Fragment {
  const { language } = visit;
  const words = strings[language];
  return timeline({
    language,
    label: words.history,
    empty: emptyState({ icon: 'history', title: words.noHistoryTitle, text: words.noHistoryText }),
    entries: view.acts.map((act) => ({
      at: act.at,
      icon: ICONS[act.act],
      title: words.acts[act.act](act.displayName, roleName(language, act.name) ?? act.name),
      text: html`${words.by(act.by === undefined ? words.operator : nameOf(visit, view, act.by))} ${
        act.agreedBy === undefined ? nothing : words.with(nameOf(visit, view, act.agreedBy))
      } ${act.reason}${act.isRestorable && view.givable.some(({ role }) => role === act.name) ? restoreForm(visit, view, act) : nothing}`,
    })),
  });
}

function restoreForm(visit: Visit, view: ListView, act: AdministrationAct): Fragment {
  const words = strings[visit.language];
  return form({
    action: `${view.path}/${act.role}/restored`,
    fields: visit.fields({ request: view.request(), place: view.place.id }),
    label: `${words.restore} ${act.displayName}`,
    body: button({ label: words.restore, kind: 'secondary', about: act.displayName }),
  });
}

function nameOf({ language }: Visit, { names }: ListView, person: PersonId): string {
  return names.get(person)?.displayName ?? strings[language].somebody;
}

/** A role's end is the first instant without it: people are told the day before. */
export function lastDay(to: Date): Date {
  return new Date(to.getTime() - 1);
}
