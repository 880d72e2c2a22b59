import type { PersonId } from '@socle/base';
import type { Rollover, YearPreview } from '@socle/directory';
import {
  badge,
  button,
  buttonLink,
  buttonRow,
  card,
  confirmCard,
  dataTable,
  disclosure,
  emptyState,
  figure,
  figures,
  form,
  formatDate,
  formatList,
  formatNumber,
  html,
  nothing,
  radioGroup,
  section,
  stepList,
  timeline,
  type Fragment,
} from '@socle/pages';
import type { School } from '@socle/directory';
import { roleName } from '../../../pages/strings.ts';
import type { AreaPage, Visit } from '../../visit.ts';
import { schoolTabs } from '../school-of-page.ts';
import type { YearView } from './load-year.ts';
import { yearStrings } from './strings.ts';

const PATH = '/school/year';
/** Beyond, a list says how many more there are. */
const LISTED = 200;

/** The running school year and the next: August begins one. */
export function listYears(now: Date): readonly string[] {
  const first = now.getUTCMonth() >= 7 ? now.getUTCFullYear() : now.getUTCFullYear() - 1;
  return [`${first + 1}-${first + 2}`, `${first}-${first + 1}`];
}

/** Where a school is between two years, and the next step. */
export function renderYear(visit: Visit, schools: readonly School[], view: YearView): AreaPage {
  const { language } = visit;
  const words = yearStrings[language];
  const { school, open, latest } = view;
  const choice = schoolTabs(schools, { path: PATH, shown: school.id, label: words.schools });
  return {
    title: words.title,
    lead: words.lead(school.name),
    body: html`${choice}${steps(visit, view)}${
      open
        ? plan(visit, view, open)
        : html`${latest ? switched(visit, view, latest) : nothing}${prepare(visit, view)}`
    }${history(visit, view)}`,
  };
}

function steps({ language }: Visit, { open, preview }: YearView): Fragment {
  const words = yearStrings[language];
  const current = !open ? 0 : preview ? 2 : 1;
  const all = [
    [words.stepPrepare, words.stepPrepareNote],
    [words.stepImport, words.stepImportNote],
    [words.stepCheck, words.stepCheckNote],
    [words.stepSwitch, words.stepSwitchNote],
  ] as const;
  return stepList({
    language,
    label: words.steps,
    steps: all.map(([label, note], index) => ({
      label,
      note,
      state: index < current ? 'done' : index === current ? 'current' : 'to-do',
    })),
  });
}

function prepare(visit: Visit, { school }: YearView): Fragment {
  const { language } = visit;
  const words = yearStrings[language];
  const years = listYears(visit.now);
  return section({
    title: words.prepareTitle,
    lead: words.prepareText,
    body: form({
      action: `${PATH}/${school.id}/prepare`,
      fields: visit.fields(),
      label: words.prepareTitle,
      body: [
        radioGroup({
          language,
          name: 'year',
          label: words.year,
          value: years[0]!,
          choices: years.map((year) => ({ value: year, label: year })),
        }),
        button({ label: words.prepare, icon: 'calendar-event' }),
      ],
    }),
  });
}

function plan(visit: Visit, view: YearView, open: Rollover): Fragment {
  const { language } = visit;
  const words = yearStrings[language];
  const { school, preview } = view;
  const drop = buttonLink({ label: words.drop, href: `${PATH}/${school.id}/drop`, kind: 'quiet', icon: 'x' });
  if (!preview)
    return section({
      title: words.preparing(open.schoolYear),
      body: view.isBusy
        ? emptyState({ icon: 'clock', title: words.busyTitle, text: words.busyText })
        : emptyState({ icon: 'inbox', title: words.emptyTitle, text: words.emptyText, action: drop }),
    });
  const number = (value: number) => formatNumber(language, value, 0);
  const { moving, arriving, leaving, returning } = preview;
  const { lost, signedOut } = countLosses(preview);
  return html`${section({
    title: words.preparing(open.schoolYear),
    lead: words.previewTitle,
    body: figures([
      figure({ value: number(moving.length), label: words.moving(moving.length) }),
      figure({ value: number(arriving.length), label: words.arriving(arriving.length) }),
      figure({
        value: number(leaving.length),
        label: words.leaving(leaving.length),
        note: words.leavingNote,
      }),
      figure({ value: number(lost), label: words.losing(lost), note: words.losingNote(signedOut) }),
      figure({ value: number(returning.length), label: words.returning(returning.length) }),
    ]),
  })}${disclosure({
    summary: words.leaversTitle(leaving.length),
    body: leavers(visit, view, preview),
  })}${disclosure({
    summary: words.lossesTitle(preview.losses.length),
    body: losses(visit, view, preview),
  })}${section({ title: words.classesTitle, body: divisions(visit, preview) })}${buttonRow(
    buttonLink({
      label: words.toSwitch(open.schoolYear),
      href: `${PATH}/${school.id}/switch`,
      kind: 'primary',
      icon: 'arrow-right',
    }),
    drop,
  )}`;
}

/** Who stays and loses something; and everybody who signs in again, those whose classes are new ones among them. */
function countLosses({ losses: all, leaving, losingRights }: YearPreview) {
  const gone = new Set(leaving);
  return {
    lost: all.filter(({ person }) => !gone.has(person)).length,
    signedOut: leaving.length + losingRights.length,
  };
}

