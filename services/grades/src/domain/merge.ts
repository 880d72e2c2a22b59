import { isSameMark, type Mark } from './mark.ts';

/** What one pupil's cell held when the page was drawn, what came back, and what is stored now. */
export interface CellChange {
  readonly pupil: string;
  readonly baseVersion: number;
  readonly base: Mark | undefined;
  readonly typed: Mark | undefined;
  readonly currentVersion: number;
  readonly current: Mark | undefined;
}

/** What to do with a cell: nothing, write it over `currentVersion`, or ask which of two to keep. */
export type CellOutcome = 'unchanged' | 'write' | 'conflict';

/**
 * The three-way rule of a mark sheet that two tabs or two teachers edit: what I did not touch never conflicts,
 * what we both set alike neither, and what both changed differently is for a person to settle.
 */
export function mergeCell(change: CellChange): CellOutcome {
  if (isSameMark(change.typed, change.base)) return 'unchanged';
  if (isSameMark(change.typed, change.current)) return 'unchanged';
  return change.baseVersion === change.currentVersion ? 'write' : 'conflict';
}
