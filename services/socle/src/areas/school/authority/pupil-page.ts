import type { PersonId } from '@socle/base';
import type { PersonCard } from '@socle/directory';
import {
  button,
  buttonLink,
  checkboxGroup,
  dataTable,
  dateField,
  emptyState,
  errorSummary,
  form,
  formatDate,
  formatDateTime,
  html,
  nothing,
  radioGroup,
  section,
  textField,
  trustNote,
  type FieldError,
  type Fragment,
} from '@socle/pages';
import type { AreaPage, Visit } from '../../visit.ts';
import { calendarDay } from '../calendar-day.ts';
import { peopleStrings } from '../people/strings.ts';
import { nameOf, requestCards, restrictionsOf } from './authority-page.ts';
import { historyStrings } from './history-strings.ts';
import { EXERCISES, RESTRICTIONS } from './decision-form.ts';
import type { OpenAuthority } from './open-authority.ts';
import type { PupilAuthority } from './pupil-authority.ts';
import { authorityStrings } from './strings.ts';

interface PupilView {
  readonly about: PupilAuthority;
  readonly open: OpenAuthority;
  readonly names: ReadonlyMap<PersonId, PersonCard>;
  readonly errors: readonly FieldError[];
  readonly fields: Readonly<Record<string, string>>;
}

/** One pupil: what waits, the form of a new decision, then all that was recorded. */
export function renderPupil(visit: Visit, view: PupilView): AreaPage {
  const words = authorityStrings[visit.language];
  const { pupil, school, family } = view.about;
  const mayEnter = visit.may('directory.authority.enter', {
    type: 'directory.authority',
    school: school.id,
    pupil: pupil.id,
  });
  const entering =
    family.length === 0
      ? emptyState({ icon: 'friends', title: words.noFamilyTitle, text: words.noFamilyText })
      : decisionForm(visit, view);
  return {
    title: words.pupilTitle(pupil.displayName),
    lead: school.name,
    tabs: false,
    back: { href: `/school/people/${pupil.id}`, label: pupil.displayName },
    ...(view.errors.length > 0 ? { status: 422 } : {}),
    body: html`${
      view.open.requests.length === 0
        ? nothing
        : section({ title: words.waitingTitle, body: requestCards(visit, view.open, view.names) })
    }${mayEnter ? section({ title: words.enterTitle, lead: words.enterLead, body: entering }) : nothing}${section(
      {
        title: words.historyTitle,
        lead: words.historyLead,
        actions: buttonLink({
          label: historyStrings[visit.language].link,
          href: `/school/authority/pupils/${pupil.id}/known`,
          icon: 'history',
        }),
        body: history(visit, view.about),
      },
    )}${trustNote({ summary: words.whoSees, body: html`<p>${words.whoSeesText}</p>` })}`,
  };
}

function decisionForm(visit: Visit, { about, errors, fields }: PupilView): Fragment {
  const { language } = visit;
  const words = authorityStrings[language];
  const people = peopleStrings[language];
  const { pupil, school, family, cards } = about;
  const error = (name: string) => {
    const found = errors.find((each) => each.name === name);
    return found === undefined ? {} : { error: found.message };
  };
  const value = (name: string) => (fields[name] === undefined ? {} : { value: fields[name] });
  return html`${errorSummary(errors, language)}${form({
    action: `/school/authority/pupils/${pupil.id}`,
    fields: visit.fields(),
    label: words.enterTitle,
    body: [
      radioGroup({
        language,
        name: 'adult',
        label: words.adult,
        ...value('adult'),
        ...error('adult'),
        choices: family.map(({ adult, kind }) => ({
          value: adult,
          label: nameOf(visit, cards, adult),
          hint: people.ties[kind],
        })),
      }),
      radioGroup({
        language,
        name: 'exercise',
        label: words.exercise,
        ...value('exercise'),
        ...error('exercise'),
        choices: EXERCISES.map((each) => ({ value: each, label: people.exercises[each] })),
      }),
      checkboxGroup({
        language,
        name: 'restrictions',
        label: words.restrictions,
        values: visit.all('restrictions'),
        choices: RESTRICTIONS.map((each) => ({ value: each, label: people.restrictions[each] })),
      }),
      dateField({
        language,
        name: 'from',
        label: words.from,
        hint: words.fromHint,
        value: fields['from'] ?? calendarDay(visit.now, school.timeZone),
        ...error('from'),
      }),
      dateField({
        language,
        name: 'until',
        label: words.until,
        hint: words.untilHint,
        optional: true,
        ...value('until'),
        ...error('until'),
      }),
      textField({
        language,
        name: 'reference',
        label: words.reference,
        hint: words.referenceHint,
        maxLength: 128,
        autocomplete: 'off',
        width: 'medium',
        ...value('reference'),
        ...error('reference'),
      }),
      button({ label: words.enter }),
    ],
  })}`;
}

function history(visit: Visit, { history: records, cards }: PupilAuthority): Fragment {
  const { language } = visit;
  const words = authorityStrings[language];
  return dataTable({
    language,
    caption: words.historyTitle,
    captionHidden: true,
    rows: records,
    empty: emptyState({ icon: 'history', title: words.noHistoryTitle, text: words.noHistoryText }),
    columns: [
      { title: words.adult, names: true, cell: ({ adult }) => nameOf(visit, cards, adult) },
      { title: words.exercise, cell: ({ exercise }) => peopleStrings[language].exercises[exercise] },
      { title: words.restrictions, cell: ({ restrictions }) => restrictionsOf(visit, restrictions) },
      {
        title: words.holds,
        cell: ({ validFrom, validTo }) =>
          words.period(
            formatDate(language, validFrom),
            validTo === undefined ? undefined : formatDate(language, validTo),
          ),
      },
      {
        title: words.recorded,
        cell: ({ recordedAt, supersededAt }) =>
          supersededAt === undefined
            ? formatDateTime(language, recordedAt)
            : words.replaced(formatDateTime(language, recordedAt), formatDateTime(language, supersededAt)),
      },
      {
        title: words.source,
        cell: ({ source, recordedBy, confirmedBy, evidenceReference }) =>
          source === 'feed' || recordedBy === undefined || confirmedBy === undefined
            ? words.byFeed
            : words.byTwo(
                nameOf(visit, cards, recordedBy),
                nameOf(visit, cards, confirmedBy),
                evidenceReference,
              ),
      },
    ],
  });
}
