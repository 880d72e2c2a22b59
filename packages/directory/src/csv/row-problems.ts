import { refuse } from '../errors.ts';

/** What is wrong in a file, by line and column; never what stands there. */
export interface RowProblems {
  /** `advice` says what to write instead. */
  add(line: number, column: string, advice: string): void;
  /** @throws DirectoryError `feed_rows_invalid` when something is wrong. */
  requireNone(): void;
}

const SHOWN = 20;

/** A file with a wrong row is refused whole: without that row, the person in it would count as gone. */
export function openRowProblems(): RowProblems {
  const shown: string[] = [];
  let count = 0;
  return {
    add(line, column, advice) {
      count += 1;
      if (shown.length < SHOWN) shown.push(`line ${line}, column ${column}: ${advice}`);
    },
    requireNone() {
      if (count === 0) return;
      const more = count > shown.length ? ` And ${count - shown.length} more.` : '';
      throw refuse(
        'feed_rows_invalid',
        422,
        `The file was not imported. Correct it and import it again: ${shown.join(' ')}${more}`,
        { problems: count, lines: shown },
      );
    },
  };
}
