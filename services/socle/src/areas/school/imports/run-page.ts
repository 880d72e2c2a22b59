import type { ImportRun, ImportWarning, SchoolCounts } from '@socle/directory';
import {
  badge,
  button,
  buttonLink,
  card,
  dataTable,
  descriptionList,
  disclosure,
  errorSummary,
  figure,
  figures,
  form,
  flashMessage,
  formatBytes,
  formatDateTime,
  formatNumber,
  html,
  nothing,
  progress,
  section,
  textField,
  type FieldError,
  type Fragment,
} from '@socle/pages';
import type { ApprovalRow } from '../../../approvals/store.ts';
import type { AreaPage, Visit } from '../../visit.ts';
import { stateBadge } from './list-page.ts';
import { importStrings } from './strings.ts';

/** One run as somebody may see it. */
export interface RunView {
  readonly run: ImportRun;
  /** With join keys and every school; otherwise what concerns the visitor's own schools. */
  readonly isWhole: boolean;
  readonly mayRun: boolean;
  readonly startedBy: string | undefined;
  readonly schools: readonly { readonly name: string | undefined; readonly counts: SchoolCounts }[];
  /** What the visitor asked a second person about this feed, newest first. */
  readonly approvals: readonly ApprovalRow[];
  /** Is the file still here to be applied? */
  readonly isKept: boolean;
  readonly errors: readonly FieldError[];
}

const LIVE_SECONDS = 2;

/** One import: how far it is; then what it did, or would do, and what is to be done next. */
export function renderRun(visit: Visit, view: RunView): AreaPage {
  const { language } = visit;
  const words = importStrings[language];
  const { run } = view;
  return {
    title: run.isRehearsal ? words.rehearsalTitle : words.runTitle,
    lead: `${words.formats[run.format]} · ${run.fileName}`,
    tabs: false,
    back: { href: '/school/imports', label: words.title },
    ...(view.errors.length > 0 ? { status: 422 } : {}),
    body: html`${errorSummary(view.errors, language)}${
      run.state === 'running' ? underWay(visit, run) : ended(visit, view)
    }${section({ title: words.aboutTitle, body: about(visit, view) })}`,
  };
}

/** Renewed by itself where there is JavaScript; a link does it elsewhere. */
function underWay({ language }: Visit, run: ImportRun): Fragment {
  const words = importStrings[language];
  const { progress: far } = run;
  const bar = far
    ? progress({
        language,
        id: 'import-progress',
        label: words.phases[far.phase],
        done: far.phase === 'read' && far.total > 1 ? Math.round((far.done / far.total) * 100) : far.done,
        total: far.phase === 'read' && far.total > 1 ? 100 : far.total,
        note:
          far.phase === 'read' && far.total > 1
            ? words.bytesRead(formatBytes(language, far.done), formatBytes(language, far.total))
            : words.schoolsDone(formatNumber(language, far.done, 0), formatNumber(language, far.total, 0)),
      })
    : progress({ language, id: 'import-progress', label: words.starting, done: 0, note: words.startingText });
  return html`<div id="import-live" data-live="${LIVE_SECONDS}">${card({
    title: run.isRehearsal ? words.rehearsing : words.applying,
    icon: 'refresh',
    body: html`${bar}<p>${run.isRehearsal ? words.changesNothing : words.goesOn}</p>`,
    actions: buttonLink({ label: words.refresh, href: `/school/imports/${run.id}`, icon: 'refresh' }),
  })}</div>`;
}

