import { describe, expect, it } from 'vitest';
import { isUuid, newId, parseId, uuidv7, type PersonId } from './ids.ts';

describe('RFC 9562 §5.7 UUID version 7', () => {
  it('carries the version, the variant and the milliseconds', () => {
    const id = uuidv7(new Date(0x0123_4567_89ab));
    expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(isUuid(id)).toBe(true);
  });

  it('sorts by time', () => {
    const ids = [1, 2, 3].map((ms) => uuidv7(new Date(ms)));
    expect(ids.toSorted()).toEqual(ids);
  });

  it('does not repeat', () => {
    const ids = new Set(Array.from({ length: 10_000 }, () => newId<PersonId>()));
    expect(ids.size).toBe(10_000);
  });

  it('parses a UUID and nothing else', () => {
    const id = uuidv7();
    expect(parseId<PersonId>(id)).toBe(id);
    for (const value of [id.toUpperCase(), `${id} `, '', 7, undefined])
      expect(parseId(value)).toBeUndefined();
  });
});
