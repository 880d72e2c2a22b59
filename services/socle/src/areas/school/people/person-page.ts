import {
  badge,
  buttonLink,
  dataTable,
  descriptionList,
  emptyState,
  formatDate,
  formatList,
  html,
  nothing,
  section,
  trustNote,
  type Fragment,
} from '@socle/pages';
import { roleName } from '../../../pages/strings.ts';
import type { AreaPage, Visit } from '../../visit.ts';
import type { Entry } from './load-entry.ts';
import { viewStrings } from '../views/strings.ts';
import { peopleStrings } from './strings.ts';

/** The entry of one person: where they are, then their family as far as the rules allow. */
export function renderPerson(visit: Visit, entry: Entry, mayView: boolean): AreaPage {
  const { language } = visit;
  const words = peopleStrings[language];
  const { person, places, isPupil } = entry;
  const roles = [...new Set(places.flatMap((place) => place.roles))].flatMap(
    (role) => roleName(language, role) ?? [],
  );
  return {
    title: person.displayName,
    lead: formatList(language, roles),
    back: { href: '/school/people', label: words.title },
    ...(mayView
      ? {
          actions: buttonLink({
            label: viewStrings[language].see,
            href: `/school/views?person=${person.id}`,
            kind: 'secondary',
            icon: 'eye',
          }),
        }
      : {}),
    body: html`${section({ title: words.placesTitle, body: placeList(visit, entry) })}${
      isPupil
        ? section({
            title: words.familyTitle,
            body: family(visit, entry),
            ...(entry.family === undefined
              ? {}
              : {
                  actions: buttonLink({
                    label: words.authority,
                    href: `/school/authority/pupils/${person.id}`,
                    icon: 'scale',
                  }),
                }),
          })
        : nothing
    }${entry.children.length === 0 ? nothing : section({ title: words.childrenTitle, body: children(visit, entry) })}${trustNote(
      {
        summary: words.whoSees,
        body: html`<p>${isPupil ? words.whoSeesPupil : words.whoSeesAdult}</p><p>${words.readIsLogged}</p>`,
      },
    )}`,
  };
}

function placeList({ language }: Visit, entry: Entry): Fragment {
  const words = peopleStrings[language];
  const { person, places } = entry;
  const items = places.map(({ school, roles }) => {
    const held = roles.flatMap((role) => roleName(language, role) ?? []);
    const classes = entry.memberOf.filter((division) => division.school === school.id);
    const taught = entry.teaches
      .filter(({ division }) => division.school === school.id)
      .map(({ division, subject }) => (subject ? `${division.name} (${subject.name})` : division.name));
    const heads = entry.headTeacherOf.filter((division) => division.school === school.id);
    const lines = [
      formatList(language, held),
      classes.length === 0
        ? ''
        : words.memberOf(
            formatList(
              language,
              classes.map(({ name }) => name),
            ),
          ),
      taught.length === 0 ? '' : words.teaches(formatList(language, taught)),
      heads.length === 0
        ? ''
        : words.headTeacherOf(
            formatList(
              language,
              heads.map(({ name }) => name),
            ),
          ),
    ].filter((line) => line !== '');
    return { term: school.name, description: html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>` };
  });
  const state =
    person.status === 'active'
      ? person.leavingSince === undefined
        ? badge(words.active, 'good', 'check')
        : badge(words.leavingSince(formatDate(language, person.leavingSince)), 'warning', 'clock')
      : badge(person.status === 'departed' ? words.departed : words.suspended, 'warning', 'user-off');
  return descriptionList([...items, { term: words.state, description: state }]);
}

function family({ language }: Visit, entry: Entry): Fragment {
  const words = peopleStrings[language];
  if (entry.family === undefined) return html`<p>${words.familyHidden}</p>`;
  if (entry.family.length === 0)
    return emptyState({ icon: 'friends', title: words.noFamilyTitle, text: words.noFamilyText });
  return dataTable({
    language,
    caption: words.familyTitle,
    captionHidden: true,
    rows: entry.family,
    columns: [
      {
        title: words.columnName,
        names: true,
        cell: ({ adult, card }) =>
          card === undefined
            ? words.unknownAdult
            : html`<a href="/school/people/${adult}">${card.displayName}</a>`,
      },
      { title: words.columnTie, cell: ({ kind }) => words.ties[kind] },
      {
        title: words.columnAuthority,
        cell: (member) =>
          member.endedByMajorityAt
            ? words.ofAge(formatDate(language, member.endedByMajorityAt))
            : words.exercises[member.exercise],
      },
      {
        title: words.columnForbidden,
        cell: ({ restrictions }) =>
          restrictions.length === 0
            ? words.forbiddenNothing
            : html`${restrictions.map((each) => html`${badge(words.restrictions[each], 'danger', 'alert-triangle')} `)}`,
      },
    ],
  });
}

function children({ language }: Visit, entry: Entry): Fragment {
  const words = peopleStrings[language];
  return dataTable({
    language,
    caption: words.childrenTitle,
    captionHidden: true,
    rows: entry.children,
    columns: [
      {
        title: words.columnName,
        names: true,
        cell: ({ child }) => html`<a href="/school/people/${child.id}">${child.displayName}</a>`,
      },
      {
        title: words.columnPlace,
        cell: ({ divisions }) =>
          formatList(
            language,
            divisions.map(({ name }) => name),
          ) || nothing,
      },
    ],
  });
}
