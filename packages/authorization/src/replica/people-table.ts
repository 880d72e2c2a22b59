import { invariant } from '@socle/base';

/**
 * Numbers people, and holds where the facts of each stand. One open table: the number of an id is its place, so that
 * finding a person and where their facts are touches one line of memory.
 */
export interface PeopleTable {
  readonly size: number;
  /** Numbers are below this; not every one is somebody's. */
  readonly capacity: number;
  /** Bytes of its arrays. */
  readonly bytes: number;
  /**
   * Makes room for so many more ids.
   *
   * @returns the new number of each old one when people had to be numbered anew, undefined otherwise.
   */
  reserve(more: number): Uint32Array | undefined;
  /** The number of an id, which gets one when it has none. @throws InvariantViolation when it is no UUID, or no room is left. */
  number(id: string): number;
  /** The number of an id; -1 when it has none. */
  find(id: string): number;
  /** The id of a number, in lower case. */
  read(number: number): string;
  /** Where the facts of a person start. */
  start(number: number): number;
  /** What the caller packed about a person, as a signed integer; 0 until it was set. */
  head(number: number): number;
  /** Sets the start and the head of a person. */
  point(number: number, start: number, head: number): void;
}

const DASH = 45;
/** Words of a record: four of the id, the start, the head. */
const STRIDE = 6;
/** Of the places, at most so many are taken: beyond, finding one takes many steps. */
const FULL = 0.8;
/** The two digits of each byte. */
const BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** The value of each character; negative for what is no digit of an id. */
const DIGITS = Int8Array.from({ length: 2 ** 16 }, (_, code) =>
  code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : -1,
);

/** Opens an empty table with room for `expected` ids. */
export function openPeopleTable(expected: number): PeopleTable {
  let capacity = Math.ceil(Math.max(16, expected) / FULL);
  // Signed, as is all that is compared with them: numbers beyond 2^31 would each be a thing on the heap.
  let records = new Int32Array(capacity * STRIDE);
  let size = 0;
  const parsed = new Int32Array(4);

  /** Reads an id into four words. False when it is none; the one of zeros is what an empty place holds. */
  const parse = (id: string): boolean => {
    if (id.length !== 36) return false;
    let wrong = 0;
    let word = 0;
    let at = 0;
    for (let digit = 0; digit < 32; digit += 1) {
      if (at === 8 || at === 13 || at === 18 || at === 23) {
        if (id.charCodeAt(at) !== DASH) return false;
        at += 1;
      }
      const value = DIGITS[id.charCodeAt(at)]!;
      wrong |= value;
      word = (word << 4) | value;
      at += 1;
      if ((digit & 7) === 7) parsed[digit >> 3] = word;
    }
    return wrong >= 0 && (parsed[0]! | parsed[1]! | parsed[2]! | parsed[3]!) !== 0;
  };
  /** The place of the parsed id: where it stands, or the empty one where it belongs. */
  const findPlace = (): number => {
    const [a, b, c, d] = [parsed[0]!, parsed[1]!, parsed[2]!, parsed[3]!];
    // The first words of UUIDv7 are a clock: the last two are what spreads.
    let mixed = Math.imul(c ^ Math.imul(a, 31), 0x9e3779b1) ^ Math.imul(d ^ b, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0x297a2d39);
    let place = Math.floor(((mixed ^ (mixed >>> 16)) >>> 0) * (capacity / 2 ** 32));
    for (;;) {
      const at = place * STRIDE;
      const [ra, rb, rc, rd] = [records[at]!, records[at + 1]!, records[at + 2]!, records[at + 3]!];
      if ((ra === a && rb === b && rc === c && rd === d) || (ra | rb | rc | rd) === 0) return place;
      place = place + 1 === capacity ? 0 : place + 1;
    }
  };
  const isEmpty = (place: number): boolean => {
    const at = place * STRIDE;
    return (records[at]! | records[at + 1]! | records[at + 2]! | records[at + 3]!) === 0;
  };
  const high = (word: number): string => BYTES[word >>> 24]! + BYTES[(word >>> 16) & 255]!;
  const low = (word: number): string => BYTES[(word >>> 8) & 255]! + BYTES[word & 255]!;

  return {
    get size() {
      return size;
    },
    get capacity() {
      return capacity;
    },
    get bytes() {
      return records.byteLength;
    },
    reserve(more) {
      if (size + more <= capacity * FULL) return undefined;
      const [old, places] = [records, capacity];
      capacity = Math.ceil(((size + more) * 1.1) / FULL);
      records = new Int32Array(capacity * STRIDE);
      const numbers = new Uint32Array(places);
      for (let place = 0; place < places; place += 1) {
        const at = place * STRIDE;
        parsed.set(old.subarray(at, at + 4));
        if ((parsed[0]! | parsed[1]! | parsed[2]! | parsed[3]!) === 0) continue;
        numbers[place] = findPlace();
        records.set(old.subarray(at, at + STRIDE), numbers[place]! * STRIDE);
      }
      return numbers;
    },
    number(id) {
      invariant(parse(id), 'an id is not a UUID in lower case');
      const place = findPlace();
      if (!isEmpty(place)) return place;
      invariant(size + 1 < capacity, 'no room was made for more people');
      records.set(parsed, place * STRIDE);
      size += 1;
      return place;
    },
    find(id) {
      if (!parse(id)) return -1;
      const place = findPlace();
      return isEmpty(place) ? -1 : place;
    },
    read(number) {
      const at = number * STRIDE;
      const [ra, rb, rc, rd] = [records[at]!, records[at + 1]!, records[at + 2]!, records[at + 3]!];
      return `${high(ra)}${low(ra)}-${high(rb)}-${low(rb)}-${high(rc)}-${low(rc)}${high(rd)}${low(rd)}`;
    },
    start: (number) => records[number * STRIDE + 4]! >>> 0,
    head: (number) => records[number * STRIDE + 5]!,
    point(number, start, head) {
      records[number * STRIDE + 4] = start;
      records[number * STRIDE + 5] = head;
    },
  };
}
