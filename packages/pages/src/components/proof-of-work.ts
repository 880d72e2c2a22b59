import { html, type Fragment } from '../html.ts';

/** A calculation that a form has to bring along, made by the browser while the person types. */
export interface ProofOfWorkOptions {
  /** Name of the field with the challenge; the solution is in `<name>-solution`. */
  readonly name: string;
  readonly challenge: string;
  /** 64 hexadecimal digits, hashed with the number of the part and the number that is searched. */
  readonly seed: string;
  readonly parts: number;
  /** Zero bits with which each hash has to begin. */
  readonly zeroBits: number;
  /** Address of `proof-of-work-worker.js`; empty where nothing is calculated, and the sentence about waiting stands. */
  readonly worker: string;
  /** Said when the form was sent before the calculation was done, and when it is. */
  readonly working: string;
  readonly done: string;
  /** Shown where the browser does not calculate: how long to wait instead. */
  readonly wait: string;
}

/**
 * The fields of a proof of work, inside a form. The page needs `contentSecurityPolicy({ worker: true })`. Without JavaScript
 * the sentence about waiting stands there; that the wait is kept is the server's affair.
 */
export function proofOfWork(options: ProofOfWorkOptions): Fragment {
  const { name, seed, parts, zeroBits, worker, working, done } = options;
  return html`<div class="work" data-work-seed="${seed}" data-work-parts="${String(parts)}" data-work-zero-bits="${String(zeroBits)}" data-work-worker="${worker}" data-work-working="${working}" data-work-done="${done}"><input type="hidden" name="${name}" value="${options.challenge}"><input type="hidden" name="${name}-solution" value="" data-work-solution><p class="field-hint" role="status"></p><p class="field-hint" data-work-wait>${options.wait}</p></div>`;
}
