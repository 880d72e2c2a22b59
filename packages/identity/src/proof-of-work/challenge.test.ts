import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildChallenge, isSolved, secondsToWait, seedOf, verifyChallenge } from './challenge.ts';
import { WORK_PARTS, deduceBits } from './difficulty.ts';

const secret = Buffer.alloc(32, 7);
const at = new Date('2026-11-24T08:00:00Z');
const quiet = { refused: 0, succeeded: 0, ofLogin: 0, ofAddress: 0 };

describe('a challenge', () => {
  it('counts for its own sign-in, under its own key, from now until twenty minutes later', () => {
    const { text } = buildChallenge(secret, { uid: 'a', bits: 16, at });
    const later = (seconds: number) => new Date(at.getTime() + seconds * 1000);
    expect(verifyChallenge(secret, { uid: 'a', text, at: later(1_200) })?.bits).toBe(16);
    expect(verifyChallenge(secret, { uid: 'a', text, at: later(1_201) })).toBeUndefined();
    expect(verifyChallenge(secret, { uid: 'a', text, at: later(-1) })).toBeUndefined();
    expect(verifyChallenge(secret, { uid: 'b', text, at })).toBeUndefined();
    expect(verifyChallenge(Buffer.alloc(32, 8), { uid: 'a', text, at })).toBeUndefined();
  });

  it('reads no other text, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        expect(verifyChallenge(secret, { uid: 'a', text, at })).toBeUndefined();
        expect(isSolved(buildChallenge(secret, { uid: 'a', bits: 20, at }), text)).toBe(false);
      }),
    );
  });

  it('is a different one each time, and asks for ten, twenty or thirty seconds of whoever waits', () => {
    const make = (bits: 16 | 18 | 20) => buildChallenge(secret, { uid: 'a', bits, at });
    expect(seedOf(make(16))).not.toEqual(seedOf(make(16)));
    expect([16, 18, 20].map((bits) => secondsToWait(make(bits as 16), at))).toEqual([10, 20, 30]);
    expect(secondsToWait(make(16), new Date(at.getTime() + 9_001))).toBe(1);
    expect(secondsToWait(make(16), new Date(at.getTime() + 10_000))).toBe(0);
  });

  it('is not solved by numbers for other parts', () => {
    const challenge = buildChallenge(secret, { uid: 'a', bits: 16, at });
    expect(isSolved(challenge, Buffer.alloc(WORK_PARTS * 4).toString('base64url'))).toBe(false);
  });
});

describe('the difficulty', () => {
  it('is none until a counter sees an attack, and the hardest that one of them asks for', () => {
    expect(deduceBits(quiet)).toBe(0);
    expect(deduceBits({ ...quiet, refused: 299 })).toBe(0);
    expect(deduceBits({ ...quiet, refused: 300 })).toBe(16);
    expect(deduceBits({ ...quiet, refused: 300, succeeded: 10 })).toBe(0);
    expect(deduceBits({ ...quiet, refused: 1_500 })).toBe(18);
    expect(deduceBits({ ...quiet, refused: 100_000 })).toBe(20);
    expect(deduceBits({ ...quiet, ofLogin: 19 })).toBe(0);
    expect(deduceBits({ ...quiet, ofLogin: 20, ofAddress: 0.8 })).toBe(18);
    expect(deduceBits({ ...quiet, refused: 300, ofLogin: 70 })).toBe(20);
    expect(deduceBits({ ...quiet, ofAddress: 0.49 })).toBe(0);
    expect(deduceBits({ ...quiet, ofAddress: 0.5 })).toBe(16);
  });
});
