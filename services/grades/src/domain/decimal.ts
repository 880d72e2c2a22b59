/** Why a text is not a decimal that a school writes by hand. */
export type DecimalProblem = 'not_a_number' | 'negative' | 'too_precise' | 'too_long';

export type ParsedDecimal =
  | { readonly ok: true; readonly hundredths: number }
  | { readonly ok: false; readonly problem: DecimalProblem };

const DECIMAL = /^(-)?(\d+)(?:[.,](\d+))?$/;
const MOST_CHARACTERS = 12;

/**
 * Reads "12", "12,5" or "12.50" as a whole number of hundredths, exactly: no binary fraction is ever made.
 * Spaces around are ignored and full-width digits are taken; a third decimal is refused unless it is zero.
 */
export function parseDecimal(text: string): ParsedDecimal {
  const plain = text.normalize('NFKC').trim();
  if (plain.length > MOST_CHARACTERS) return { ok: false, problem: 'too_long' };
  const match = DECIMAL.exec(plain);
  if (!match) return { ok: false, problem: 'not_a_number' };
  const [, minus, units = '', decimals = ''] = match;
  const significant = decimals.replace(/0+$/, '');
  if (significant.length > 2) return { ok: false, problem: 'too_precise' };
  const hundredths = Number(units) * 100 + Number(significant.padEnd(2, '0'));
  if (minus && hundredths > 0) return { ok: false, problem: 'negative' };
  return { ok: true, hundredths };
}

/** The languages in which numbers are written. */
export type NumberLanguage = 'fr' | 'en';

/** "12,5" or "12.5": as short as exact. */
export function formatHundredths(hundredths: number, language: NumberLanguage): string {
  return formatFixed(hundredths, language).replace(/[.,]00$|(?<=[.,]\d)0$/, '');
}

/** "12,50" or "12.50": always two decimals, so that columns line up. */
export function formatFixed(hundredths: number, language: NumberLanguage): string {
  const units = Math.trunc(hundredths / 100);
  const decimals = String(hundredths % 100).padStart(2, '0');
  return `${units}${language === 'fr' ? ',' : '.'}${decimals}`;
}

/** The text PostgreSQL takes and gives for a `numeric` with two decimals. */
export function toNumericText(hundredths: number): string {
  return formatFixed(hundredths, 'en');
}

/** `numerator / denominator` rounded half up, for whole numbers that are not negative. */
export function divideRounded(numerator: number, denominator: number): number {
  return Math.floor((2 * numerator + denominator) / (2 * denominator));
}
