import type { SignInStep } from './step.ts';

/** Says how strongly the person proved who they are. A password alone, in this release (RFC 8176 for `amr`). */
export const acrStep: SignInStep = async (attempt) => {
  attempt.acr = 'password';
  attempt.amr = ['pwd'];
  return undefined;
};