function ended(visit: Visit, view: RunView): Fragment {
  const { language } = visit;
  const words = importStrings[language];
  const { run } = view;
  if (run.state === 'lost') return notice(visit, 'danger', words.lostTitle, words.lostText);
  if (run.state === 'failed') return notice(visit, 'danger', words.failedTitle, words.failedText);
  if (run.state === 'refused' || run.state === 'guarded') return refusal(visit, view);
  const { counts } = run;
  if (!counts) return nothing;
  const number = (value: number) => formatNumber(language, value, 0);
  const moved = counts.created + counts.changed + counts.suspended;
  return html`${
    run.isRehearsal
      ? nothing
      : notice(visit, 'good', words.doneTitle, moved === 0 ? words.doneNothing : words.doneText)
  }${section({
    title: run.isRehearsal ? words.wouldTitle : words.didTitle,
    body: figures([
      figure({ value: number(counts.created), label: words.created(counts.created) }),
      figure({ value: number(counts.changed), label: words.changedPeople(counts.changed) }),
      figure({
        value: number(counts.suspended),
        label: words.leaving(counts.suspended),
        note: words.leavingNote,
      }),
      figure({ value: number(counts.unchanged), label: words.unchanged(counts.unchanged) }),
      figure({ value: number(counts.refused), label: words.refused(counts.refused) }),
    ]),
  })}${run.isRehearsal && view.mayRun ? nextStep(visit, view, moved) : nothing}${
    view.schools.length === 0
      ? nothing
      : section({ title: words.schoolsTitle, body: schoolTable(visit, view) })
  }${section({ title: words.warningsTitle, body: warningTable(visit, view) })}${disclosure({
    summary: words.contentsTitle,
    body: descriptionList(
      (['schools', 'pupils', 'relatives', 'staff', 'classes', 'groups'] as const).map((kind) => ({
        term: words.contents[kind],
        description: number(counts[kind]),
      })),
    ),
  })}`;
}

/** What follows a rehearsal: applying it, or a second person's word first. */
function nextStep(visit: Visit, view: RunView, moved: number): Fragment {
  const { language } = visit;
  const words = importStrings[language];
  const { run, approvals, isKept } = view;
  if (!isKept) return notice(visit, 'information', words.goneTitle, words.fileGone);
  if (moved === 0) return notice(visit, 'information', words.sameTitle, words.sameText);
  const apply = form({
    action: `/school/imports/${run.id}/apply`,
    fields: visit.fields(),
    label: words.apply,
    body: button({ label: words.apply, icon: 'check' }),
  });
  if (run.guarded.length === 0)
    return card({
      title: words.applyTitle,
      icon: 'circle-check',
      body: html`<p>${words.applyText}</p>`,
      actions: apply,
    });
  const open = (row: ApprovalRow) => row.verdict === null && row.expires_at > visit.now;
  const good = (row: ApprovalRow) =>
    row.verdict === 'confirmed' && row.used_at === null && row.expires_at > visit.now;
  const isConfirmed = run.guarded.every(({ digest }) =>
    approvals.some((row) => row.subject === digest && good(row)),
  );
  const lines = html`<ul>${run.guarded.map(
    ({ known, departures, holders, roleEndings, links, linkEndings }) =>
      html`<li>${words.guardDepartures(departures, known)}</li><li>${words.guardRoles(roleEndings, holders)}</li><li>${words.guardLinks(linkEndings, links)}</li>`,
  )}</ul>`;
  if (isConfirmed)
    return card({
      title: words.confirmedTitle,
      icon: 'circle-check',
      body: html`<p>${words.confirmedText}</p>${lines}`,
      actions: apply,
    });
  if (approvals.some(open))
    return card({
      title: words.waitingTitle,
      icon: 'clock',
      body: html`<p>${words.waitingText}</p>${lines}`,
      actions: buttonLink({ label: words.toApprovals, href: '/approvals' }),
    });
  const wasRefused = approvals[0]?.verdict === 'refused';
  return card({
    title: words.guardTitle,
    icon: 'alert-triangle',
    note: wasRefused ? words.guardRefused : words.guardText,
    body: html`${lines}${form({
      action: `/school/imports/${run.id}/ask`,
      fields: visit.fields(),
      label: words.ask,
      body: [
        textField({
          language,
          name: 'reason',
          label: words.reason,
          hint: words.reasonHint,
          maxLength: 300,
          autocomplete: 'off',
          ...errorsOf(view, 'reason'),
        }),
        button({ label: words.ask, icon: 'send' }),
      ],
    })}`,
  });
}

function errorsOf({ errors }: RunView, name: string) {
  const found = errors.find((each) => each.name === name);
  return found === undefined ? {} : { error: found.message };
}

