import { invariant } from '@socle/base';
import { openFactNames, openPackedRows, type FactNames, type FactRows } from './fact-rows.ts';
import {
  ACTIVE,
  COUNTS,
  FACT_KINDS,
  isMerged,
  isThere,
  kindOf,
  MERGED,
  packBirthDay,
  packFact,
  packHead,
  SUSPENDED,
} from './fact-words.ts';

/**
 * Puts the facts of a whole territory side by side from rows that come table by table, in no order of people: numbers
 * go in, no object is made for a row. First everybody, then facts in the order of their kinds, then {@link pack}.
 */
export interface FactPacker {
  readonly known: FactNames;
  /** A person, by the number that their id got in `known.table`. `birthDays` are days since 1970. */
  addPerson(number: number, suspended: boolean, birthDays: number | undefined): void;
  /** An entry that was joined to another. */
  addMerged(number: number, into: number): void;
  /** A fact of a person. @throws InvariantViolation when kinds come out of order. */
  addFact(person: number, kind: number, about: number, detail: number, window: number): void;
  /**
   * The rows, in the order in which people were added: who came together stands together. Once only. `pause` is awaited
   * now and then, so that a service can answer meanwhile.
   */
  pack(pause: () => Promise<void>): Promise<PackedTerritory>;
}

interface PackedTerritory {
  readonly rows: FactRows;
  /** Those of whose links several are about one child: which of them holds when is for the caller to say. */
  readonly repeated: readonly string[];
}

/** Words of a fact on its way: the place of whose it is, what it is about, its second word. */
const STRIDE = 3;
const CHUNK_FACTS = 2 ** 18;

/** Opens a packer with room for so many people. */
export function openFactPacker(people: number): FactPacker {
  const known = openFactNames(people);
  const { table } = known;
  // While rows come, the start of a person is their place in the order: who came together is counted, and then packed,
  // side by side, and memory is read along instead of at random.
  const order = new Uint32Array(people);
  const counts = new Uint16Array(people);
  let added = 0;
  let last = 0;
  let facts = 0;
  let chunk = new Uint32Array(0);
  let filled = 0;
  const chunks: Uint32Array[] = [];

  return {
    known,
    addPerson(number, suspended, birthDays) {
      invariant(table.head(number) === 0, 'a person is there twice');
      const birth = birthDays === undefined ? 0 : packBirthDay(birthDays);
      table.point(number, added, packHead(birth, suspended ? SUSPENDED : ACTIVE, 0));
      order[added] = number;
      added += 1;
    },
    addMerged(number, into) {
      invariant(table.head(number) === 0, 'a person is there twice');
      table.point(number, into, packHead(0, MERGED, 0));
      order[added] = number;
      added += 1;
    },
    addFact(person, kind, about, detail, window) {
      invariant(kind >= last, 'facts come in the order of their kinds');
      last = kind;
      const head = table.head(person);
      // An entry that was joined to another has none: its rows are those of the other.
      if (!isThere(head) || isMerged(head)) return;
      if (filled === chunk.length) {
        chunk = new Uint32Array(CHUNK_FACTS * STRIDE);
        chunks.push(chunk);
        filled = 0;
      }
      const place = table.start(person);
      chunk[filled] = place;
      chunk[filled + 1] = about;
      chunk[filled + 2] = packFact(kind, detail, window);
      filled += STRIDE;
      facts += 1;
      invariant(counts[place]! < COUNTS - 1, 'a person has more facts than have their place');
      counts[place]! += 1;
    },
    async pack(pause) {
      const words = new Uint32Array(Math.ceil(facts * 1.04) * 2 + 32);
      const ends = new Uint32Array(added);
      let length = 0;
      for (let place = 0; place < added; place += 1) {
        ends[place] = length;
        length += counts[place]! * 2;
      }
      for (const [index, packed] of chunks.entries()) {
        await pause();
        const end = index === chunks.length - 1 ? filled : packed.length;
        for (let at = 0; at < end; at += STRIDE) {
          const place = packed[at]!;
          const start = ends[place]!;
          words[start] = packed[at + 1]!;
          words[start + 1] = packed[at + 2]!;
          ends[place] = start + 2;
        }
      }
      const repeated: string[] = [];
      for (let place = 0; place < added; place += 1) {
        if (place % CHUNK_FACTS === 0) await pause();
        const number = order[place]!;
        const head = table.head(number);
        if (isMerged(head)) continue;
        const start = ends[place]! - counts[place]! * 2;
        table.point(number, start, head + counts[place]!);
        if (hasRepeatedLink(words, start, ends[place]!)) repeated.push(table.read(number));
      }
      chunks.length = 0;
      return { rows: openPackedRows({ known, words, length, people: added }), repeated };
    },
  };
}

/** Links to children are the last facts of a person. */
function hasRepeatedLink(words: Uint32Array, start: number, end: number): boolean {
  for (let link = end - 2; link >= start && kindOf(words[link + 1]!) === FACT_KINDS.child; link -= 2)
    for (let other = link - 2; other >= start && kindOf(words[other + 1]!) === FACT_KINDS.child; other -= 2)
      if (words[link] === words[other]) return true;
  return false;
}
