import type { PersonId } from '@socle/base';
import type { ImportRun, PersonCard } from '@socle/directory';
import {
  badge,
  button,
  dataTable,
  disclosure,
  emptyState,
  errorSummary,
  fileField,
  form,
  formatDateTime,
  html,
  nothing,
  radioGroup,
  section,
  selectField,
  textField,
  type BadgeTone,
  type FieldError,
  type Fragment,
} from '@socle/pages';
import type { AreaPage, Visit } from '../../visit.ts';
import type { ImportPlaces } from './places.ts';
import { importStrings } from './strings.ts';

interface ListView {
  readonly places: ImportPlaces;
  readonly runs: readonly ImportRun[];
  readonly names: ReadonlyMap<PersonId, PersonCard>;
  readonly errors: readonly FieldError[];
  readonly fields: Readonly<Record<string, string>>;
}

/** Past imports, newest first; above them, for those who may, bringing a feed in. */
export function renderImports(visit: Visit, view: ListView): AreaPage {
  const { language } = visit;
  const words = importStrings[language];
  const { places, runs, errors } = view;
  return {
    title: words.title,
    lead: words.lead,
    ...(errors.length > 0 ? { status: 422 } : {}),
    body: html`${
      places.runs.length === 0
        ? nothing
        : html`${errorSummary(errors, language)}${disclosure({
            summary: words.bringTitle,
            open: errors.length > 0 || runs.length === 0,
            body: uploadForm(visit, view),
          })}`
    }${section({
      title: words.pastTitle,
      body:
        runs.length === 0
          ? emptyState({ icon: 'inbox', title: words.noneTitle, text: words.noneText })
          : runTable(visit, view),
    })}`,
  };
}

function runTable({ language }: Visit, { runs, names }: ListView): Fragment {
  const words = importStrings[language];
  return dataTable<ImportRun>({
    language,
    caption: words.pastTitle,
    captionHidden: true,
    rows: runs,
    columns: [
      {
        title: words.when,
        names: true,
        cell: (run) =>
          html`<a href="/school/imports/${run.id}">${formatDateTime(language, run.startedAt)}</a>`,
      },
      { title: words.state, cell: (run) => stateBadge(language, run) },
      {
        title: words.feed,
        cell: (run) => html`${words.formats[run.format]}<br><span class="muted">${run.fileName}</span>`,
      },
      {
        title: words.by,
        cell: ({ startedBy }) =>
          (startedBy.kind === 'person' && names.get(startedBy.id as PersonId)?.displayName) ||
          words.commandLine,
      },
      {
        title: words.changed,
        numeric: true,
        cell: ({ counts }) =>
          counts === undefined ? '–' : String(counts.created + counts.changed + counts.suspended),
      },
      {
        title: words.warnings,
        numeric: true,
        cell: ({ warnings }) => String(warnings.reduce((sum, { count }) => sum + count, 0)),
      },
    ],
  });
}

const TONES = {
  running: 'accent',
  done: 'good',
  refused: 'warning',
  guarded: 'warning',
  failed: 'danger',
  lost: 'danger',
} as const satisfies Record<ImportRun['state'], BadgeTone>;

/** How a run stands, in words; a rehearsal says that it changed nothing. */
export function stateBadge(language: Visit['language'], run: ImportRun): Fragment {
  const words = importStrings[language];
  return run.isRehearsal && run.state === 'done'
    ? badge(words.rehearsed, 'neutral', 'eye')
    : badge(words.states[run.state], TONES[run.state]);
}

function uploadForm(visit: Visit, { places, errors, fields }: ListView): Fragment {
  const { language } = visit;
  const words = importStrings[language];
  const error = (name: string) => {
    const found = errors.find((each) => each.name === name);
    return found === undefined ? {} : { error: found.message };
  };
  // the file stands last: it is read only once the other fields are judged
  return form({
    action: '/school/imports/rehearse',
    fields: visit.fields(places.runs.length === 1 ? { academy: places.runs[0]!.id } : {}),
    files: true,
    label: words.bringTitle,
    body: [
      html`<p>${words.bringText}</p>`,
      places.runs.length === 1
        ? nothing
        : selectField({
            language,
            name: 'academy',
            label: words.academy,
            width: 'medium',
            choices: places.runs.map(({ id, name }) => ({ value: id, label: name })),
            ...(fields['academy'] === undefined ? {} : { value: fields['academy'] }),
          }),
      radioGroup({
        language,
        name: 'format',
        label: words.format,
        value: fields['format'] ?? 'aaf',
        ...error('format'),
        choices: (['aaf', 'csv', 'oneroster'] as const).map((each) => ({
          value: each,
          label: words.formats[each],
          hint: words.formatHints[each],
        })),
      }),
      textField({
        language,
        name: 'source',
        label: words.source,
        hint: words.sourceHint,
        optional: true,
        maxLength: 31,
        autocomplete: 'off',
        spellcheck: false,
        width: 'medium',
        ...(fields['source'] === undefined ? {} : { value: fields['source'] }),
        ...error('source'),
      }),
      html`<p><a href="/school/imports/template.csv">${words.template}</a></p>`,
      fileField({
        language,
        name: 'file',
        label: words.file,
        accept: '.zip,.tgz,.gz,.csv,.txt',
        ...error('file'),
      }),
      button({ label: words.rehearse, icon: 'eye' }),
    ],
  });
}
