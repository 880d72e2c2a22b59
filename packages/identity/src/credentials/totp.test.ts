import { describe, expect, it } from 'vitest';
import {
  buildTotpCode,
  buildTotpUri,
  decodeTotpSecret,
  findTotpStep,
  newTotpSecret,
  showTotpSecret,
} from './totp.ts';

// RFC 6238 appendix B, SHA-1: the last six digits of its eight.
const RFC_SECRET = Buffer.from('12345678901234567890', 'ascii');
const RFC_VECTORS = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
] as const;

const at = (seconds: number) => new Date(seconds * 1000);

describe('RFC 6238 time-based codes', () => {
  it.each(RFC_VECTORS)('knows the code of second %d (appendix B)', (seconds, code) => {
    expect(findTotpStep(RFC_SECRET, code, at(seconds))).toBe(Math.floor(seconds / 30));
    expect(buildTotpCode(showTotpSecret(RFC_SECRET).replaceAll(' ', ''), at(seconds))).toBe(code);
  });

  it('takes the code of one step before and one step after, and no other (§5.2)', () => {
    const step = Math.floor(1_234_567_890 / 30);
    for (const drift of [-1, 0, 1]) {
      expect(findTotpStep(RFC_SECRET, '005924', at((step + drift) * 30))).toBe(step);
    }
    for (const drift of [-2, 2]) {
      expect(findTotpStep(RFC_SECRET, '005924', at((step + drift) * 30))).toBeUndefined();
    }
  });

  it('reads six digits, spaces aside, and nothing else', () => {
    expect(findTotpStep(RFC_SECRET, ' 005 924 ', at(1_234_567_890))).toBeDefined();
    for (const text of ['', '5924', '0059240', '00592a', '００５９２４', '-05924', '1e5924']) {
      expect(findTotpStep(RFC_SECRET, text, at(1_234_567_890))).toBeUndefined();
    }
  });

  it('makes secrets of 160 bits that applications read', () => {
    const secret = newTotpSecret();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(decodeTotpSecret(secret)).toHaveLength(20);
    expect(newTotpSecret()).not.toBe(secret);
    expect(showTotpSecret(decodeTotpSecret(secret)).replaceAll(' ', '')).toBe(secret);
    const uri = buildTotpUri(decodeTotpSecret(secret), { issuer: 'ent.example', account: 'a.b' });
    expect(uri).toContain(`secret=${secret}`);
    expect(uri).toMatch(/^otpauth:\/\/totp\/ent\.example:a\.b\?/);
  });

  it('refuses a secret that is too short to be one', () => {
    expect(() => decodeTotpSecret('JBSWY3DP')).toThrow();
  });
});
