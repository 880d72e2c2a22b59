import {
  badge,
  button,
  dataTable,
  emptyState,
  form,
  grid,
  html,
  nothing,
  section,
  type Fragment,
} from '@socle/pages';
import type { Person } from '@socle/directory';
import type { AreaPage, Visit } from '../../visit.ts';
import { badgesCard, lessonCard, parentsCard, sheetsCard } from './class-cards.ts';
import { accountOf, type SchoolClass } from './school-class.ts';
import { accountStrings } from './strings.ts';

/** One class: what can be done for all of it, then its pupils. */
export function renderClass(visit: Visit, group: SchoolClass, openSessions: number): AreaPage {
  const words = accountStrings[visit.language];
  const { division, school, pupils } = group;
  const canPrint = pupils.some(({ id }) => visit.may('accounts.account.activate', accountOf(group, id)));
  const canPrintParents = visit.may('accounts.account.activate', {
    type: 'accounts.account',
    school: school.id,
  });
  const canEnd = visit.may('accounts.lesson.end', {
    type: 'accounts.lesson',
    school: school.id,
    division: division.id,
  });
  const acts = [
    ...(canEnd ? [lessonCard(visit, group, openSessions)] : []),
    // Badges are for those who do not read yet.
    ...(canPrint && school.kind === 'primary' ? [badgesCard(visit, group)] : []),
    ...(canPrint ? [sheetsCard(visit, group)] : []),
    ...(canPrintParents ? [parentsCard(visit, group)] : []),
  ];
  return {
    title: division.name,
    lead: words.classLead(pupils.length, school.name),
    back: { href: '/school/accounts', label: words.title },
    body: html`${acts.length === 0 ? nothing : grid(acts)}${section({
      title: words.pupils,
      body:
        pupils.length === 0
          ? emptyState({ icon: 'users-group', title: words.noPupilTitle, text: words.noPupilText })
          : pupilTable(visit, group),
    })}`,
  };
}

function pupilTable(visit: Visit, group: SchoolClass): Fragment {
  const words = accountStrings[visit.language];
  return dataTable<Person>({
    language: visit.language,
    caption: words.pupils,
    captionHidden: true,
    rows: group.pupils,
    columns: [
      { title: words.name, cell: (pupil) => pupil.displayName, names: true },
      { title: words.login, cell: (pupil) => group.accounts.get(pupil.id)?.login ?? nothing },
      { title: words.state, cell: (pupil) => stateOf(visit, group, pupil) },
      { title: words.act, cell: (pupil) => resetForm(visit, group, pupil) },
    ],
  });
}

function resetForm(visit: Visit, group: SchoolClass, pupil: Person): Fragment {
  const words = accountStrings[visit.language];
  if (pupil.status !== 'active' || group.accounts.get(pupil.id)?.hasPassword !== true) return nothing;
  if (!visit.may('accounts.account.reset', accountOf(group, pupil.id))) return nothing;
  return form({
    action: `/school/accounts/classes/${group.division.id}/reset`,
    fields: visit.fields({ pupil: pupil.id }),
    body: button({ label: words.reset, about: words.resetOf(pupil.displayName), kind: 'quiet', icon: 'key' }),
  });
}

function stateOf(visit: Visit, { accounts }: SchoolClass, pupil: Person): Fragment {
  const words = accountStrings[visit.language];
  const account = accounts.get(pupil.id);
  if (pupil.status !== 'active' || account?.status === 'suspended') return badge(words.suspended, 'warning');
  return account?.hasPassword === true ? badge(words.active, 'good', 'check') : badge(words.toActivate);
}
