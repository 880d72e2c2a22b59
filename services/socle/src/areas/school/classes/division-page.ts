import type { FoundPerson, Person } from '@socle/directory';
import {
  button,
  card,
  dataTable,
  emptyState,
  fieldGroup,
  form,
  html,
  nothing,
  radioGroup,
  section,
  stack,
  textField,
  type Fragment,
} from '@socle/pages';
import { roleName } from '../../../pages/strings.ts';
import type { AreaPage, Visit } from '../../visit.ts';
import { changesList } from './changes-list.ts';
import { decisionFields } from './decision-fields.ts';
import type { OrganisedDivision } from './organised.ts';
import { classStrings } from './strings.ts';

/** One class or group: who is in it, adding and removing with a reason until a day, what was decided. */
export function renderDivision(
  visit: Visit,
  organised: OrganisedDivision,
  search: { readonly text?: string; readonly found?: readonly FoundPerson[] },
): AreaPage {
  const words = classStrings[visit.language];
  const { division, school, members, changes } = organised;
  const own = changes.filter((change) => change.division === division.id);
  return {
    title: division.name,
    lead: words.members(members.length, school.name),
    tabs: false,
    back: { href: `/school/classes?school=${school.id}`, label: words.title },
    body: html`${section({ title: words.addTitle, body: addForms(visit, organised, search) })}${
      own.length === 0
        ? nothing
        : section({ title: words.changesTitle, body: changesList(visit, organised, own, division.id) })
    }${section({ title: words.membersTitle, body: removal(visit, organised) })}`,
  };
}

function addForms(
  visit: Visit,
  organised: OrganisedDivision,
  { text, found }: { readonly text?: string; readonly found?: readonly FoundPerson[] },
): Fragment {
  const { language } = visit;
  const words = classStrings[language];
  const { division } = organised;
  const path = `/school/classes/${division.id}`;
  return html`${form({
    action: `${path}/find`,
    fields: visit.fields(),
    label: words.addTitle,
    body: [
      textField({
        language,
        name: 'name',
        label: division.kind === 'class' ? words.findPupil : words.findAnybody,
        hint: words.findHint,
        maxLength: 100,
        autocomplete: 'off',
        width: 'medium',
        ...(text === undefined ? {} : { value: text }),
      }),
      button({ label: words.find, icon: 'search', kind: found === undefined ? 'primary' : 'secondary' }),
    ],
  })}${found === undefined ? nothing : candidates(visit, organised, found)}`;
}

function candidates(
  visit: Visit,
  { division, school }: OrganisedDivision,
  found: readonly FoundPerson[],
): Fragment {
  const { language } = visit;
  const words = classStrings[language];
  if (found.length === 0)
    return emptyState({ icon: 'search', title: words.nobodyTitle, text: words.nobodyText });
  return stack(
    card({
      title: words.chooseTitle,
      level: 3,
      body: form({
        action: `/school/classes/${division.id}/add`,
        fields: visit.fields(),
        label: words.chooseTitle,
        body: [
          radioGroup({
            language,
            name: 'person',
            label: words.who,
            choices: found.map(({ person, places }) => ({
              value: person.id,
              label: person.displayName,
              hint: [
                ...new Set(
                  places.map(({ role, divisions, school: where }) =>
                    [
                      roleName(language, role),
                      ...divisions,
                      where === school.id ? undefined : visit.context.schools.find(({ id }) => id === where)?.name,
                    ]
                      .filter((part) => part !== undefined)
                      .join(' '),
                  ),
                ),
              ].join(', '),
            })),
          }),
          division.kind === 'class'
            ? nothing
            : radioGroup({
                language,
                name: 'as',
                label: words.as,
                value: 'pupil',
                choices: [
                  { value: 'pupil', label: words.asPupil },
                  { value: 'teacher', label: words.asTeacher },
                ],
              }),
          ...decisionFields(visit, school),
          button({ label: words.add, icon: 'user-plus' }),
        ],
      }),
    }),
  );
}

function removal(visit: Visit, { division, school, members }: OrganisedDivision): Fragment {
  const { language } = visit;
  const words = classStrings[language];
  if (members.length === 0)
    return emptyState({ icon: 'users-group', title: words.noMemberTitle, text: words.noMemberText });
  return html`${dataTable<Person>({
    language,
    caption: words.membersTitle,
    captionHidden: true,
    rows: members,
    columns: [
      {
        title: words.name,
        names: true,
        cell: ({ id, displayName }) => html`<a href="/school/people/${id}">${displayName}</a>`,
      },
      { title: words.state, cell: ({ status }) => (status === 'active' ? words.present : words.suspended) },
    ],
  })}<details class="disclosure"><summary><span>${words.removeTitle}</span></summary><div class="disclosure-body">${form({
    action: `/school/classes/${division.id}/remove`,
    fields: visit.fields(),
    label: words.removeTitle,
    body: fieldGroup({
      legend: words.removeTitle,
      hint: words.removeHint,
      body: [
        radioGroup({
          language,
          name: 'person',
          label: words.who,
          choices: members.map(({ id, displayName }) => ({ value: id, label: displayName })),
        }),
        html`<div class="stack">${removeFields(visit, school)}</div>`,
        button({ label: words.remove, kind: 'danger' }),
      ],
    }),
  })}</div></details>`;
}
