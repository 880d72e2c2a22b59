import type { School } from '@socle/directory';
import {
  button,
  disclosure,
  emptyState,
  form,
  html,
  nothing,
  section,
  selectField,
  tabs,
  textField,
  tileGrid,
  type Fragment,
} from '@socle/pages';
import type { AreaPage, Visit } from '../../visit.ts';
import { changesList } from './changes-list.ts';
import { decisionFields } from './decision-fields.ts';
import type { OrganisedSchool } from './organised.ts';
import { classStrings } from './strings.ts';

/** The classes and groups of a school, what it decided over its feed, and what it may decide. */
export function renderClasses(visit: Visit, schools: readonly School[], organised: OrganisedSchool): AreaPage {
  const { language } = visit;
  const words = classStrings[language];
  const { school, divisions, changes } = organised;
  const choice =
    schools.length < 2
      ? nothing
      : tabs({
          label: words.schools,
          items: schools.map(({ id, name }) => ({
            label: name,
            href: `/school/classes?school=${id}`,
            current: id === school.id,
          })),
        });
  return {
    title: words.title,
    lead: words.lead(school.name),
    body: html`${choice}${section({
      title: words.listTitle,
      body:
        divisions.length === 0
          ? emptyState({ icon: 'users-group', title: words.noneTitle, text: words.noneText })
          : tileGrid(
              divisions.map(({ id, name, kind }) => ({
                title: name,
                description: words.divisionKinds[kind],
                href: `/school/classes/${id}`,
                icon: 'users-group',
              })),
            ),
    })}${section({
      title: words.changesTitle,
      lead: words.changesLead,
      body:
        changes.length === 0
          ? emptyState({ icon: 'calendar', title: words.noChangeTitle, text: words.noChangeText })
          : changesList(visit, organised, changes),
    })}${disclosure({ summary: words.substituteTitle, body: substituteForm(visit, organised) })}${disclosure({
      summary: words.groupTitle,
      body: groupForm(visit, school),
    })}`,
  };
}

function substituteForm(visit: Visit, { school, teachers }: OrganisedSchool): Fragment {
  const { language } = visit;
  const words = classStrings[language];
  if (teachers.length < 2) return html`<p>${words.tooFewTeachers}</p>`;
  const choices = teachers.map(({ id, displayName }) => ({ value: id, label: displayName }));
  const who = (name: string, label: string) =>
    selectField({ language, name, label, prompt: words.choose, choices, width: 'medium' });
  return form({
    action: `/school/classes/schools/${school.id}/substitute`,
    fields: visit.fields(),
    label: words.substituteTitle,
    body: [
      html`<p>${words.substituteText}</p>`,
      who('replaced', words.replaced),
      who('substitute', words.substitute),
      ...decisionFields(visit, school),
      button({ label: words.appoint }),
    ],
  });
}

function groupForm(visit: Visit, school: School): Fragment {
  const { language } = visit;
  const words = classStrings[language];
  return form({
    action: `/school/classes/schools/${school.id}/groups`,
    fields: visit.fields(),
    label: words.groupTitle,
    body: [
      html`<p>${words.groupText}</p>`,
      textField({
        language,
        name: 'name',
        label: words.groupName,
        hint: words.groupNameHint,
        maxLength: 20,
        autocomplete: 'off',
        width: 'medium',
      }),
      button({ label: words.openGroup }),
    ],
  });
}
