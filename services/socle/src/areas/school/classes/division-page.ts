import type { DivisionTeacher, Person } from '@socle/directory';
import {
  badge,
  buttonLink,
  dataTable,
  emptyState,
  formatList,
  html,
  nothing,
  section,
  type Column,
  type Fragment,
} from '@socle/pages';
import type { AreaPage, Visit } from '../../visit.ts';
import { changesList } from './changes-list.ts';
import { listLent, type Decided, type ShownDivision } from './organised.ts';
import { classStrings } from './strings.ts';

/** One class or group: who is in it, who teaches it, and what was decided of it. */
export function renderDivision(visit: Visit, shown: ShownDivision, decided: Decided | undefined): AreaPage {
  const words = classStrings[visit.language];
  const { division, school, members, teachers } = shown;
  const own = (decided?.changes ?? []).filter(
    (change) => change.division === division.id || change.leftDivision === division.id,
  );
  const add = buttonLink({
    label: division.kind === 'class' ? words.addPupil : words.addAnybody,
    href: `/school/classes/${division.id}/add`,
    icon: 'user-plus',
    kind: 'primary',
  });
  return {
    title: division.name,
    lead: words.members(members.length, school.name),
    tabs: false,
    back: { href: `/school/classes?school=${school.id}`, label: words.title },
    ...(shown.isOrganised ? { actions: add } : {}),
    body: html`${
      decided === undefined || own.length === 0
        ? nothing
        : section({
            title: words.changesTitle,
            lead: words.changesLead,
            body: changesList(visit, school, decided, own, division.id),
          })
    }${section({ title: words.teachersTitle, body: teacherTable(visit, teachers) })}${section({
      title: words.pupilsTitle,
      body: pupilTable(visit, shown, decided),
    })}`,
  };
}

function teacherTable({ language }: Visit, teachers: readonly DivisionTeacher[]): Fragment {
  const words = classStrings[language];
  if (teachers.length === 0) return html`<p class="muted">${words.noTeacher}</p>`;
  return dataTable<DivisionTeacher>({
    language,
    caption: words.teachersTitle,
    captionHidden: true,
    rows: teachers.toSorted((a, b) => Number(b.isHeadTeacher) - Number(a.isHeadTeacher)),
    columns: [
      {
        title: words.name,
        names: true,
        cell: ({ teacher, isHeadTeacher }) =>
          html`<a href="/school/people/${teacher.id}">${teacher.displayName}</a>${
            isHeadTeacher ? html` ${badge(words.headTeacher, 'accent', 'star')}` : nothing
          }`,
      },
      {
        title: words.subjects,
        cell: ({ subjects }) => (subjects.length === 0 ? words.allSubjects : formatList(language, subjects)),
      },
    ],
  });
}

function pupilTable(
  { language }: Visit,
  { division, members }: ShownDivision,
  decided: Decided | undefined,
): Fragment {
  const words = classStrings[language];
  const lent = decided ? listLent(decided, division) : new Set();
  if (members.length === 0)
    return emptyState({ icon: 'users-group', title: words.noMemberTitle, text: words.noMemberText });
  const act: Column<Person> = {
    title: words.act,
    cell: ({ id, displayName }) =>
      lent.has(id)
        ? words.byDecision
        : html`<a href="/school/classes/${division.id}/people/${id}">${words.change}<span class="visually-hidden"> ${displayName}</span></a>`,
  };
  return dataTable<Person>({
    language,
    caption: words.pupilsTitle,
    captionHidden: true,
    rows: members,
    columns: [
      {
        title: words.name,
        names: true,
        cell: ({ id, displayName }) => html`<a href="/school/people/${id}">${displayName}</a>`,
      },
      { title: words.state, cell: ({ status }) => (status === 'active' ? words.present : words.suspended) },
      ...(decided ? [act] : []),
    ],
  });
}
