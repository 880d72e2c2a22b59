import { errorSummary, nothing, type Fragment, type Language } from '@socle/pages';
import type { CodeRefusal } from '../sign-in/refusal-reason.ts';
import { TEXTS } from '../texts.ts';

/** Why a page asks for its code again. */
export type CodeProblem = CodeRefusal | { readonly reason: 'missing' };

interface CodeWords {
  readonly missing: string;
  readonly refused: string;
}

/** What stands at the field of a printed code: what is wrong with it, in the page's own words. */
export function codeFieldError(
  problem: CodeProblem | undefined,
  words: CodeWords,
): { readonly error?: string } {
  if (problem?.reason === 'missing') return { error: words.missing };
  return problem?.reason === 'credentials' ? { error: words.refused } : {};
}

/** The summary above a form with a printed code. `words` says in the page's own words what is missing, and that it was refused. */
export function summariseCodeProblem(
  language: Language,
  problem: CodeProblem | undefined,
  words: CodeWords,
): Fragment {
  const t = TEXTS[language];
  switch (problem?.reason) {
    case undefined:
      return nothing;
    case 'missing':
      return errorSummary([{ name: 'code', message: words.missing }], language);
    case 'credentials':
      return errorSummary([{ name: 'code', message: words.refused }], language);
    case 'busy':
      return errorSummary([{ message: t.busy }], language);
    case 'throttled':
      return errorSummary([{ message: t.throttled(Math.ceil(problem.retryAfterSeconds / 60)) }], language);
  }
}
