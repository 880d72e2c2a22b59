import type { Mark } from '../domain/mark.ts';
import { mergeCell } from '../domain/merge.ts';
import { advanceRevision, findAssessment } from '../store/assessment-store.ts';
import { loadMarks, loadVersions, writeMark, type StoredMark } from '../store/mark-store.ts';
import { appendEvent, describeState, pupilTarget, type Act } from './act.ts';

/** One cell of the sheet as it came back. */
export interface TypedCell {
  readonly pupil: string;
  /** The version that the page showed; 0 when the cell was empty and had never held anything. */
  readonly baseVersion: number;
  readonly typed: Mark | undefined;
}

/** A cell that two people changed differently. */
export interface CellConflict {
  readonly pupil: string;
  readonly base: Mark | undefined;
  readonly typed: Mark | undefined;
  readonly current: StoredMark;
}

export type SaveOutcome =
  | { readonly kind: 'saved'; readonly written: number; readonly conflicts: readonly CellConflict[] }
  /** It was published meanwhile: marks are corrected one by one, with a reason. */
  | { readonly kind: 'published' }
  | { readonly kind: 'gone' };

/**
 * Saves the cells that their writer changed, each over the version that the page showed, with one event a mark.
 * Cells that someone else changed differently meanwhile are left as they are and given back.
 */
export async function saveMarks(
  act: Act,
  sheet: { readonly assessment: string; readonly cells: readonly TypedCell[] },
): Promise<SaveOutcome> {
  const assessment = await findAssessment(act.tx, sheet.assessment, { lock: true });
  if (!assessment || assessment.deletedAt) return { kind: 'gone' };
  if (assessment.state === 'published') return { kind: 'published' };
  const current = await loadMarks(act.tx, assessment.id);
  const bases = await loadVersions(
    act.tx,
    assessment.id,
    sheet.cells.map((cell) => ({ pupil: cell.pupil, version: cell.baseVersion })),
  );
  const conflicts: CellConflict[] = [];
  let written = 0;
  for (const cell of sheet.cells) {
    const stored = current.get(cell.pupil);
    const base = bases.get(cell.pupil);
    const outcome = mergeCell({
      ...cell,
      base,
      currentVersion: stored?.version ?? 0,
      current: stored?.mark,
    });
    if (outcome === 'unchanged') continue;
    const after =
      outcome === 'write'
        ? await writeMark(act.tx, {
            assessment: assessment.id,
            school: assessment.school,
            pupil: cell.pupil,
            expectedVersion: cell.baseVersion,
            mark: cell.typed,
            by: act.session.sub,
            at: act.at,
          })
        : undefined;
    if (after === undefined) {
      // A base version that never existed (a forged form) is a conflict with an empty cell.
      conflicts.push({ ...cell, base, current: stored ?? emptyCell(cell.pupil, act) });
      continue;
    }
    written += 1;
    await appendEvent(act, {
      action: 'grades.mark.entered',
      target: pupilTarget(cell.pupil),
      school: assessment.school,
      detail: { assessment: assessment.id, version: after.version, state: describeState(after.mark) },
    });
  }
  if (written > 0) await advanceRevision(act.tx, assessment.id);
  return { kind: 'saved', written, conflicts };
}

function emptyCell(pupil: string, act: Act): StoredMark {
  return { pupil, mark: undefined, version: 0, writtenBy: act.session.sub, writtenAt: act.at };
}
