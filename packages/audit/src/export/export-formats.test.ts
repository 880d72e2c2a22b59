import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ocsfSchema } from '../testing/ocsf-schema.ts';
import { openTestLog, type TestLog } from '../testing/open-test-log.ts';
import { verifyExport } from '../verifier/verify-export.ts';
import { writeField } from './csv.ts';

const NOE = '018f3c1e-7a00-7000-8000-0000000000aa';
/** Before the exports of these tests, which are events too. */
const until = new Date('2026-11-23T10:30:00.000Z');
const TEACHER = '018f3c1e-7a00-7000-8000-0000000000bb';

/** Parses RFC 4180 as strictly as it is written: CRLF ends every record. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  let record: string[] = [];
  let end = 0;
  for (let match = field.exec(text); match; match = field.exec(text)) {
    record.push(match[1] === undefined ? match[2]! : match[1].replaceAll('""', '"'));
    if (match[3] === '\r\n') {
      records.push(record);
      record = [];
    }
    end = field.lastIndex;
  }
  expect(end).toBe(text.length);
  return records;
}

describe('the forms of an export', () => {
  let log: TestLog;
  beforeAll(async () => {
    log = await openTestLog();
    await log.append(
      {},
      {
        actor: { kind: 'person', id: NOE },
        purpose: 'Ma "propre" fiche, relue',
        detail: { codes: ['a', 'b'] },
      },
      {
        actor: { kind: 'person', id: TEACHER },
        target: { kind: 'person', id: NOE },
        purpose: '=HYPERLINK("x")',
      },
      {
        actor: { kind: 'client', id: 'grades', onBehalfOf: TEACHER },
        outcome: 'denied',
        reason: 'GRA-001',
        detail: { pupil: NOE },
      },
      {
        actor: { kind: 'system', id: 'import' },
        target: { kind: 'sample.person', id: NOE },
        outcome: 'error',
      },
    );
    log.clock.advanceSeconds(3_600);
  });
  afterAll(() => log.close());

  const read = (folder: string, name: string) => readFile(`${folder}/${name}`, 'utf8');

  describe('csv', () => {
    it('is RFC 4180 with one record an event, and keeps accents, commas and quotes', async () => {
      const folder = await log.export({ to: until, format: 'csv' });
      const [head, ...records] = parseCsv(await read(folder, 'events.csv'));
      expect(records.length).toBe(5);
      expect(records.every((record) => record.length === head!.length)).toBe(true);
      const cell = (index: number, column: string) => records[index]![head!.indexOf(column)];
      expect(cell(1, 'purpose')).toBe('Ma "propre" fiche, relue');
      expect(cell(1, 'detail')).toBe('{"codes":["a","b"]}');
      expect(cell(3, 'outcome')).toBe('denied');
    });

    it('has no cell that a spreadsheet computes', async () => {
      const folder = await log.export({ to: until, format: 'csv' });
      const cells = parseCsv(await read(folder, 'events.csv')).flat();
      expect(cells).toContain('\'=HYPERLINK("x")');
      expect(cells.filter((cell) => /^[\s]*[=+\-@]/.test(cell))).toEqual([]);
      for (const [given, written] of [
        ['=1+1', "'=1+1"],
        ['+33', "'+33"],
        ['-1', "'-1"],
        ['@SUM(A1)', "'@SUM(A1)"],
        [' =1', "' =1"],
        ['\t=1', "'\t=1"],
        ['\uFF1D1', "'\uFF1D1"],
        ['a"b', '"a""b"'],
        ['\r\nx', '"\'\r\nx"'],
        ['2026-11-23', '2026-11-23'],
      ] as const) {
        expect(writeField(given)).toBe(written);
      }
    });

    it('starts with a byte order mark only when asked', async () => {
      const plain = await readFile(`${await log.export({ to: until, format: 'csv' })}/events.csv`);
      const marked = await readFile(
        `${await log.export({ to: until, format: 'csv', bom: true })}/events.csv`,
      );
      expect(plain.subarray(0, 4).toString('latin1')).toBe('leaf');
      expect(marked.subarray(0, 3).toString('hex')).toBe('efbbbf');
      expect(marked.subarray(3, 7).toString('latin1')).toBe('leaf');
    });

    it('is not taken for a proof, and a changed cell is found by its maker’s signature', async () => {
      const folder = await log.export({ to: until, format: 'csv' });
      const vkey = log.signer.verifierKey;
      expect(verifyExport(folder, { vkey })).toMatchObject({
        word: 'unverifiable',
        finding: expect.stringContaining('only the form ndjson'),
      });
      await writeFile(
        `${folder}/events.csv`,
        (await read(folder, 'events.csv')).replace('denied', 'granted'),
      );
      expect(verifyExport(folder, { vkey })).toMatchObject({ word: 'tampered', file: 'events.csv' });
    });
  });

  describe('ocsf', () => {
    it('is API Activity of OCSF 1.5.0 by its schema, and every required member is demanded', async () => {
      const check = new Ajv2020({ allErrors: true }).compile(ocsfSchema);
      const lines = (await read(await log.export({ to: until, format: 'ocsf' }), 'events.ocsf.ndjson'))
        .trimEnd()
        .split('\n');
      const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(events.length).toBe(5);
      for (const event of events) {
        expect(check(event), JSON.stringify(check.errors)).toBe(true);
        for (const name of ocsfSchema.required)
          expect(check({ ...event, [name]: undefined }), name).toBe(false);
      }
      expect(events[3]).toMatchObject({
        activity_id: 2,
        type_uid: 600302,
        severity_id: 2,
        status_id: 2,
        status_detail: 'GRA-001',
        actor: { app_name: 'grades' },
      });
      expect(events[2]!['src_endpoint']).toEqual({ name: '192.0.2.0/24' });
    });
  });

  describe('a person’s own export', () => {
    const names = { csv: 'events.csv', ocsf: 'events.ocsf.ndjson', ndjson: 'events.ndjson' } as const;

    it('names nobody else, in any form, and says what was done', async () => {
      const rows = await log.test.app.query<{ person_id: string; pseudonym: string }>(
        'SELECT * FROM audit.pseudonyms',
      );
      const own = rows.find((row) => row.person_id === NOE)!.pseudonym;
      const others = rows.filter((row) => row.person_id !== NOE).map((row) => row.pseudonym);
      expect(others.length).toBeGreaterThan(1);
      for (const format of ['csv', 'ocsf', 'ndjson'] as const) {
        const folder = await log.export({ to: until, person: NOE, maskOthers: true, format });
        const text = await read(folder, names[format]);
        expect(text.trimEnd().split(/\r?\n/).length).toBe(format === 'csv' ? 5 : 4);
        expect(text).toContain(own);
        expect(text).toContain('GRA-001');
        expect(text).toContain('Ma ');
        expect(text).not.toContain('HYPERLINK');
        for (const other of others) expect(text).not.toContain(other);
        const unmasked = await read(await log.export({ to: until, person: NOE, format }), names[format]);
        expect(others.some((other) => unmasked.includes(other))).toBe(true);
      }
    });

    it('gives one person one mask within an export, and another in the next', async () => {
      const masksOf = async () => {
        const text = await read(
          await log.export({ to: until, person: NOE, maskOthers: true, format: 'csv' }),
          'events.csv',
        );
        return [...text.matchAll(/masked-[0-9a-f]{12}/g)].map((match) => match[0]);
      };
      const [first, second] = [await masksOf(), await masksOf()];
      expect(first.length).toBe(4); // the teacher as actor and as the one in whose name a client asks; a target twice
      expect(new Set(first).size).toBe(2);
      expect(first[0]).not.toBe(second[0]);
    });

    it('still proves that each event stands in the log, and says that only that is proved', async () => {
      const folder = await log.export({ to: until, person: NOE, maskOthers: true });
      const trusted = { vkey: log.signer.verifierKey, witness: log.witnessFile };
      expect(verifyExport(folder, trusted)).toMatchObject({
        word: 'redacted',
        exitCode: 10,
        events: 4,
        masked: 4,
      });
      const text = await read(folder, 'events.ndjson');
      expect(text).not.toContain('salt');
      await writeFile(`${folder}/events.ndjson`, text.replace('denied', 'granted'));
      expect(verifyExport(folder, trusted)).toMatchObject({ word: 'tampered' });
    });

    it('is found by indexes alone', async () => {
      const plan = await log.test.openAdmin().transaction(async (tx) => {
        await tx.query('SET LOCAL enable_seqscan = off');
        const rows = await tx.query<{ 'QUERY PLAN': string }>(
          `EXPLAIN SELECT id FROM audit.events WHERE actor = 'person:x'
           UNION SELECT id FROM audit.events WHERE target = 'person:x'
           UNION SELECT id FROM audit.events WHERE mentions IS NOT NULL AND mentions @> ARRAY['018f3c1e-7a00-7000-8000-0000000000aa'::uuid]
           UNION SELECT id FROM audit.events WHERE action IN ('audit.event.redacted', 'audit.period.purged')`,
        );
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      });
      expect(plan).toContain('mentions_idx');
      expect(plan).not.toContain('Seq Scan');
    });
  });

  describe('an export that was interrupted', () => {
    it('goes on where it stopped and proves the same; another question is refused', async () => {
      const out = log.path('interrupted');
      const seen: number[] = [];
      const stopping = log.export({
        out,
        pieceSize: 2,
        onProgress: ({ leaf }) => {
          seen.push(leaf);
          if (seen.length === 2) throw new Error('the power went');
        },
      });
      await expect(stopping).rejects.toThrow('the power went');
      expect(await readdir(out)).not.toContain('manifest.json');
      expect(verifyExport(out).word).toBe('unverifiable');
      // what was written after the last state is cut off
      await writeFile(`${out}/events.ndjson`, '{"leaf":4,"torn', { flag: 'a' });
      await expect(log.export({ out })).rejects.toMatchObject({ code: 'audit_export_folder_not_empty' });
      await expect(log.export({ out, resume: true, person: NOE })).rejects.toMatchObject({
        code: 'audit_export_not_resumable',
      });
      await log.append({});
      const rest: number[] = [];
      await log.export({ out, resume: true, pieceSize: 2, onProgress: ({ leaf }) => rest.push(leaf) });
      expect(Math.min(...rest)).toBeGreaterThan(seen.at(-1)!);
      expect((await readdir(out)).sort()).toEqual([
        'checkpoint',
        'events.ndjson',
        'leaves.bin',
        'manifest.json',
        'manifest.sig',
      ]);
      expect(verifyExport(out, { vkey: log.signer.verifierKey, witness: log.witnessFile }).word).toBe('ok');
      await expect(log.export({ out, resume: true })).rejects.toMatchObject({
        code: 'audit_export_not_resumable',
      });
      await rm(out, { recursive: true });
      await expect(log.export({ out, resume: true })).resolves.toBe(out);
    });
  });
});
