import { invariant } from '@socle/base';

/** Numbers UUIDs from 0 in the order they come, in 16 bytes each and an index of 4 to 8: no string is kept. */
export interface IdTable {
  readonly size: number;
  /** Bytes of its arrays. */
  readonly bytes: number;
  /** The number of an id, which gets one when it has none. @throws InvariantViolation when it is no UUID. */
  number(id: string): number;
  /** The number of an id; undefined when it has none. */
  find(id: string): number | undefined;
  /** The id of a number, in lower case. */
  read(number: number): string;
}

const DASH = 45;
/** The two digits of each byte. */
const BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Opens an empty table. `capacity` is how many ids are expected: more are taken, at the cost of a copy. */
export function openIdTable(capacity: number): IdTable {
  let words = new Uint32Array(Math.max(16, capacity) * 4);
  let slots = new Uint32Array(2 ** Math.ceil(Math.log2(Math.max(16, capacity) * 1.6)));
  let size = 0;
  const parsed = new Uint32Array(4);

  /** Reads the 32 digits into four words; character codes, as this runs twice for each person and child read. */
  const parse = (id: string): boolean => {
    if (id.length !== 36) return false;
    let word = 0;
    let digits = 0;
    for (let at = 0; at < 36; at += 1) {
      const code = id.charCodeAt(at);
      if (at === 8 || at === 13 || at === 18 || at === 23) {
        if (code !== DASH) return false;
        continue;
      }
      const digit = code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : -1;
      if (digit === -1) return false;
      word = (word << 4) | digit;
      digits += 1;
      if ((digits & 7) === 0) parsed[(digits >>> 3) - 1] = word;
    }
    return true;
  };
  /** The slot of the parsed id: the one that holds it, or the free one where it belongs. */
  const findSlot = (a: number, b: number, c: number, d: number): number => {
    const mask = slots.length - 1;
    // The first words of UUIDv7 are a clock: the last two are what spreads.
    let slot = (Math.imul(c ^ Math.imul(a, 31), 0x9e3779b1) ^ Math.imul(d ^ b, 0x85ebca6b)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & mask;
    for (;;) {
      const held = slots[slot]!;
      if (held === 0) return slot;
      const at = (held - 1) * 4;
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return slot;
      slot = (slot + 1) & mask;
    }
  };
  const grow = (): void => {
    if (size * 4 === words.length) {
      const wider = new Uint32Array(words.length * 2);
      wider.set(words);
      words = wider;
    }
    if (size < slots.length * 0.75) return;
    slots = new Uint32Array(slots.length * 2);
    for (let number = 0; number < size; number += 1) {
      const at = number * 4;
      slots[findSlot(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!)] = number + 1;
    }
  };
  const high = (word: number): string => BYTES[word >>> 24]! + BYTES[(word >>> 16) & 255]!;
  const low = (word: number): string => BYTES[(word >>> 8) & 255]! + BYTES[word & 255]!;

  return {
    get size() {
      return size;
    },
    get bytes() {
      return words.byteLength + slots.byteLength;
    },
    number(id) {
      invariant(parse(id), 'an id is not a UUID in lower case');
      grow();
      const slot = findSlot(parsed[0]!, parsed[1]!, parsed[2]!, parsed[3]!);
      if (slots[slot]! === 0) {
        words.set(parsed, size * 4);
        size += 1;
        slots[slot] = size;
      }
      return slots[slot]! - 1;
    },
    find(id) {
      if (!parse(id)) return undefined;
      const held = slots[findSlot(parsed[0]!, parsed[1]!, parsed[2]!, parsed[3]!)]!;
      return held === 0 ? undefined : held - 1;
    },
    read(number) {
      const at = number * 4;
      const [a, b, c, d] = [words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!];
      return `${high(a)}${low(a)}-${high(b)}-${low(b)}-${high(c)}-${low(c)}${high(d)}${low(d)}`;
    },
  };
}
