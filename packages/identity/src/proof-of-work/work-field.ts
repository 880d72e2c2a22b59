import { proofOfWork, type Fragment, type Language, type PageAssets } from '@socle/pages';
import { seedOf, type WorkChallenge } from './challenge.ts';
import { WORK_PARTS, waitSecondsOf } from './difficulty.ts';
import type { WorkProblem } from './work.ts';
import { WORK_TEXTS } from './work-texts.ts';

/** The part of a form that carries a challenge, and the words for those whose browser solves it and for those whose does not. */
export function workField(options: {
  readonly challenge: WorkChallenge;
  readonly language: Language;
  readonly assets: PageAssets;
}): Fragment {
  const { challenge, language, assets } = options;
  const words = WORK_TEXTS[language];
  return proofOfWork({
    name: 'work',
    challenge: challenge.text,
    seed: seedOf(challenge).toString('hex'),
    parts: WORK_PARTS,
    zeroBits: challenge.bits - Math.log2(WORK_PARTS),
    worker: assets.href('proof-of-work-worker.js'),
    working: words.working,
    done: words.done,
    wait: words.wait(waitSecondsOf(challenge.bits)),
  });
}

/** What is said to whoever was turned away. */
export function workMessage(
  language: Language,
  refusal: { readonly problem: WorkProblem; readonly retryAfterSeconds: number },
): string {
  const words = WORK_TEXTS[language];
  switch (refusal.problem) {
    case 'early':
      return words.early(refusal.retryAfterSeconds);
    case 'crowded':
      return words.crowded(Math.ceil(refusal.retryAfterSeconds / 60));
    default:
      return words.again;
  }
}
