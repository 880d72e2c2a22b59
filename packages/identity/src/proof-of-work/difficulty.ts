/** How hard a proof of work is: the number of hashes that it takes on average is 2 to this power. 0: nothing is asked. */
export type WorkBits = 0 | 16 | 18 | 20;

/** Hashed answers that make up one proof: many small searches take much the same time on every try, one large one does not. */
export const WORK_PARTS = 16;

/** What the counters say about one attempt. */
export interface Signs {
  /** Passwords refused by the whole service, and sign-ins that succeeded, both fading by a third every four minutes. */
  readonly refused: number;
  readonly succeeded: number;
  /** Attempts on this login by browsers that never signed in to it, in a day. */
  readonly ofLogin: number;
  /** Failed attempts from the address's block as a part of what it may try: 0 to 1, and more once it is closed. */
  readonly ofAddress: number;
}

type Step = readonly [from: number, bits: WorkBits];

// A morning in which one password in three is mistyped is no attack, however many people come.
const USUAL_REFUSALS_PER_SUCCESS = 0.5;
const BY_SERVICE: readonly Step[] = [
  [10_000, 20],
  [1_500, 18],
  [300, 16],
];
// A login closes for a quarter of an hour after ten: twenty are two closed windows.
const BY_LOGIN: readonly Step[] = [
  [70, 20],
  [40, 18],
  [20, 16],
];
const BY_ADDRESS: readonly Step[] = [
  [0.75, 18],
  [0.5, 16],
];

/** The hardest that one of the signs asks for. */
export function deduceBits(signs: Signs): WorkBits {
  const excess = signs.refused - signs.succeeded * USUAL_REFUSALS_PER_SUCCESS;
  const asked = [
    stepOf(BY_SERVICE, excess),
    stepOf(BY_LOGIN, signs.ofLogin),
    stepOf(BY_ADDRESS, signs.ofAddress),
  ];
  return asked.reduce((hardest, bits) => (bits > hardest ? bits : hardest), 0);
}

/** Seconds after which whoever cannot calculate may send the form without a proof. */
export function waitSecondsOf(bits: WorkBits): number {
  return { 0: 0, 16: 10, 18: 20, 20: 30 }[bits];
}

export function isWorkBits(value: number): value is WorkBits {
  return value === 0 || value === 16 || value === 18 || value === 20;
}

function stepOf(steps: readonly Step[], value: number): WorkBits {
  return steps.find(([from]) => value >= from)?.[1] ?? 0;
}