function refusal(visit: Visit, { run }: RunView): Fragment {
  const { language } = visit;
  const words = importStrings[language];
  const code = run.refusal?.code ?? '';
  const known: Readonly<Record<string, string | undefined>> = words.refusals;
  const lines = run.refusal?.lines ?? [];
  return html`${notice(visit, 'warning', words.refusedTitle, known[code] ?? words.refusedText)}${
    known[code] === undefined || lines.length > 0
      ? disclosure({
          summary: words.details,
          open: lines.length > 0,
          body:
            lines.length > 0
              ? html`<ul lang="en">${lines.map((line) => html`<li>${line}</li>`)}</ul>`
              : html`<p lang="en">${run.refusal?.message ?? ''}</p>`,
        })
      : nothing
  }`;
}

function notice(
  { language }: Visit,
  kind: 'good' | 'information' | 'warning' | 'danger',
  title: string,
  text: string,
): Fragment {
  return flashMessage({ kind, title, text }, language);
}

function schoolTable({ language }: Visit, { schools }: RunView): Fragment {
  const words = importStrings[language];
  const number = (value: number) => formatNumber(language, value, 0);
  return dataTable({
    language,
    caption: words.schoolsTitle,
    captionHidden: true,
    rows: schools,
    columns: [
      { title: words.school, names: true, cell: ({ name }) => name ?? words.newSchool },
      { title: words.newPeople, numeric: true, cell: ({ counts }) => number(counts.people_created) },
      { title: words.rolesEnded, numeric: true, cell: ({ counts }) => number(counts.roles_ended) },
      {
        title: words.classChanges,
        numeric: true,
        cell: ({ counts }) => number(counts.memberships_opened + counts.memberships_ended),
      },
      {
        title: words.teachingChanges,
        numeric: true,
        cell: ({ counts }) => number(counts.teaching_opened + counts.teaching_ended),
      },
      {
        title: words.linkChanges,
        numeric: true,
        cell: ({ counts }) => number(counts.links_opened + counts.links_ended),
      },
    ],
  });
}

function warningTable({ language }: Visit, { run, isWhole }: RunView): Fragment {
  const words = importStrings[language];
  if (run.warnings.length === 0) return html`<p class="muted">${words.noWarning}</p>`;
  const kinds: Readonly<Record<string, string | undefined>> = words.kinds;
  return dataTable<ImportWarning>({
    language,
    caption: words.warningsTitle,
    captionHidden: true,
    rows: run.warnings.toSorted((a, b) => b.count - a.count),
    columns: [
      {
        title: words.what,
        names: true,
        cell: ({ kind }) =>
          kind === 'local_change_contradicted'
            ? html`${kinds[kind] ?? kind} <a href="/school/classes">${words.seeClasses}</a>`
            : (kinds[kind] ?? kind),
      },
      { title: words.times, numeric: true, cell: ({ count }) => formatNumber(language, count, 0) },
      // the keys are of people of every school: those who follow one school see how many, not who
      ...(isWhole
        ? [
            {
              title: words.examples,
              cell: ({ sample }: ImportWarning) => html`<code>${sample.slice(0, 5).join(', ')}</code>`,
            },
          ]
        : []),
    ],
  });
}

function about({ language }: Visit, { run, startedBy }: RunView): Fragment {
  const words = importStrings[language];
  return descriptionList([
    { term: words.state, description: stateBadge(language, run) },
    { term: words.by, description: startedBy ?? words.commandLine },
    { term: words.startedAt, description: formatDateTime(language, run.startedAt) },
    ...(run.finishedAt
      ? [{ term: words.finishedAt, description: formatDateTime(language, run.finishedAt) }]
      : []),
    ...(run.guarded.length > 0
      ? [{ term: words.guard, description: badge(words.guardStopped, 'warning', 'alert-triangle') }]
      : []),
    ...(run.digest
      ? [{ term: words.digest, description: html`<code>${run.digest.slice(0, 16)}…</code>` }]
      : []),
  ]);
}
