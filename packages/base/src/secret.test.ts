import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from './secret.ts';

describe('Secret', () => {
  const secret = new Secret('correct horse');

  it('prints as [redacted] in every way', () => {
    const printed = [
      `${secret as unknown as string}`,
      JSON.stringify({ secret }),
      inspect({ secret }),
      secret.toString(),
    ];
    for (const text of printed) expect(text).toContain('[redacted]');
    expect(printed.join()).not.toContain('horse');
  });

  it('reveals its value to who asks for it, and is equal to the same value only', () => {
    expect(secret.revealText()).toBe('correct horse');
    expect(secret.equals('correct horse')).toBe(true);
    expect(secret.equals(new Secret('correct horsf'))).toBe(false);
    expect(secret.equals('')).toBe(false);
  });
});
