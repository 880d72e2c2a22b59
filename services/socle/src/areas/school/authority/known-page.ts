import type { AuthorityRecord } from '@socle/directory';
import {
  button,
  dataTable,
  dateField,
  emptyState,
  errorSummary,
  flashMessage,
  form,
  formatDate,
  formatDateTime,
  html,
  nothing,
  section,
  trustNote,
  type FieldError,
  type Fragment,
} from '@socle/pages';
import type { AreaPage, Visit } from '../../visit.ts';
import { calendarDay, startOfDay } from '../calendar-day.ts';
import { peopleStrings } from '../people/strings.ts';
import { nameOf, restrictionsOf } from './authority-page.ts';
import { historyStrings } from './history-strings.ts';
import type { PupilAuthority } from './pupil-authority.ts';
import { authorityStrings } from './strings.ts';

const DAY_MS = 86_400_000;

/**
 * What held of one child on a day, as it was known on another: for each adult the record in force, a decision of the school
 * before what the feed says. Both instants are exclusive ends.
 */
export function selectKnown(
  records: readonly AuthorityRecord[],
  at: { readonly on: Date; readonly known: Date },
): readonly AuthorityRecord[] {
  const holds = records.filter(
    ({ recordedAt, supersededAt, validFrom, validTo }) =>
      recordedAt < at.known &&
      (supersededAt === undefined || supersededAt >= at.known) &&
      validFrom < at.on &&
      (validTo === undefined || validTo >= at.on),
  );
  const adults = [...new Set(holds.map(({ adult }) => adult))];
  return adults.map((adult) => {
    const own = holds.filter((record) => record.adult === adult);
    return own.find(({ source }) => source === 'local') ?? own[0]!;
  });
}

/** One child's authority on a day, as it was known on a day. */
export function renderKnown(visit: Visit, about: PupilAuthority): AreaPage {
  const { language } = visit;
  const words = historyStrings[language];
  const { pupil, school } = about;
  const today = calendarDay(visit.now, school.timeZone);
  const typed = { on: visit.query('on') ?? today, known: visit.query('known') ?? today };
  const on = endOfDay(visit, typed.on, school.timeZone);
  const known = endOfDay(visit, typed.known, school.timeZone);
  const errors: readonly FieldError[] = [
    ...(on ? [] : [{ name: 'on', message: words.wrongDay }]),
    ...(known ? [] : [{ name: 'known', message: words.wrongDay }]),
  ];
  const field = (name: 'on' | 'known', label: string, hint: string) =>
    dateField({
      language,
      name,
      label,
      hint,
      value: typed[name],
      max: today,
      ...(errors.some((each) => each.name === name) ? { error: words.wrongDay } : {}),
    });
  return {
    title: words.title(pupil.displayName),
    lead: words.lead,
    tabs: false,
    back: { href: `/school/authority/pupils/${pupil.id}`, label: pupil.displayName },
    ...(errors.length > 0 ? { status: 422 } : {}),
    body: html`${errorSummary(errors, language)}${form({
      action: `/school/authority/pupils/${pupil.id}/known`,
      method: 'get',
      label: words.link,
      body: [
        field('on', words.on, words.onHint),
        field('known', words.known, words.knownHint),
        button({ label: words.show, icon: 'history' }),
      ],
    })}${on && known ? answer(visit, about, { on, known }) : nothing}${trustNote({
      summary: authorityStrings[language].whoSees,
      body: html`<p>${authorityStrings[language].whoSeesText}</p>`,
    })}`,
  };
}

function answer(
  visit: Visit,
  about: PupilAuthority,
  at: { readonly on: Date; readonly known: Date },
): Fragment {
  const { language } = visit;
  const words = historyStrings[language];
  const { school, cards } = about;
  const held = selectKnown(about.history, at);
  const now = selectKnown(about.history, { on: at.on, known: new Date(visit.now.getTime() + 1) });
  const print = (records: readonly AuthorityRecord[]) =>
    records
      .map(({ adult, exercise, restrictions }) => `${adult} ${exercise} ${restrictions.toSorted().join()}`)
      .toSorted()
      .join('\n');
  const day = (end: Date) => formatDate(language, new Date(end.getTime() - 1), 'long', school.timeZone);
  const differs = print(held) !== print(now);
  return section({
    title: words.answer(day(at.on), day(at.known)),
    body: html`${
      differs
        ? flashMessage({ kind: 'warning', title: words.differs, text: words.differsText }, language)
        : nothing
    }${dataTable<AuthorityRecord>({
      language,
      caption: words.answer(day(at.on), day(at.known)),
      captionHidden: true,
      rows: held,
      empty: emptyState({ icon: 'scale', title: words.noneTitle, text: words.noneText }),
      columns: [
        { title: words.adult, names: true, cell: ({ adult }) => nameOf(visit, cards, adult) },
        {
          title: authorityStrings[language].exercise,
          cell: ({ exercise }) => peopleStrings[language].exercises[exercise],
        },
        {
          title: authorityStrings[language].restrictions,
          cell: ({ restrictions }) => restrictionsOf(visit, restrictions),
        },
        {
          title: words.source,
          cell: ({ source, evidenceReference }) =>
            source === 'feed' ? words.feed : words.local(evidenceReference ?? words.noReference),
        },
        {
          title: words.recordedAt,
          cell: ({ recordedAt }) => formatDateTime(language, recordedAt, school.timeZone),
        },
      ],
    })}`,
  });
}

/** The end of a day that is not to come, at most the present; undefined for any other. */
function endOfDay({ now }: Visit, day: string, timeZone: string): Date | undefined {
  const start = startOfDay(day, timeZone);
  if (start === undefined || start > now) return undefined;
  const next = calendarDay(new Date(start.getTime() + 1.5 * DAY_MS), timeZone);
  const end = startOfDay(next, timeZone) ?? now;
  return end > now ? new Date(now.getTime() + 1) : end;
}
