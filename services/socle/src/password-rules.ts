import type { PasswordRules } from '@socle/identity';

/** Least length and guesses of a pupil's password: what it opens is theirs alone, and attempts are counted. */
const PUPIL = { minLength: 8, minGuessesLog10: 6 } as const;

/** What somebody's password may not be made of, and how long it must be. */
export function passwordRulesOf(person: {
  readonly names: readonly (string | undefined)[];
  /** Names of schools, which in France hold the town's or a great person's. */
  readonly places: readonly string[];
  readonly roles: readonly string[];
}): PasswordRules {
  const words = [...person.names, ...person.places].filter((word) => word !== undefined && word !== '');
  const isPupilOnly = person.roles.length > 0 && person.roles.every((role) => role === 'pupil');
  return { words: words as readonly string[], ...(isPupilOnly ? PUPIL : {}) };
}
