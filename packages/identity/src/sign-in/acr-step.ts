import { deduceAcr } from '../acr.ts';
import type { SignInStep } from './step.ts';

/** Says how strongly the person proved who they are, from everything that was proven. */
export const acrStep: SignInStep = async (attempt) => {
  attempt.acr = deduceAcr(attempt.amr);
  return undefined;
};
