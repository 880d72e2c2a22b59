import { randomToken } from '@socle/base';
import { describe, expect, it } from 'vitest';
import { openUnderSession, sealUnderSession } from './seal.ts';

describe('sealing under a session', () => {
  const id = randomToken();

  it('opens under the same id only', () => {
    const sealed = sealUnderSession(id, 'jeton d’identité');
    expect(openUnderSession(id, sealed)).toBe('jeton d’identité');
    expect(() => openUnderSession(randomToken(), sealed)).toThrow();
  });

  it('gives other bytes each time, and notices any changed one', () => {
    const sealed = sealUnderSession(id, 'x');
    expect(sealUnderSession(id, 'x').equals(sealed)).toBe(false);
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index]! ^= 1;
      expect(() => openUnderSession(id, changed)).toThrow();
    }
    expect(() => openUnderSession(id, sealed.subarray(0, 20))).toThrow();
  });
});
