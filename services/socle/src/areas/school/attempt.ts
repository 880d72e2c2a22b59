import { isSocleError } from '@socle/base';
import type { Flash } from '@socle/pages';
import type { AreaAnswer } from '../area.ts';
import type { Visit } from '../visit.ts';
import { refusalStrings } from './refusal-strings.ts';

/**
 * Does an act, then leads to `path` with `done`; when the directory refuses it, leads there with what happened and what
 * to do, in the reader's words. Refusals without such words, denials and faults go on to the page for errors.
 */
export async function attempt(
  visit: Visit,
  path: string,
  done: Flash,
  act: () => Promise<unknown>,
): Promise<AreaAnswer> {
  try {
    await act();
  } catch (error) {
    const words: Readonly<Record<string, string | undefined>> = refusalStrings[visit.language];
    const title = isSocleError(error) && error.kind === 'refusal' ? words[error.code] : undefined;
    if (title === undefined) throw error;
    return visit.redirect(path, { kind: 'danger', title });
  }
  return visit.redirect(path, done);
}
