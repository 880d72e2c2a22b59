import { invariant } from '@socle/base';
import { openFactNames, openPackedRows, type FactNames, type FactRows } from './fact-rows.ts';
import {
  ACTIVE,
  countOf,
  COUNTS,
  isMerged,
  isThere,
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
  /** The rows, in the order in which people were added: who came together stands together. Once only. */
  pack(): FactRows;
}

/** Words of a fact on its way: whose it is, what it is about, its second word. */
const STRIDE = 3;
const CHUNK_FACTS = 2 ** 18;

/** Opens a packer with room for so many people. */
export function openFactPacker(people: number): FactPacker {
  const known = openFactNames(people);
  const { table } = known;
  const order = new Uint32Array(people);
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
      table.point(number, 0, packHead(birth, suspended ? SUSPENDED : ACTIVE, 0));
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
      if (filled === chunk.length) {
        chunk = new Uint32Array(CHUNK_FACTS * STRIDE);
        chunks.push(chunk);
        filled = 0;
      }
      chunk[filled] = person;
      chunk[filled + 1] = about;
      chunk[filled + 2] = packFact(kind, detail, window);
      filled += STRIDE;
      facts += 1;
      const head = table.head(person);
      // An entry that was joined to another has none: its rows are those of the other.
      if (isThere(head) && !isMerged(head)) {
        invariant(countOf(head) < COUNTS - 1, 'a person has more facts than have their place');
        table.point(person, 0, head + 1);
      }
    },
    pack() {
      const words = new Uint32Array(Math.ceil(facts * 1.04) * 2 + 32);
      let length = 0;
      for (let index = 0; index < added; index += 1) {
        const number = order[index]!;
        const head = table.head(number);
        if (isMerged(head)) continue;
        table.point(number, length, head);
        length += countOf(head) * 2;
      }
      // Each person's start moves on with each of their facts, and is put back after the last.
      for (const [index, packed] of chunks.entries()) {
        const end = index === chunks.length - 1 ? filled : packed.length;
        for (let at = 0; at < end; at += STRIDE) {
          const person = packed[at]!;
          const head = table.head(person);
          if (isMerged(head) || countOf(head) === 0) continue;
          const start = table.start(person);
          words[start] = packed[at + 1]!;
          words[start + 1] = packed[at + 2]!;
          table.point(person, start + 2, head);
        }
      }
      for (let index = 0; index < added; index += 1) {
        const number = order[index]!;
        const head = table.head(number);
        if (!isMerged(head))
          table.point(number, table.start(number) - countOf(head) * 2, head);
      }
      chunks.length = 0;
      return openPackedRows({ known, words, length, people: added });
    },
  };
}
