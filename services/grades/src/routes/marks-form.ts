import type { TypedCell } from '../acts/save-marks.ts';
import type { Scale } from '../domain/assessment.ts';
import { parseMark, type MarkProblem } from '../domain/parse-mark.ts';
import { Refusal } from '../errors.ts';

/** A cell as it was typed. */
interface RawCell {
  readonly pupil: string;
  readonly baseVersion: number;
  readonly text: string;
}

/** A sheet as it was sent: cells that can be saved, and those that cannot be read. */
export interface PostedSheet {
  /** As typed, to draw the page again without losing anything. */
  readonly raw: ReadonlyMap<string, RawCell>;
  readonly cells: readonly TypedCell[];
  readonly problems: ReadonlyMap<string, MarkProblem>;
}

const MOST_CELLS = 500;
const MOST_CHARACTERS = 200;

/** The name of a cell's field, and of the version that the page showed for it. */
export const cellField = (pupil: string) => `mark.${pupil}`;
export const versionField = (pupil: string) => `seen.${pupil}`;
/** The choice in a conflict: `mine` or `theirs`. */
export const choiceField = (pupil: string) => `choice.${pupil}`;

/**
 * Reads the cells of a posted sheet. A cell about which the person chose to keep the other's value is left out.
 *
 * @throws Refusal `bad_form` for a cell without its version, or too many of them.
 */
export function parseSheet(form: ReadonlyMap<string, string>, scale: Scale): PostedSheet {
  const raw = new Map<string, RawCell>();
  const cells: TypedCell[] = [];
  const problems = new Map<string, MarkProblem>();
  for (const [name, text] of form) {
    if (!name.startsWith('mark.')) continue;
    const pupil = name.slice('mark.'.length);
    const version = form.get(versionField(pupil)) ?? '';
    if (!/^\d{1,9}$/.test(version) || text.length > MOST_CHARACTERS || raw.size >= MOST_CELLS) {
      throw new Refusal('bad_form');
    }
    if (form.get(choiceField(pupil)) === 'theirs') continue;
    const cell = { pupil, baseVersion: Number(version), text };
    raw.set(pupil, cell);
    const parsed = parseMark(text, scale);
    if (parsed.ok) cells.push({ pupil, baseVersion: cell.baseVersion, typed: parsed.mark });
    else problems.set(pupil, parsed.problem);
  }
  return { raw, cells, problems };
}
