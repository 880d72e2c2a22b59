import type { DivisionMembers, Tx } from '@socle/client';
import type { Assessment } from '../domain/assessment.ts';
import type { Mark } from '../domain/mark.ts';
import { loadMarks, type StoredMark } from '../store/mark-store.ts';

/** One line of a sheet. */
export interface SheetLine {
  readonly pupil: string;
  /** Undefined for a pupil who has left the class: the directory no longer names them here. */
  readonly name: string | undefined;
  readonly stored: StoredMark | undefined;
}

/** An assessment with a line for each pupil. */
export interface Sheet {
  readonly assessment: Assessment;
  readonly lines: readonly SheetLine[];
}

/** The pupils of the class in order, with their marks; then those who left and have one. */
export async function loadSheet(tx: Tx, assessment: Assessment, members: DivisionMembers): Promise<Sheet> {
  const marks = await loadMarks(tx, assessment.id);
  const here = new Set(members.pupils.map(({ sub }) => sub));
  const left = [...marks.values()].filter((stored) => !here.has(stored.pupil) && stored.mark);
  return {
    assessment,
    lines: [
      ...members.pupils.map(({ sub, displayName }) => ({
        pupil: sub,
        name: displayName,
        stored: marks.get(sub),
      })),
      ...left.map((stored) => ({ pupil: stored.pupil, name: undefined, stored })),
    ],
  };
}

/** The marks of a sheet, one a line. */
export function listMarks(sheet: Sheet): (Mark | undefined)[] {
  return sheet.lines.map((line) => line.stored?.mark);
}