function divisions({ language }: Visit, preview: YearPreview): Fragment {
  const words = yearStrings[language];
  return dataTable<YearPreview['divisions'][number]>({
    language,
    caption: words.classesTitle,
    captionHidden: true,
    rows: preview.divisions,
    columns: [
      {
        title: words.division,
        names: true,
        cell: ({ name, isKnown }) =>
          html`${name}${isKnown ? nothing : html` ${badge(words.newDivision, 'accent')}`}`,
      },
      { title: words.pupils, numeric: true, cell: ({ pupils }) => formatNumber(language, pupils, 0) },
      { title: words.teachers, numeric: true, cell: ({ teachers }) => formatNumber(language, teachers, 0) },
    ],
  });
}

function leavers(visit: Visit, view: YearView, { leaving }: YearPreview): Fragment {
  const words = yearStrings[visit.language];
  const names = leaving
    .map((person) => nameOf(visit, view, person))
    .toSorted((a, b) => a.localeCompare(b, 'fr'));
  return html`<ul>${names.slice(0, LISTED).map((name) => html`<li>${name}</li>`)}</ul>${
    names.length > LISTED ? html`<p>${words.more(names.length - LISTED)}</p>` : nothing
  }`;
}

function losses(visit: Visit, view: YearView, preview: YearPreview): Fragment {
  const { language } = visit;
  const words = yearStrings[language];
  const leaving = new Set(preview.leaving);
  const list = (values: readonly string[]) => (values.length === 0 ? '–' : formatList(language, values));
  if (preview.losses.length === 0) return html`<p class="muted">${words.noLoss}</p>`;
  return html`${dataTable<YearPreview['losses'][number]>({
    language,
    caption: words.lossesTitle(preview.losses.length),
    captionHidden: true,
    rows: preview.losses.slice(0, LISTED),
    columns: [
      {
        title: words.person,
        names: true,
        cell: ({ person }) =>
          html`${nameOf(visit, view, person)}${leaving.has(person) ? html` ${badge(words.andLeaves, 'warning')}` : nothing}`,
      },
      {
        title: words.lostRoles,
        cell: ({ roles }) => list(roles.map((role) => roleName(language, role) ?? role)),
      },
      { title: words.lostDivisions, cell: ({ divisions: codes }) => list(codes) },
    ],
  })}${preview.losses.length > LISTED ? html`<p>${words.more(preview.losses.length - LISTED)}</p>` : nothing}`;
}

function switched(visit: Visit, { school }: YearView, latest: Rollover): Fragment {
  const { language } = visit;
  const words = yearStrings[language];
  const canUndo = latest.undoUntil !== undefined && latest.undoUntil >= visit.now;
  const day = (at: Date) => formatDate(language, at, 'long', school.timeZone);
  return card({
    title: words.switchedTitle(latest.schoolYear),
    icon: 'circle-check',
    note: words.switchedText(day(latest.switchedAt ?? latest.preparedAt)),
    body: html`<p>${canUndo ? words.undoUntil(day(latest.undoUntil)) : words.undoOver}</p>`,
    ...(canUndo
      ? {
          actions: buttonLink({
            label: words.undo,
            href: `${PATH}/${school.id}/undo`,
            icon: 'arrow-back-up',
          }),
        }
      : {}),
  });
}

function history(visit: Visit, view: YearView): Fragment {
  const { language } = visit;
  const words = yearStrings[language];
  const entries = view.rollovers.flatMap((rollover) => [
    ...(rollover.switchedAt
      ? [
          {
            at: rollover.switchedAt,
            icon: 'arrow-right' as const,
            title: words.wasSwitched(rollover.schoolYear, nameOf(visit, view, rollover.switchedBy)),
          },
        ]
      : []),
    {
      at: rollover.preparedAt,
      icon: 'calendar-event' as const,
      title: words.wasPrepared(rollover.schoolYear, nameOf(visit, view, rollover.preparedBy)),
      ...(rollover.state === 'dropped' ? { text: words.wasDropped } : {}),
    },
  ]);
  return entries.length === 0
    ? nothing
    : section({
        title: words.historyTitle,
        body: timeline({ language, label: words.historyTitle, entries, timeZone: view.school.timeZone }),
      });
}

/** The question before an act on a year, as a page of its own. */
export function renderConfirm(
  visit: Visit,
  view: YearView,
  rollover: Rollover,
  act: 'switch' | 'drop' | 'undo',
): AreaPage {
  const words = yearStrings[visit.language];
  const { school, preview } = view;
  const { schoolYear } = rollover;
  const question = {
    switch: {
      title: words.switchTitle(school.name, schoolYear),
      text: preview
        ? words.switchText(preview.leaving.length, countLosses(preview).signedOut)
        : words.stepSwitchNote,
      confirm: words.switchNow,
    },
    drop: { title: words.dropTitle(schoolYear), text: words.dropText, confirm: words.dropNow },
    undo: { title: words.undoTitle(schoolYear), text: words.undoText, confirm: words.undoNow },
  }[act];
  return {
    title: question.title,
    lead: school.name,
    tabs: false,
    back: { href: `${PATH}?school=${school.id}`, label: words.title },
    body: confirmCard({
      id: 'year',
      ...question,
      action: `${PATH}/${school.id}/${act}`,
      fields: visit.fields({ rollover: rollover.id }),
      danger: act !== 'undo',
      cancel: words.cancel,
      cancelHref: `${PATH}?school=${school.id}`,
    }),
  };
}

function nameOf({ language }: Visit, { cards }: YearView, person: PersonId | undefined): string {
  return (person && cards.get(person)?.displayName) ?? yearStrings[language].erased;
}
