import type { PersonId } from '@socle/base';
import type { FactorList } from '../credentials/factor-summary.ts';
import { deduceAcr, isAtLeast } from '../acr.ts';
import type { FactorNeed, ProvenAttempt, SignInTools } from './step.ts';

/**
 * What this attempt needs besides what was proven. People who have a second factor are always asked for it; those
 * whose roles, or whose service, demand one set it up before going on.
 */
export async function findFactorNeed(attempt: ProvenAttempt, tools: SignInTools): Promise<FactorNeed> {
  // Several prompts ask on one page.
  attempt.factorNeed ??= await loadFactorNeed(attempt, tools);
  return attempt.factorNeed;
}

async function loadFactorNeed(attempt: ProvenAttempt, tools: SignInTools): Promise<FactorNeed> {
  const acr = deduceAcr(attempt.amr);
  if (isAtLeast(acr, 'factor') || acr === 'badge') return { needed: false, has: {} };
  const has = await tools.factors.list(attempt.account.id);
  return { has, needed: hasCodes(has) || (await isDemanded(attempt, tools)) };
}

/**
 * Whether a code is always asked for. A passkey may be on another device than the one at hand, and recovery codes stand
 * in for what was lost: neither of them makes a second factor asked for.
 */
function hasCodes({ totp, grid }: FactorList): boolean {
  return totp !== undefined || (grid?.left ?? 0) > 0;
}

/** Whether there is something to answer with. */
export function canAnswer(has: FactorList): boolean {
  return hasCodes(has) || (has.passkeys ?? 0) > 0;
}

async function isDemanded(attempt: ProvenAttempt, tools: SignInTools): Promise<boolean> {
  const { wantedAcr, acrIsEssential } = attempt.pending;
  if (acrIsEssential && wantedAcr && isAtLeast(wantedAcr, 'factor')) return true;
  const demand = (await tools.people.findFactorDemand?.(attempt.account.person_id as PersonId)) ?? 'never';
  return demand === 'always' || (demand === 'short-password' && attempt.notes.includes('short-password'));
}
