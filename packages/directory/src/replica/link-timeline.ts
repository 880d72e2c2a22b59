import type { ChildFact } from '@socle/authorization';

/** What is believed of one adult and one child, about a time. */
export interface BelievedLink {
  readonly kind: ChildFact['kind'];
  readonly exercise: ChildFact['exercise'];
  /** Decided by the school: wins over what the feed says. */
  readonly isLocal: boolean;
  readonly from: Date;
  readonly to: Date | undefined;
}

type HeldLink = Omit<ChildFact, 'child' | 'schools' | 'divisions'>;

/**
 * The links of one adult and one child from `at` on, one after the other: at each instant that which holds then, as
 * `directory.links_in_force` picks it. A local decision wins, else what began last; nothing holds from majority on.
 * What holds already has no start.
 */
export function buildLinkTimeline(
  believed: readonly BelievedLink[],
  majorityAt: Date | undefined,
  at: Date,
): readonly HeldLink[] {
  const start = at.getTime();
  const end = majorityAt?.getTime() ?? Infinity;
  const bounds = new Set([start]);
  for (const link of believed) {
    if (link.from.getTime() > start) bounds.add(link.from.getTime());
    if (link.to !== undefined && link.to.getTime() > start) bounds.add(link.to.getTime());
  }
  const instants = [...bounds].filter((instant) => instant < end).sort((one, other) => one - other);
  const timeline: { link: BelievedLink; from: number; to: number }[] = [];
  for (const [index, instant] of instants.entries()) {
    const link = findHeld(believed, instant);
    if (link === undefined) continue;
    const to = Math.min(instants[index + 1] ?? Infinity, end);
    const last = timeline.at(-1);
    if (last !== undefined && last.link === link && last.to === instant) last.to = to;
    else timeline.push({ link, from: instant, to });
  }
  return timeline.map(({ link, from, to }) => ({
    kind: link.kind,
    exercise: link.exercise,
    ...(from > start ? { from: new Date(from) } : {}),
    ...(to < Infinity ? { to: new Date(to) } : {}),
  }));
}

function findHeld(believed: readonly BelievedLink[], instant: number): BelievedLink | undefined {
  let held: BelievedLink | undefined;
  for (const link of believed) {
    if (link.from.getTime() > instant || (link.to !== undefined && link.to.getTime() <= instant)) continue;
    if (
      held === undefined ||
      (link.isLocal && !held.isLocal) ||
      (link.isLocal === held.isLocal && link.from > held.from)
    )
      held = link;
  }
  return held;
}
