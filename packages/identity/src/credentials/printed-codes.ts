import { randomInt } from 'node:crypto';
import type { Queryable } from '@socle/db';
import { keyedHash } from '../derived-secrets.ts';
import { formatCode, inventCode, parseCode } from '../one-time-codes/code-symbols.ts';

/** `recovery`: ten codes, any of them. `grid`: forty cells, of which the sign-in names the next one. */
export type PrintedKind = 'recovery' | 'grid';

const RECOVERY_CODES = 10;
const GRID_ROWS = 5;
const GRID_COLUMNS = 'ABCDEFGH';
const GRID_DIGITS = 6;

/** Invents a set, in the order of its places. */
export function inventCodes(kind: PrintedKind): string[] {
  if (kind === 'grid') {
    const cells = GRID_ROWS * GRID_COLUMNS.length;
    return Array.from({ length: cells }, () =>
      String(randomInt(10 ** GRID_DIGITS)).padStart(GRID_DIGITS, '0'),
    );
  }
  return Array.from({ length: RECOVERY_CODES }, () => formatCode(inventCode()));
}

/** The name of a cell of the grid, as it is printed: `A1` to `H5`. */
export function nameCell(place: number): string {
  return `${GRID_COLUMNS[place % GRID_COLUMNS.length] ?? ''}${Math.floor(place / GRID_COLUMNS.length) + 1}`;
}

/** The codes of a grid as its rows. */
export function gridRows(codes: readonly string[]): string[][] {
  return Array.from({ length: GRID_ROWS }, (_, row) =>
    codes.slice(row * GRID_COLUMNS.length, (row + 1) * GRID_COLUMNS.length),
  );
}

/** Puts a new set in the place of the former one. */
export async function savePrintedCodes(
  db: Queryable,
  key: Buffer,
  set: { accountId: string; kind: PrintedKind; codes: readonly string[]; now: Date },
): Promise<void> {
  const { accountId, kind, codes, now } = set;
  await deletePrintedCodes(db, accountId, kind);
  await db.query(
    `INSERT INTO identity.printed_codes (account_id, kind, place, digest, made_at)
     SELECT $1, $2, place - 1, digest, $4 FROM unnest($3::bytea[]) WITH ORDINALITY AS c (digest, place)`,
    [accountId, kind, codes.map((code) => digestOf(key, accountId, kind, code)), now],
  );
}

export async function deletePrintedCodes(
  db: Queryable,
  accountId: string,
  kind: PrintedKind,
): Promise<boolean> {
  const rows = await db.query(
    'DELETE FROM identity.printed_codes WHERE account_id = $1 AND kind = $2 RETURNING 1',
    [accountId, kind],
  );
  return rows.length > 0;
}

/**
 * Uses a code: any unused one of the recovery codes, or that of the grid's next cell. The update is the race's only
 * judge: of equal codes at the same time one is accepted.
 */
export async function usePrintedCode(
  db: Queryable,
  key: Buffer,
  use: { accountId: string; kind: PrintedKind; code: string; now: Date },
): Promise<boolean> {
  const { accountId, kind, code, now } = use;
  const rows = await db.query(
    `UPDATE identity.printed_codes AS p SET used_at = $4
      WHERE account_id = $1 AND kind = $2 AND digest = $3 AND used_at IS NULL
        AND (kind = 'recovery' OR place = (SELECT min(place) FROM identity.printed_codes
              WHERE account_id = $1 AND kind = $2 AND used_at IS NULL))
      RETURNING 1`,
    [accountId, kind, digestOf(key, accountId, kind, code), now],
  );
  return rows.length === 1;
}

function digestOf(key: Buffer, accountId: string, kind: PrintedKind, code: string): Buffer {
  return keyedHash(key, 'printed-code', accountId, kind, fold(kind, code));
}

/** As it is typed: spaces do not matter; in a recovery code, neither do case and what looks alike. */
function fold(kind: PrintedKind, code: string): string {
  return kind === 'recovery' ? (parseCode(code)?.revealText() ?? '') : code.replace(/\s/g, '');
}
