import { newId, type PersonId } from '@socle/base';
import {
  buildCsvTemplate,
  loadImportRuns,
  loadPersonCards,
  loadSchools,
  type ImportRun,
  type ImportRunId,
} from '@socle/directory';
import type { FieldError } from '@socle/pages';
import { askForForce, confirmedBySecond } from '../../../imports/force-approval.ts';
import { dropUpload, findUpload, keepUpload } from '../../../imports/kept-uploads.ts';
import { startImport } from '../../../imports/start-import.ts';
import type { AreaAnswer, AreaRoutes } from '../../area.ts';
import type { Upload } from '../../receive-upload.ts';
import type { Visit } from '../../visit.ts';
import { renderImports } from './list-page.ts';
import { requireImportPlaces, requireRun, requireRuns, type ImportPlaces } from './places.ts';
import { renderRun, type RunView } from './run-page.ts';
import { importStrings } from './strings.ts';

const PATH = '/school/imports';
const LISTED = 50;
/** An academy's complete feed is larger: it comes by the command line, at night. */
const MAX_UPLOAD_BYTES = 512 * 1024 ** 2;
const SOURCE = /^[a-z][a-z0-9_]{0,30}$/;
const LONGEST_REASON = 300;
const ENDINGS = { aaf: /\.(zip|tgz|tar\.gz)$/i, csv: /\.(csv|txt)$/i, oneroster: /\.(zip|tgz|tar\.gz)$/i };

/** `/school/imports`: what feeds brought, how far one is, and bringing one in, rehearsed before it is applied. */
export function importRoutes({ get, post, upload }: AreaRoutes): void {
  get(PATH, (visit) => list(visit, { errors: [], fields: {} }));

  get(`${PATH}/template.csv`, async (visit) => {
    await requireRuns(visit);
    return visit.reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="annuaire.csv"')
      .send(buildCsvTemplate());
  });

  get(`${PATH}/:run`, async (visit) => {
    const { run, places } = await requireRun(visit);
    return visit.page(renderRun(visit, await loadView(visit, run, places)));
  });

  upload(`${PATH}/rehearse`, { maxBytes: MAX_UPLOAD_BYTES, admit: requireRuns }, rehearse);

  post(`${PATH}/:run/ask`, async (visit, fields) => {
    const { run, places } = await requireRehearsal(visit);
    const reason = (fields['reason'] ?? '').trim().slice(0, LONGEST_REASON);
    const words = importStrings[visit.language];
    if (reason.length < 3) {
      const view = await loadView(visit, run, places);
      const errors = [{ name: 'reason', message: words.reasonMissing }];
      return visit.page(renderRun(visit, { ...view, errors }));
    }
    const { socle, session } = visit;
    await socle.database.transaction(
      async (tx) => {
        for (const feed of run.guarded)
          await askForForce(tx, socle, feed, { reason, by: { kind: 'person', id: session.personId } });
      },
      { scope: 'all' },
    );
    return visit.redirect(`${PATH}/${run.id}`, { kind: 'good', title: words.asked, text: words.askedText });
  });

  post(`${PATH}/:run/apply`, async (visit) => {
    const { run, places } = await requireRehearsal(visit);
    const { socle, session } = visit;
    const words = importStrings[visit.language];
    const kept = await findUpload(socle.config, run.id);
    const academy = places.runs.find(({ id }) => id === run.academy);
    if (kept === undefined || academy === undefined)
      return visit.redirect(PATH, { kind: 'danger', title: words.fileGone });
    const id = startImport(socle, {
      format: run.format,
      file: kept.file,
      academy: academy.code,
      ...(run.format === 'aaf' ? {} : { source: kept.source }),
      startedBy: session.personId,
      isRehearsal: false,
      force: confirmedBySecond(socle, { kind: 'person', id: session.personId }),
      onApplied: () => dropUpload(socle.config, run.id),
    });
    return visit.redirect(`${PATH}/${id}`);
  });
}

