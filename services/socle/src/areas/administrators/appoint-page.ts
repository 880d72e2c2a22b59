import type { AdministeredPlace, PersonCard } from '@socle/directory';
import { DELEGATIONS } from '@socle/directory';
import {
  button,
  descriptionList,
  emptyState,
  errorSummary,
  form,
  formatDate,
  formatList,
  html,
  nothing,
  periodField,
  radioGroup,
  stack,
  textField,
  type FieldError,
  type Fragment,
} from '@socle/pages';
import { roleName } from '../../pages/strings.ts';
import type { AreaPage, Visit } from '../visit.ts';
import type { AppointmentForm } from './appointment-form.ts';
import { lastDay } from './list-page.ts';
import type { GivableRole } from './places.ts';
import { strings } from './strings.ts';

/** What the form shows. */
export interface AppointView {
  readonly path: string;
  /** The node that was named. */
  readonly over: string;
  readonly name: string;
  readonly places: readonly AdministeredPlace[];
  readonly givable: readonly GivableRole[];
  readonly fields: Readonly<Record<string, string>>;
  readonly errors: readonly FieldError[];
}

/** The form that gives a role. */
export function renderAppoint(visit: Visit, view: AppointView): AreaPage {
  const { language } = visit;
  const words = strings[language];
  const [first] = view.places;
  const isSeveral = view.places.length > 1 || first?.id !== view.over;
  return {
    title: isSeveral ? words.newSeveral(view.name, view.places.length) : words.newTitle(view.name),
    lead: words.newLead,
    back: { href: isSeveral ? view.path : `${view.path}?place=${view.over}` },
    tabs: false,
    ...(view.errors.length === 0 ? {} : { status: 422 }),
    body:
      view.givable.length === 0
        ? emptyState({
            icon: 'user-off',
            title: words.nothingToGiveTitle,
            text: words.nothingToGiveText,
          })
        : html`${view.errors.length === 0 ? nothing : errorSummary(view.errors, language)}${formOf(visit, view)}`,
  };
}

function formOf(visit: Visit, { path, over, givable, fields, errors }: AppointView): Fragment {
  const { language } = visit;
  const words = strings[language];
  const wrong = (name: string) => {
    const found = errors.find((error) => error.name === name);
    return found === undefined ? {} : { error: found.message };
  };
  const ends = givable.map(({ until }) => until).filter((until) => until !== undefined);
  const isBound = ends.length === givable.length;
  const bound = isBound ? new Date(Math.max(...ends.map((end) => end.getTime()))) : undefined;
  return form({
    action: `${path}/check`,
    fields: visit.fields({ place: over }),
    label: words.appoint,
    body: [
      radioGroup({
        language,
        name: 'role',
        label: words.role,
        value: fields['role'] ?? givable[0]!.role,
        choices: givable.map(({ role }) => ({
          value: role,
          label: roleName(language, role) ?? role,
          ...(DELEGATIONS[role].needsTwo ? { hint: words.needsTwo } : {}),
        })),
        ...wrong('role'),
      }),
      textField({
        language,
        name: 'login',
        label: words.login,
        hint: words.loginHint,
        value: fields['login'] ?? '',
        spellcheck: false,
        maxLength: 200,
        width: 'medium',
        ...wrong('login'),
      }),
      periodField({
        language,
        name: 'window',
        legend: words.window,
        hint:
          bound === undefined ? words.windowHint : words.windowBound(formatDate(language, lastDay(bound))),
        optional: true,
        from: { value: fields['window-from'] ?? '', ...wrong('window-from') },
        to: { value: fields['window-to'] ?? '', ...wrong('window-to') },
      }),
      textField({
        language,
        name: 'reason',
        label: words.reason,
        hint: words.reasonHint,
        rows: 2,
        maxLength: 500,
        value: fields['reason'] ?? '',
        ...wrong('reason'),
      }),
      button({ label: words.next }),
    ],
  });
}

/** Is it this person? With the form that does it. */
export function renderConfirm(
  visit: Visit,
  view: Pick<AppointView, 'path' | 'over' | 'name' | 'places'> & {
    readonly appointment: AppointmentForm;
    readonly card: PersonCard;
    readonly request: string;
  },
): AreaPage {
  const { language } = visit;
  const words = strings[language];
  const { appointment, card, path, over } = view;
  const { role, from, to, reason } = appointment;
  const name = card.displayName;
  const held = card.roles.flatMap((each) => roleName(language, each.role) ?? []);
  const isTwo = DELEGATIONS[role].needsTwo;
  const kept = visit.fields({ place: over, request: view.request, ...appointment.sent });
  return {
    title: words.confirmTitle(name),
    lead: words.confirmLead,
    back: { href: `${path}/new?place=${over}`, label: words.back },
    tabs: false,
    body: stack(
      descriptionList([
        { term: words.person, description: name },
        {
          term: words.presentRoles,
          description: held.length === 0 ? words.noRole : formatList(language, [...new Set(held)]),
        },
        { term: words.role, description: roleName(language, role) ?? role },
        { term: words.place, description: placesOf(view.name, view.places) },
        { term: words.startsOn, description: formatDate(language, from ?? visit.now) },
        {
          term: words.until,
          description: to === undefined ? words.endless : formatDate(language, lastDay(to)),
        },
        { term: words.reason, description: reason },
      ]),
      isTwo ? html`<p>${words.needsTwo}</p>` : nothing,
      form({
        action: `${path}/given`,
        fields: kept,
        label: words.confirm(name),
        body: button({ label: isTwo ? words.confirmTwo : words.confirm(name) }),
      }),
    ),
  };
}

function placesOf(name: string, places: readonly AdministeredPlace[]): Fragment | string {
  if (places.length === 1) return places[0]!.name;
  return html`${name}<ul>${places.map((place) => html`<li>${place.name}</li>`)}</ul>`;
}
