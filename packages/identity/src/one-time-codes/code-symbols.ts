import { randomBytes } from 'node:crypto';
import { Secret } from '@socle/base';

// Digits and letters without I, L, O and U (Crockford's base 32): what looks like another symbol is read as that one.
const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LOOKALIKES: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1', U: 'V' };
const CODE_LENGTH = 10;
const GROUP_LENGTH = 5;
// Longer than anybody types, with every separator; the rest is not walked.
const MAX_TYPED_LENGTH = 64;

/** A new code: 10 symbols of 32, 50 random bits, without separators. */
export function inventCode(): Secret {
  const symbols = Array.from(randomBytes(CODE_LENGTH), (byte) => SYMBOLS[byte & 31]);
  return new Secret(symbols.join(''));
}

/** The code as it is printed: two groups of five (`7F3KD-9QX2M`). */
export function formatCode(code: Secret): string {
  const text = code.revealText();
  return `${text.slice(0, GROUP_LENGTH)}-${text.slice(GROUP_LENGTH)}`;
}

/**
 * Reads what somebody typed: any case, spaces, dashes and dots anywhere, O for 0, I and L for 1, U for V.
 * Undefined when that does not make ten symbols.
 */
export function parseCode(typed: string): Secret | undefined {
  if (typed.length > MAX_TYPED_LENGTH) return undefined;
  const bare = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s.\-\u2010-\u2015_]/g, '');
  const symbols = Array.from(bare, (symbol) => LOOKALIKES[symbol] ?? symbol);
  const fits = symbols.length === CODE_LENGTH && symbols.every((symbol) => SYMBOLS.includes(symbol));
  return fits ? new Secret(symbols.join('')) : undefined;
}