async function list(
  visit: Visit,
  typed: { readonly errors: readonly FieldError[]; readonly fields: Readonly<Record<string, string>> },
): Promise<AreaAnswer> {
  const places = await requireImportPlaces(visit);
  const { runs, names } = await visit.socle.database.transaction(
    async (tx) => {
      const found = await loadImportRuns(
        tx,
        { academies: places.academies.map(({ id }) => id), startedBy: visit.session.personId },
        { at: visit.now, limit: LISTED },
      );
      const people = found.flatMap(({ startedBy }) => (startedBy.kind === 'person' ? [startedBy.id] : []));
      return {
        // a rehearsal is its author's business, and that of those who may do the same
        runs: found.filter((run) => !run.isRehearsal || places.runs.some(({ id }) => id === run.academy)),
        names: await loadPersonCards(tx, [...new Set(people)] as PersonId[], visit.now),
      };
    },
    { scope: 'all', readOnly: true },
  );
  return visit.page(renderImports(visit, { places, runs, names, ...typed }));
}

async function rehearse(visit: Visit, { fields, file, isTooLarge }: Upload): Promise<AreaAnswer> {
  const { socle, session, now } = visit;
  const words = importStrings[visit.language];
  const places = await requireRuns(visit);
  const academy = places.runs.find(({ id }) => id === fields['academy']) ?? places.runs[0]!;
  const format = (['aaf', 'csv', 'oneroster'] as const).find((each) => each === fields['format']);
  const source = (fields['source'] ?? '').trim();
  const errors = [
    ...(format ? [] : [{ name: 'format', message: words.formatMissing }]),
    ...(format && format !== 'aaf' && source !== '' && !SOURCE.test(source)
      ? [{ name: 'source', message: words.sourceWrong }]
      : []),
    ...(file
      ? []
      : [{ name: 'file', message: isTooLarge ? words.fileTooLarge(MAX_UPLOAD_BYTES) : words.fileMissing }]),
    ...(file && format && !ENDINGS[format].test(file.name)
      ? [{ name: 'file', message: words.fileWrong[format] }]
      : []),
  ];
  if (errors.length > 0 || !file || !format) return list(visit, { errors, fields });
  const id = newId<ImportRunId>(now);
  // the source is kept with the file, so that what is applied is what was rehearsed
  const named = { ...file, source: format === 'aaf' || source === '' ? format : source };
  const kept = await keepUpload(socle.config, id, named, now);
  startImport(socle, {
    id,
    format,
    file: kept,
    academy: academy.code,
    ...(format === 'aaf' ? {} : { source: named.source }),
    startedBy: session.personId,
    isRehearsal: true,
  });
  return visit.redirect(`${PATH}/${id}`);
}

/** A rehearsal that is done, of an academy whose feeds the visitor brings in. @throws ServiceError `access_denied` (403). */
async function requireRehearsal(visit: Visit) {
  const { run, places } = await requireRun(visit);
  await visit.requireMay('directory.import.run', {
    type: 'directory.import',
    ...(run.academy ? { academy: run.academy } : {}),
  });
  return { run, places };
}

async function loadView(visit: Visit, run: ImportRun, places: ImportPlaces): Promise<RunView> {
  const { socle, facts, session, now } = visit;
  const isWhole = run.academy === undefined || places.whole.has(run.academy);
  const shown = run.schools.filter(({ school }) => isWhole || places.schools.has(school));
  const mayRun = places.runs.some(({ id }) => id === run.academy);
  return socle.database.transaction(
    async (tx) => {
      const cards =
        run.startedBy.kind === 'person'
          ? await loadPersonCards(tx, [run.startedBy.id as PersonId], now)
          : new Map();
      const ids = shown.map(({ school }) => school);
      const schools = ids.length === 0 ? [] : await loadSchools(tx, { ids });
      const approvals = mayRun
        ? (await socle.approvals.listFor(tx, facts, session.acr)).filter(
            ({ subject, asked_by: by }) =>
              by === session.personId && run.guarded.some(({ digest }) => digest === subject),
          )
        : [];
      return {
        run,
        isWhole,
        mayRun,
        startedBy: cards.get(run.startedBy.id as PersonId)?.displayName,
        schools: shown.map(({ school, counts }) => ({
          name: schools.find(({ id }) => id === school)?.name,
          counts,
        })),
        approvals,
        isKept: (await findUpload(socle.config, run.id)) !== undefined,
        errors: [],
      };
    },
    { scope: 'all', readOnly: true },
  );
}
