import { formatHundredths, parseDecimal, type DecimalProblem, type NumberLanguage } from './decimal.ts';
import type { Scale } from './assessment.ts';
import type { Mark, MarkStatus } from './mark.ts';

/** Why what was typed is not a mark. */
export type MarkProblem = DecimalProblem | 'above_scale';

export type ParsedMark =
  | { readonly ok: true; readonly mark: Mark | undefined }
  | { readonly ok: false; readonly problem: MarkProblem };

const WORDS: ReadonlyMap<string, MarkStatus> = new Map([
  ...['a', 'abs', 'absent', 'absente'].map((word) => [word, 'absent'] as const),
  ...['d', 'disp', 'dispense', 'dispensee', 'exc', 'excused', 'exempt'].map(
    (word) => [word, 'exempt'] as const,
  ),
  ...['n', 'ne', 'nn', 'non evalue', 'non evaluee', 'non note', 'ng', 'not graded'].map(
    (word) => [word, 'not_graded'] as const,
  ),
]);

const SHORT: Readonly<Record<NumberLanguage, Readonly<Record<MarkStatus, string>>>> = {
  fr: { absent: 'abs', exempt: 'disp', not_graded: 'ne' },
  en: { absent: 'abs', exempt: 'exc', not_graded: 'ng' },
};

/**
 * Reads what a teacher types in a cell: a number from 0 to the scale with a comma or a point, or a word for
 * absent ("abs"), excused ("disp") or not graded ("ne"), in French or English, whatever the case and accents.
 * An empty cell is no mark.
 */
export function parseMark(text: string, scale: Scale): ParsedMark {
  const plain = text.normalize('NFKC').trim();
  if (plain === '') return { ok: true, mark: undefined };
  const status = WORDS.get(foldWord(plain));
  if (status) return { ok: true, mark: { kind: 'status', status } };
  const number = parseDecimal(plain);
  if (!number.ok) return number;
  if (number.hundredths > scale * 100) return { ok: false, problem: 'above_scale' };
  return { ok: true, mark: { kind: 'value', hundredths: number.hundredths } };
}

/** The text of a cell for a mark: what `parseMark` reads back as the same mark. */
export function formatMark(mark: Mark | undefined, language: NumberLanguage): string {
  if (mark === undefined) return '';
  return mark.kind === 'value' ? formatHundredths(mark.hundredths, language) : SHORT[language][mark.status];
}

function foldWord(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/\.$/, '')
    .replace(/\s+/g, ' ');
}
