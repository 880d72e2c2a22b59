import { ClientError, type DivisionMembers } from '@socle/client';
import { saveMarks } from '../acts/save-marks.ts';
import { askMark } from '../access/questions.ts';
import type { Assessment } from '../domain/assessment.ts';
import { Refusal } from '../errors.ts';
import { filterAllowed, inSchoolsOf } from '../reading/grades.ts';
import { loadSheet, type Sheet } from '../reading/sheet.ts';
import { parseNotice, type Notice } from '../views/notices.ts';
import { renderConflict } from '../views/conflict.ts';
import { renderEntrySheet } from '../views/entry-sheet.ts';
import { renderOutage } from '../views/outage.ts';
import { renderPublishedSheet } from '../views/published-sheet.ts';
import {
  page,
  readForm,
  readId,
  readQuery,
  redirect,
  requireAllowed,
  runAct,
  type Answer,
  type Exchange,
} from './exchange.ts';
import { requireAssessment, requireMembers } from './find-assessment.ts';
import { parseSheet, type PostedSheet } from './marks-form.ts';

/** `/assessments/:id`: the table where marks are entered; once published, the table where they are read. */
export async function showSheet(exchange: Exchange): Promise<Answer> {
  const assessment = await requireAssessment(exchange, 'grades.assessment.read');
  await requireAllowed(
    exchange,
    askMark('grades.mark.read', assessment, { id: assessment.id }),
    'assessment_denied',
  );
  const members = await requireMembers(exchange, assessment.division);
  return sheetPage(exchange, await readSheet(exchange, assessment, members));
}

/** Saves what was typed; nothing typed is ever lost: problems, conflicts and outages bring it back. */
export async function save(exchange: Exchange): Promise<Answer> {
  const form = readForm(exchange.request);
  const assessment = await requireAssessment(exchange, 'grades.assessment.read');
  const posted = parseSheet(form, assessment.scale);
  const members = await requireMembers(exchange, assessment.division);
  await requireWritable(exchange, assessment, members, posted);
  if (posted.problems.size > 0) {
    const sheet = await readSheet(exchange, assessment, members);
    return sheetPage(exchange, sheet, posted, 422);
  }
  const outcome = await runAct(exchange, (act) =>
    saveMarks(act, { assessment: assessment.id, cells: posted.cells }),
  );
  if (outcome.kind === 'gone') throw new Refusal('not_found');
  if (outcome.kind === 'published') return redirect(`/assessments/${assessment.id}?done=published-meanwhile`);
  if (outcome.conflicts.length > 0) {
    return page(renderConflict(exchange, { assessment, members, ...outcome }), 409);
  }
  if (form.get('then') === 'publish') return redirect(`/assessments/${assessment.id}/publish`);
  return redirect(`/assessments/${assessment.id}?done=saved&count=${outcome.written}`);
}

/** The page for a save that the socle could not decide: it keeps the cells, to be sent again by one button. */
export function keepUnsaved(exchange: Pick<Exchange, 'strings' | 'language' | 'csrf' | 'request'>): Answer {
  const form = readForm(exchange.request);
  const fields = [...form].filter(([name]) => name !== '_csrf');
  const action = `/assessments/${readId(exchange.request, 'id')}/marks`;
  return page(renderOutage(exchange, { action, fields }), 503);
}

/** True for a fault of the socle, after which trying again may work. */
export function isOutage(error: unknown): boolean {
  return error instanceof ClientError && error.status === 503;
}

/** Ensures that every cell is of a pupil of this class, and that the socle lets the reader write each. */
async function requireWritable(
  exchange: Exchange,
  assessment: Assessment,
  members: DivisionMembers,
  posted: PostedSheet,
): Promise<void> {
  const here = new Set(members.pupils.map(({ sub }) => sub));
  const pupils = [...posted.raw.keys()];
  if (pupils.some((pupil) => !here.has(pupil))) throw new Refusal('marks_denied');
  await requireAllowed(
    exchange,
    askMark('grades.mark.write', assessment, { id: assessment.id }),
    'marks_denied',
  );
  if ((await filterWritable(exchange, assessment, pupils)).length < pupils.length)
    throw new Refusal('marks_denied');
}

function filterWritable(
  { grades, reader }: Exchange,
  assessment: Assessment,
  pupils: readonly string[],
): Promise<string[]> {
  return filterAllowed(grades, reader, pupils, (pupil) =>
    askMark('grades.mark.write', assessment, { id: assessment.id, pupil }),
  );
}

function readSheet(exchange: Exchange, assessment: Assessment, members: DivisionMembers): Promise<Sheet> {
  return inSchoolsOf(exchange.grades, exchange.reader, (tx) => loadSheet(tx, assessment, members));
}

async function sheetPage(
  exchange: Exchange,
  sheet: Sheet,
  posted?: PostedSheet,
  status = 200,
): Promise<Answer> {
  const { assessment, lines } = sheet;
  const named = lines.filter((line) => line.name !== undefined).map((line) => line.pupil);
  const writable = new Set(await filterWritable(exchange, assessment, named));
  const notice = findNotice(exchange, sheet);
  const content = { sheet, writable, posted, notice };
  const isDraft = assessment.state === 'draft';
  return page(
    isDraft ? renderEntrySheet(exchange, content) : renderPublishedSheet(exchange, content),
    status,
  );
}

function findNotice({ request }: Exchange, { lines }: Sheet): Notice | undefined {
  const pupil = readQuery(request, 'pupil');
  const name = lines.find((line) => line.pupil === pupil)?.name;
  return parseNotice(readQuery(request, 'done'), readQuery(request, 'count'), name);
}
