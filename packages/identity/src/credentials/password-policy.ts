import type { Guess } from './guessability.ts';

/** Why a password may not be chosen. */
export type PasswordProblem =
  | 'too_short'
  | 'too_long'
  /** On the list of leaked passwords, or among the most common ones. */
  | 'leaked'
  /** Made of the names of the person, their school or town. */
  | 'personal'
  | 'guessable';

/** Who chooses: what their password may not be made of, and how long it must be. */
export interface PasswordRules {
  /** Names of the person, of their schools and towns, the login. */
  readonly words: readonly string[];
  /** Characters. Default 12; 8 for pupils. */
  readonly minLength?: number;
  /** Base-10 logarithm of the guesses it must be worth. Default 8; 6 for pupils. */
  readonly minGuessesLog10?: number;
}

/** Length, leaked passwords, names, guessability: no composition rules, no expiry (NIST SP 800-63B-4 §3.1.1.2). */
export interface PasswordPolicy {
  check(password: string, rules: PasswordRules): Promise<PasswordProblem | undefined>;
}

const MAX_PASSWORD_CHARACTERS = 128;
const DEFAULT_MIN_LENGTH = 12;
const DEFAULT_MIN_GUESSES_LOG10 = 8;
/** What must be left once the names are taken out. */
const LEAST_UNLIKE_NAMES = 6;
const LEAST_NAME_LENGTH = 3;

export function openPasswordPolicy(options: {
  readonly estimate: (password: string, personal: readonly string[]) => Promise<Guess>;
  readonly isLeaked: (password: string) => Promise<boolean>;
}): PasswordPolicy {
  return {
    async check(given, rules) {
      const password = given.normalize('NFC');
      // A text far too long is not even walked.
      if (password.length > MAX_PASSWORD_CHARACTERS * 2) return 'too_long';
      const length = Array.from(password).length;
      if (length > MAX_PASSWORD_CHARACTERS) return 'too_long';
      if (length < (rules.minLength ?? DEFAULT_MIN_LENGTH)) return 'too_short';
      if (await options.isLeaked(password)) return 'leaked';
      const names = splitNames(rules.words);
      if (isMadeOfNames(fold(password), names)) return 'personal';
      const guess = await options.estimate(password, names);
      if (guess.isCommon) return 'leaked';
      return guess.guessesLog10 < (rules.minGuessesLog10 ?? DEFAULT_MIN_GUESSES_LOG10)
        ? 'guessable'
        : undefined;
    },
  };
}

/** Names as single words, in the form in which they are compared, longest first. */
function splitNames(words: readonly string[]): string[] {
  const parts = words.flatMap((word) => [word, ...word.split(/[^\p{L}\p{N}]+/u)]).map(fold);
  return [...new Set(parts)]
    .filter((part) => part.length >= LEAST_NAME_LENGTH)
    .toSorted((a, b) => b.length - a.length);
}

function isMadeOfNames(folded: string, names: readonly string[]): boolean {
  const left = names.reduce((text, name) => text.replaceAll(name, ''), folded);
  return left !== folded && left.length < LEAST_UNLIKE_NAMES;
}

/** Lower case, accents off, what is neither letter nor figure left out. */
function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
