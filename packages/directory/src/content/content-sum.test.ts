import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openContentSum } from './content-sum.ts';

const KEY = Buffer.alloc(32, 7);

const record = (id: string, name: string) =>
  `<addRequest>\n<operationalAttributes><attr name="categoriePersonne"><value>Eleve</value></attr></operationalAttributes>
<identifier><id>${id}</id></identifier><attributes><attr name="sn"><value>${name}</value></attr></attributes></addRequest>`;

const file = (
  records: readonly string[],
  { date = '01/09/2026', academy = '99', encoding = 'UTF-8', between = '\n' } = {},
) =>
  `<?xml version="1.0" encoding="${encoding}"?>\n<ficAlimMENESR>\n<!-- codeAcademieExport="${academy}" -->
<!-- dateGenerationExport="${date}" -->\n${records.join(between)}${between}</ficAlimMENESR>\n`;

function sumOf(files: readonly (string | Uint8Array)[], { chunk = 4096, key = KEY, type = 'Eleve' } = {}) {
  const sum = openContentSum(key);
  for (const each of files) {
    const bytes = Buffer.from(each as string);
    // used again for each chunk, as the reader of files does
    const shared = Buffer.alloc(chunk);
    sum.openFile(type);
    for (let at = 0; at < bytes.length; at += chunk) {
      const length = bytes.copy(shared, 0, at, at + chunk);
      sum.write(shared.subarray(0, length));
      shared.fill(0xaa);
    }
    sum.endFile();
  }
  return sum.result();
}

const RECORDS = [record('1', 'Vasseur'), record('2', 'Éloi'), record('3', 'Œuvrard'), record('4', 'Nuñez')];
const REFERENCE = sumOf([file(RECORDS)]);

describe('the sum of what a feed says', () => {
  it('is the same in whatever order, parts, spaces, chunks and dates the records come', () => {
    expect(REFERENCE).toMatchObject({ records: 4, sum: expect.stringMatching(/^[0-9a-f]{64}$/) });
    fc.assert(
      fc.property(
        fc.shuffledSubarray(RECORDS, { minLength: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 700 }),
        fc.constantFrom('', '\n', ' \r\n\t'),
        (records, parts, chunk, between) => {
          const size = Math.ceil(records.length / parts);
          const files = Array.from({ length: Math.ceil(records.length / size) }, (_, n) =>
            file(records.slice(n * size, (n + 1) * size), { date: `${n + 2}/09/2026`, between }),
          );
          expect(sumOf([...files, file([])], { chunk })).toEqual(REFERENCE);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is another for any other byte of a record, a record more, less or twice', () => {
    const text = record('1', 'Vasseur');
    for (let at = '<addRequest>'.length; at < text.length - '</addRequest>'.length; at += 1) {
      const other = `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`;
      const found = sumOf([file([other, ...RECORDS.slice(1)])]);
      expect(found?.sum, `byte ${at}`).not.toBe(REFERENCE!.sum);
    }
    for (const records of [RECORDS.slice(1), [...RECORDS, RECORDS[0]!], [...RECORDS, record('5', 'Petit')]]) {
      const found = sumOf([file(records)]);
      expect(found).toMatchObject({ records: records.length });
      expect(found!.sum).not.toBe(REFERENCE!.sum);
    }
  });

  it('is another for the same records under another type, academy, encoding or secret', () => {
    const others = [
      sumOf([file(RECORDS)], { type: 'PersRelEleve' }),
      sumOf([file(RECORDS, { academy: '98' })]),
      sumOf([file(RECORDS, { encoding: 'ISO-8859-15' })]),
      sumOf([file(RECORDS)], { key: Buffer.alloc(32, 8) }),
    ];
    expect(new Set([REFERENCE, ...others].map((found) => found!.sum)).size).toBe(5);
  });

  it('is none where records cannot be cut with certainty', () => {
    const whole = file(RECORDS);
    const cuts = Array.from({ length: 40 }, (_, n) =>
      whole.slice(0, Math.floor((whole.length - 3) * (n / 40))),
    );
    const unsure = [
      ...cuts,
      file([record('1', 'Vas<!-- </addRequest> -->seur')]),
      file([record('1', '<![CDATA[Vasseur]]>')]),
      file(['<deleteRequest></deleteRequest>', record('2', 'Éloi')]),
      file([record('1', 'Vasseur'), 'stray']),
      file([record('1', 'Vasseur'), '<!-- a word -->', record('2', 'Éloi')]),
      `${whole}<addRequest>`,
      file([record('1', 'x'.repeat(1_100_000))]),
      '<html></html>',
    ];
    for (const [n, each] of unsure.entries()) expect(sumOf([each]), `case ${n}`).toBeUndefined();
  });
});
