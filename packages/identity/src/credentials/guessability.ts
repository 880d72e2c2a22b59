import { invariant } from '@socle/base';

/** How many guesses a password is worth against somebody who knows the person and has the lists. */
export interface Guess {
  /** Base-10 logarithm of the guesses. */
  readonly guessesLog10: number;
  /** True when the whole password is one entry of the list of the most common ones. */
  readonly isCommon: boolean;
}

/** What follows is not looked at: the estimate of a long text takes seconds, and 40 characters are enough to judge. */
const JUDGED_CHARACTERS = 40;

/**
 * Opens the estimate: zxcvbn with French words, names and keyboards. The dictionaries (some 40 MB) are read when the
 * first password is chosen, not at start.
 */
export function openGuessability(): (password: string, personal: readonly string[]) => Promise<Guess> {
  let loading: Promise<(password: string, personal: string[]) => Guess> | undefined;
  return async (password, personal) => {
    loading ??= load();
    return (await loading)(Array.from(password).slice(0, JUDGED_CHARACTERS).join(''), [...personal]);
  };
}

async function load(): Promise<(password: string, personal: string[]) => Guess> {
  const [{ ZxcvbnFactory }, common, french] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-fr'),
  ]);
  const dictionary = { ...common.dictionary, ...french.dictionary };
  invariant(Object.keys(dictionary).length > 3, 'the dictionaries were found');
  const estimate = new ZxcvbnFactory({ dictionary, graphs: common.adjacencyGraphs });
  return (password, personal) => {
    const { guessesLog10, sequence } = estimate.check(password, personal);
    const isCommon = sequence.length === 1 && sequence[0]?.['dictionaryName'] === 'passwords-common';
    return { guessesLog10, isCommon };
  };
}
