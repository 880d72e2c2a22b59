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
  /** {@link find}, for an id that was read from binary: its four words, the first byte the highest. */
  findWords(a: number, b: number, c: number, d: number): number;
  /** {@link number}, for an id that was read from binary. */
  numberWords(a: number, b: number, c: number, d: number): number;
  /**
   * Reads many ids ahead: `places` gets the number of each, -1 where there is none. The records come from memory side
   * by side instead of one after the other, which is what finding people at random costs.
   */
  findAll(ids: readonly (string | undefined)[], places: Int32Array): void;
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

/** Four digits of an id as a number; negative when one of them is none. */
function readFour(id: string, at: number): number {
  return (
    (DIGITS[id.charCodeAt(at)]! << 12) |
    (DIGITS[id.charCodeAt(at + 1)]! << 8) |
    (DIGITS[id.charCodeAt(at + 2)]! << 4) |
    DIGITS[id.charCodeAt(at + 3)]!
  );
}

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
    const [a, b] = [readFour(id, 0), readFour(id, 4)];
    const [c, d] = [readFour(id, 9), readFour(id, 14)];
    const [e, f] = [readFour(id, 19), readFour(id, 24)];
    const [g, h] = [readFour(id, 28), readFour(id, 32)];
    if ((a | b | c | d | e | f | g | h) <= 0) return false;
    parsed[0] = (a << 16) | b;
    parsed[1] = (c << 16) | d;
    parsed[2] = (e << 16) | f;
    parsed[3] = (g << 16) | h;
    const [first, second] = [id.charCodeAt(8), id.charCodeAt(13)];
    const [third, fourth] = [id.charCodeAt(18), id.charCodeAt(23)];
    return first === DASH && second === DASH && third === DASH && fourth === DASH;
  };
  /** The first place where the parsed id may stand. */
  const firstPlace = (): number => {
    const [a, b, c, d] = [parsed[0]!, parsed[1]!, parsed[2]!, parsed[3]!];
    // The first words of UUIDv7 are a clock: the last two are what spreads.
    let mixed = Math.imul(c ^ Math.imul(a, 31), 0x9e3779b1) ^ Math.imul(d ^ b, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0x297a2d39);
    return Math.floor(((mixed ^ (mixed >>> 16)) >>> 0) * (capacity / 2 ** 32));
  };
  /** The place of the parsed id, from its first on: where it stands, or the empty one where it belongs. */
  const placeFrom = (first: number): number => {
    const [a, b, c, d] = [parsed[0]!, parsed[1]!, parsed[2]!, parsed[3]!];
    let place = first;
    for (;;) {
      const at = place * STRIDE;
      const [ra, rb, rc, rd] = [records[at]!, records[at + 1]!, records[at + 2]!, records[at + 3]!];
      if ((ra === a && rb === b && rc === c && rd === d) || (ra | rb | rc | rd) === 0) return place;
      place = place + 1 === capacity ? 0 : place + 1;
    }
  };
  const findPlace = (): number => placeFrom(firstPlace());
  /** Words of ids that are read ahead. */
  let ahead = new Int32Array(0);
  /** Takes what was read only to have it near: a reading without use is left out by the compiler. */
  const sink = new Int32Array(1);
  const numberParsed = (): number => {
    const place = findPlace();
    if (!isEmpty(place)) return place;
    invariant(size + 1 < capacity, 'no room was made for more people');
    records.set(parsed, place * STRIDE);
    size += 1;
    return place;
  };
  const findParsed = (): number => {
    const place = findPlace();
    return isEmpty(place) ? -1 : place;
  };
  const setParsed = (a: number, b: number, c: number, d: number): void => {
    parsed[0] = a;
    parsed[1] = b;
    parsed[2] = c;
    parsed[3] = d;
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
      return numberParsed();
    },
    find: (id) => (parse(id) ? findParsed() : -1),
    findWords(a, b, c, d) {
      setParsed(a, b, c, d);
      return findParsed();
    },
    numberWords(a, b, c, d) {
      setParsed(a, b, c, d);
      return numberParsed();
    },
    findAll(ids, places) {
      if (ahead.length < ids.length * 4) ahead = new Int32Array(ids.length * 4);
      for (let index = 0; index < ids.length; index += 1) {
        const id = ids[index];
        const isId = id !== undefined && parse(id);
        places[index] = isId ? firstPlace() : -1;
        if (isId) ahead.set(parsed, index * 4);
      }
      let read = 0;
      for (let index = 0; index < ids.length; index += 1) {
        const at = places[index]! * STRIDE;
        if (at >= 0) read ^= records[at]! ^ records[at + 5]!;
      }
      sink[0] = read;
      for (let index = 0; index < ids.length; index += 1) {
        const place = places[index]!;
        if (place === -1) continue;
        const at = index * 4;
        setParsed(ahead[at]!, ahead[at + 1]!, ahead[at + 2]!, ahead[at + 3]!);
        const found = placeFrom(place);
        places[index] = isEmpty(found) ? -1 : found;
      }
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
