import {
  badge,
  button,
  card,
  checkbox,
  dataTable,
  emptyState,
  form,
  grid,
  html,
  nothing,
  radioGroup,
  section,
  selectField,
  type Fragment,
} from '@socle/pages';
import type { Person } from '@socle/directory';
import type { AreaPage, Visit } from '../../visit.ts';
import { accountOf, type SchoolClass } from './school-class.ts';
import { accountStrings } from './strings.ts';

/** One class: what can be done for all of it, then its pupils. */
export function renderClass(visit: Visit, group: SchoolClass, openSessions: number): AreaPage {
  const words = accountStrings[visit.language];
  const { division, school, pupils } = group;
  const canPrint = pupils.some(({ id }) => visit.may('accounts.account.activate', accountOf(group, id)));
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

function lessonCard(visit: Visit, { division }: SchoolClass, open: number): Fragment {
  const words = accountStrings[visit.language];
  return card({
    title: words.lessonTitle,
    icon: 'logout',
    note: words.openSessions(open),
    body: html`<p>${words.lessonText}</p>`,
    actions: form({
      action: `/school/accounts/classes/${division.id}/end-lesson`,
      fields: visit.fields(),
      body: button({ label: words.endLesson, icon: 'logout' }),
    }),
  });
}

function badgesCard(visit: Visit, { division }: SchoolClass): Fragment {
  const { language } = visit;
  const words = accountStrings[language];
  return card({
    title: words.badgesTitle,
    icon: 'id-badge-2',
    note: words.badgesNote,
    body: form({
      action: `/school/accounts/classes/${division.id}/badges`,
      fields: visit.fields(),
      body: [
        html`<p>${words.badgesText}</p>`,
        checkbox({ name: 'pictures', value: 'new', label: words.newPictures, hint: words.newPicturesHint }),
        languageField(visit),
        button({ label: words.printBadges, icon: 'printer' }),
      ],
    }),
  });
}

function languageField({ language }: Visit): Fragment {
  return selectField({
    language,
    name: 'language',
    label: accountStrings[language].sheetsLanguage,
    value: language,
    choices: [
      { value: 'fr', label: 'Français' },
      { value: 'en', label: 'English' },
    ],
    width: 'medium',
  });
}

function sheetsCard(visit: Visit, { division }: SchoolClass): Fragment {
  const { language } = visit;
  const words = accountStrings[language];
  return card({
    title: words.sheetsTitle,
    icon: 'printer',
    note: words.sheetsNote,
    body: form({
      action: `/school/accounts/classes/${division.id}/sheets`,
      fields: visit.fields(),
      body: [
        radioGroup({
          language,
          name: 'who',
          label: words.sheetsWho,
          value: 'missing',
          choices: [
            { value: 'missing', label: words.sheetsMissing },
            { value: 'all', label: words.sheetsAll, hint: words.sheetsAllHint },
          ],
        }),
        languageField(visit),
        html`<div class="button-row">${button({ label: words.printPdf, icon: 'printer', name: 'format', value: 'pdf' })}${button({ label: words.printPage, kind: 'secondary', name: 'format', value: 'page' })}</div>`,
      ],
    }),
  });
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
      { title: words.login, cell: (pupil) => group.accounts.get(pupil.id)?.login ?? '–' },
      { title: words.state, cell: (pupil) => stateOf(visit, group, pupil) },
      { title: words.act, cell: (pupil) => resetForm(visit, group, pupil) },
    ],
  });
}

function resetForm(visit: Visit, group: SchoolClass, pupil: Person): Fragment {
  const words = accountStrings[visit.language];
  if (pupil.status !== 'active' || group.accounts.get(pupil.id)?.hasPassword !== true) return html`–`;
  if (!visit.may('accounts.account.reset', accountOf(group, pupil.id))) return html`–`;
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
