import type { WorkChallenge } from '../proof-of-work/challenge.ts';
import type { WorkProblem } from '../proof-of-work/work.ts';

/** Why a code or a password goes no further. The person sees one text for each, whoever they are. */
export type CodeRefusal =
  | { readonly reason: 'credentials' }
  | { readonly reason: 'throttled'; readonly retryAfterSeconds: number }
  | { readonly reason: 'busy'; readonly retryAfterSeconds: number };

/** The same of a password, which may be asked for a proof of work before it is looked at. */
export type SignInRefusal =
  | CodeRefusal
  | {
      readonly reason: 'work';
      readonly problem: WorkProblem;
      readonly challenge: WorkChallenge;
      readonly retryAfterSeconds: number;
    };
