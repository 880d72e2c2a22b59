import { mixInteger, type Random } from './random.ts';

const UAI_LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';
const INE_LETTERS = 'ABCDEFGHJK';

/**
 * The UAI (national school number) for a number of at most seven digits: the control letter is the remainder
 * by 23 over an alphabet without I, O, Q.
 */
export function buildUai(number: number): string {
  return String(number).padStart(7, '0') + UAI_LETTERS[number % 23]!;
}

/** A national pupil number in the RNIE's shape (nine digits, two letters), different for each index below 10⁹. */
export function buildIne(index: number): string {
  // 387 420 489 is 3¹⁸, coprime with 10⁹: multiplying by it permutes the nine-digit numbers.
  const digits = Number((BigInt(index) * 387_420_489n + 120_034_561n) % 1_000_000_000n);
  const mixed = mixInteger(index);
  return `${String(digits).padStart(9, '0')}${INE_LETTERS[mixed % 10]!}${INE_LETTERS[(mixed >>> 8) % 10]!}`;
}

/** A calendar day as AAF writes it, dd/MM/yyyy. */
export function formatDay(year: number, month: number, day: number): string {
  return `${String(day).padStart(2, '0')}/${String(month).padStart(2, '0')}/${year}`;
}

/** A day of the year, never the 29th or later, so that every month has it. */
export function drawDay(random: Random, year: number): string {
  return formatDay(year, 1 + random.below(12), 1 + random.below(28));
}

/** The calendar year in which the school year of `date` began: it begins in August. UTC. */
export function schoolYearOf(date: Date): number {
  return date.getUTCMonth() >= 7 ? date.getUTCFullYear() : date.getUTCFullYear() - 1;
}
