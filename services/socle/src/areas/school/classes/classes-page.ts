import type { Division, School } from '@socle/directory';
import {
  button,
  buttonLink,
  buttonRow,
  disclosure,
  emptyState,
  errorSummary,
  form,
  html,
  nothing,
  section,
  selectField,
  textField,
  tileGrid,
  type Fragment,
} from '@socle/pages';
import type { AreaPage, Visit } from '../../visit.ts';
import { schoolTabs } from '../school-of-page.ts';
import { changesList, pastList } from './changes-list.ts';
import { decisionFields, errorOf, valueOf, type Typed } from './decision.ts';
import type { Decided, ShownSchool } from './organised.ts';
import { classStrings } from './strings.ts';

const PATH = '/school/classes';

/** The classes and groups of a school, what it decided over its feed, and what it may decide. */
export function renderClasses(visit: Visit, schools: readonly School[], shown: ShownSchool): AreaPage {
  const { language } = visit;
  const words = classStrings[language];
  const { school, divisions, decided } = shown;
  const choice = schoolTabs(schools, { path: PATH, shown: school.id, label: words.schools });
  const groups = divisions.filter(({ kind }) => kind === 'group');
  return {
    title: words.title,
    lead: school.name,
    ...(decided === undefined
      ? {}
      : {
          actions: buttonRow(
            buttonLink({
              label: words.substituteAct,
              href: `${PATH}/schools/${school.id}/substitute`,
              icon: 'user-check',
              kind: 'primary',
            }),
            buttonLink({ label: words.groupAct, href: `${PATH}/schools/${school.id}/group`, icon: 'plus' }),
          ),
        }),
    body: html`${choice}${decided === undefined || decided.changes.length === 0 ? nothing : inForce(visit, school, decided)}${section(
      {
        title: words.classesTitle,
        body: tiles(
          visit,
          divisions.filter(({ kind }) => kind === 'class'),
        ),
      },
    )}${
      groups.length === 0 && decided === undefined
        ? nothing
        : section({
            title: words.groupsTitle,
            body: groups.length === 0 ? html`<p class="muted">${words.noGroup}</p>` : tiles(visit, groups),
          })
    }${decided === undefined ? nothing : html`${decided.changes.length === 0 ? inForce(visit, school, decided) : nothing}${pastOnes(visit, decided)}`}`,
  };
}

function tiles({ language }: Visit, divisions: readonly Division[]): Fragment {
  const words = classStrings[language];
  return divisions.length === 0
    ? emptyState({ icon: 'users-group', title: words.noneTitle, text: words.noneText })
    : tileGrid(
        divisions.map(({ id, name, kind }) => ({
          title: name,
          description: words.divisionKinds[kind],
          href: `${PATH}/${id}`,
          icon: kind === 'class' ? 'users-group' : 'friends',
        })),
      );
}

function inForce(visit: Visit, school: School, decided: Decided): Fragment {
  const words = classStrings[visit.language];
  const { changes } = decided;
  return section({
    title: words.changesTitle,
    lead: words.changesLead,
    body:
      changes.length === 0
        ? emptyState({ icon: 'calendar', title: words.noChangeTitle, text: words.noChangeText })
        : changesList(visit, school, decided, changes),
  });
}

function pastOnes(visit: Visit, decided: Decided): Fragment {
  const words = classStrings[visit.language];
  return disclosure({
    summary: words.pastTitle,
    body:
      decided.past.length === 0
        ? html`<p class="muted">${words.noPast}</p>`
        : pastList(visit, decided, decided.past),
  });
}

/** The form of a substitute. */
export function renderSubstitute(visit: Visit, school: School, decided: Decided, typed: Typed): AreaPage {
  const { language } = visit;
  const words = classStrings[language];
  const choices = decided.teachers.map(({ id, displayName }) => ({ value: id, label: displayName }));
  const who = (name: 'replaced' | 'substitute') =>
    selectField({
      language,
      name,
      label: words[name],
      prompt: words.choose,
      choices,
      width: 'medium',
      ...valueOf(typed, name),
      ...errorOf(typed, name),
    });
  return {
    ...deepPage(visit, school, typed),
    title: words.substituteTitle,
    lead: words.substituteLead,
    body:
      choices.length < 2
        ? emptyState({ icon: 'user-check', title: words.tooFewTitle, text: words.tooFewText })
        : html`${errorSummary(typed.errors, language)}${form({
            action: `${PATH}/schools/${school.id}/substitute`,
            fields: visit.fields(),
            label: words.substituteTitle,
            body: [
              who('replaced'),
              who('substitute'),
              ...decisionFields(visit, school, typed, { asksFrom: true }),
              button({ label: words.appoint }),
            ],
          })}`,
  };
}

/** The form of a new group. */
export function renderGroup(visit: Visit, school: School, typed: Typed): AreaPage {
  const { language } = visit;
  const words = classStrings[language];
  return {
    ...deepPage(visit, school, typed),
    title: words.groupTitle,
    lead: words.groupLead,
    body: html`${errorSummary(typed.errors, language)}${form({
      action: `${PATH}/schools/${school.id}/group`,
      fields: visit.fields(),
      label: words.groupTitle,
      body: [
        textField({
          language,
          name: 'name',
          label: words.groupName,
          hint: words.groupNameHint,
          maxLength: 20,
          autocomplete: 'off',
          width: 'medium',
          ...valueOf(typed, 'name'),
          ...errorOf(typed, 'name'),
        }),
        button({ label: words.openGroup }),
      ],
    })}`,
  };
}

function deepPage({ language }: Visit, school: School, { errors }: Typed) {
  return {
    tabs: false,
    back: { href: `${PATH}?school=${school.id}`, label: classStrings[language].title },
    ...(errors.length > 0 ? { status: 422 } : {}),
  };
}
