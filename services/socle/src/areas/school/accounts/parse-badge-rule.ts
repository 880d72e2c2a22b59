import { isIPv4, isIPv6 } from 'node:net';
import type { BadgeRule } from '@socle/identity';

/** What was typed in the form of a school's badge rule. */
export interface TypedBadgeRule {
  readonly isLimited: boolean;
  readonly opensAt: string;
  readonly closesAt: string;
  readonly days: readonly string[];
  /** One address or block a line. */
  readonly networks: string;
}

/** The field that is wrong, and the line of networks where one is. */
export type BadgeRuleProblem =
  | { readonly field: 'opens-at' }
  | { readonly field: 'day' }
  | { readonly field: 'networks'; readonly line?: string };

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const MOST_NETWORKS = 40;
/** Wider blocks are no school's. */
const WIDEST = { v4: 8, v6: 16 } as const;

/** The rule that was typed (undefined in `rule`: badges open always), or everything that is wrong with it. */
export function parseBadgeRule(
  typed: TypedBadgeRule,
  timeZone: string,
): { readonly rule: BadgeRule | undefined } | { readonly problems: readonly BadgeRuleProblem[] } {
  if (!typed.isLimited) return { rule: undefined };
  const problems: BadgeRuleProblem[] = [];
  const { opensAt, closesAt } = typed;
  if (!TIME.test(opensAt) || !TIME.test(closesAt) || opensAt >= closesAt)
    problems.push({ field: 'opens-at' });
  const weekdays = [1, 2, 3, 4, 5, 6, 7].filter((day) => typed.days.includes(String(day)));
  if (weekdays.length === 0) problems.push({ field: 'day' });
  const networks = typed.networks
    .split(/[\s,;]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const wrong = networks.find((line) => !isNetwork(line));
  if (wrong !== undefined) problems.push({ field: 'networks', line: wrong.slice(0, 60) });
  else if (networks.length > MOST_NETWORKS) problems.push({ field: 'networks' });
  if (problems.length > 0) return { problems };
  return { rule: { timeZone, opensAt, closesAt, weekdays, networks } };
}

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  if (rest.length > 0 || address.includes('%')) return false;
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : 0;
  if (bits === 0) return false;
  if (prefix === undefined) return true;
  const length = /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
  return length >= (bits === 32 ? WIDEST.v4 : WIDEST.v6) && length <= bits;
}
