import { cp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTestSigner } from '../testing/logs.ts';
import { openTestLog, type TestLog } from '../testing/open-test-log.ts';
import { EXIT_CODES } from './verdict.ts';
import { verifyExport } from './verify-export.ts';

const PUPIL = '018f3c1e-7a00-7000-8000-00000000000b';
const OTHER = '018f3c1e-7a00-7000-8000-00000000000c';

describe('verifyExport', () => {
  let log: TestLog;
  let folder: string;
  let copies = 0;

  beforeAll(async () => {
    log = await openTestLog();
    await log.append({}, { outcome: 'denied', reason: 'rule.3' }, { purpose: 'Suivi « Élise »' }, {}, {});
    folder = await log.export();
  });
  afterAll(() => log.close());

  const trusted = () => ({ vkey: log.signer.verifierKey, witness: log.witnessFile });

  /** A copy of the export with one file changed. */
  async function damage(name: string, change: (bytes: Buffer) => Buffer): Promise<string> {
    copies += 1;
    const copy = log.path(`copy-${copies}`);
    await cp(folder, copy, { recursive: true });
    await writeFile(path.join(copy, name), change(await readFile(path.join(copy, name))));
    return copy;
  }

  const replace = (from: string, to: string) => (bytes: Buffer) => {
    const text = bytes.toString('utf8');
    expect(text).toContain(from);
    return Buffer.from(text.replace(from, to), 'utf8');
  };

  it('says ok when key and witness come from elsewhere', () => {
    expect(verifyExport(folder, trusted())).toMatchObject({
      word: 'ok',
      exitCode: 0,
      size: 5,
      events: 5,
      anchoredSize: 5,
    });
  });

  it('says unanchored without a witness: a rewrite by the key’s holder would look the same', () => {
    expect(verifyExport(folder, { vkey: log.signer.verifierKey })).toMatchObject({
      word: 'unanchored',
      exitCode: 12,
    });
    expect(verifyExport(folder)).toMatchObject({ word: 'unanchored' });
  });

  it('finds every single flipped bit of every file', async () => {
    const names = (await readdir(folder)).sort();
    expect(names).toEqual(['checkpoint', 'events.ndjson', 'leaves.bin', 'manifest.json', 'manifest.sig']);
    let flips = 0;
    const copy = await damage('checkpoint', (bytes) => bytes);
    for (const name of names) {
      const original = await readFile(path.join(folder, name));
      const file = path.join(copy, name);
      // every bit of the small files, every seventh of the large one (7 and 8 are coprime: all bit positions)
      // (all of them with `npm run test:kill-points`)
      const step = name === 'events.ndjson' && process.env['SOCLE_EVERY_BIT'] !== '1' ? 7 : 1;
      for (let bit = 0; bit < original.length * 8; bit += step) {
        const changed = Buffer.from(original);
        changed[bit >> 3]! ^= 1 << (bit & 7);
        writeFileSync(file, changed);
        const { word } = verifyExport(copy, { vkey: log.signer.verifierKey });
        if (!['tampered', 'unverifiable', 'truncated'].includes(word)) {
          expect.fail(`bit ${bit} of ${name}: ${word}`);
        }
        flips += 1;
      }
      await writeFile(file, original);
    }
    expect(flips).toBeGreaterThan(10_000);
    expect(verifyExport(copy, trusted()).word).toBe('ok');
  }, 600_000);

  it('names the first bad event and what was changed', async () => {
    const payload = await damage('events.ndjson', replace('"reason":"rule.3"', '"reason":"rule.4"'));
    expect(verifyExport(payload, trusted())).toMatchObject({
      word: 'tampered',
      leaf: 1,
      finding: expect.stringContaining('payload, salt, class or day'),
    });
    const column = await damage(
      'events.ndjson',
      replace('"outcome":"denied"},"payload"', '"outcome":"success"},"payload"'),
    );
    expect(verifyExport(column, trusted())).toMatchObject({
      word: 'tampered',
      leaf: 1,
      finding: expect.stringContaining('search column "outcome"'),
    });
    const leaf = await damage('leaves.bin', (bytes) => {
      bytes[3 * 32]! ^= 1;
      return bytes;
    });
    expect(verifyExport(leaf, trusted())).toMatchObject({ word: 'tampered', leaf: 3 });
  });

  it('finds events that were dropped, repeated, reordered or added', async () => {
    const lines = (await readFile(path.join(folder, 'events.ndjson'), 'utf8')).trimEnd().split('\n');
    const written = (kept: string[]) => damage('events.ndjson', () => Buffer.from(`${kept.join('\n')}\n`));
    const [a, b, c, d, e] = lines as [string, string, string, string, string];
    expect(verifyExport(await written([a, b, d, e]), trusted())).toMatchObject({ word: 'tampered', leaf: 2 });
    expect(verifyExport(await written([a, b, b, c, d, e]), trusted())).toMatchObject({ word: 'tampered' });
    expect(verifyExport(await written([b, a, c, d, e]), trusted())).toMatchObject({ word: 'tampered' });
    const more = e.replace('"leaf":4', '"leaf":5');
    expect(verifyExport(await written([a, b, c, d, e, more]), trusted())).toMatchObject({
      word: 'tampered',
      leaf: 5,
    });
    expect(verifyExport(await written([a, b, c]), trusted())).toMatchObject({ word: 'truncated', leaf: 3 });
    expect(verifyExport(await damage('leaves.bin', (bytes) => bytes.subarray(0, 96)), trusted()).word).toBe(
      'truncated',
    );
  });

  it('says unverifiable when a file is missing, the format is unknown or the key is not one', async () => {
    for (const name of await readdir(folder)) {
      const copy = await damage(name, (bytes) => bytes);
      await rm(path.join(copy, name));
      expect(verifyExport(copy, trusted())).toMatchObject({ word: 'unverifiable', exitCode: 15, file: name });
    }
    const newer = await damage('manifest.json', replace('socle-audit-export/1', 'socle-audit-export/2'));
    expect(verifyExport(newer, trusted()).word).toBe('unverifiable');
    expect(verifyExport(folder, { vkey: 'nonsense' }).word).toBe('unverifiable');
    expect(verifyExport(folder, { ...trusted(), witness: log.path('none') }).word).toBe('unverifiable');
    await writeFile(log.path('not-a-witness'), 'hello "}\n');
    expect(verifyExport(folder, { ...trusted(), witness: log.path('not-a-witness') }).word).toBe(
      'unverifiable',
    );
    expect(verifyExport(log.path('nowhere'), trusted()).word).toBe('unverifiable');
  });

  it('refuses an export signed by another key', () => {
    expect(verifyExport(folder, { vkey: buildTestSigner().verifierKey })).toMatchObject({ word: 'tampered' });
  });

  it('has a distinct exit code for every word, none of which means usage or unavailability', () => {
    const codes = Object.values(EXIT_CODES);
    expect(new Set(codes).size).toBe(8);
    expect(codes).not.toContain(2);
    expect(codes).not.toContain(3);
  });

  it('does not take checkpoints that the witness received later for a truncation', async () => {
    log.clock.advanceSeconds(60);
    await log.append({});
    expect(verifyExport(folder, trusted())).toMatchObject({ word: 'ok', size: 5 });
    expect(verifyExport(await log.export(), trusted())).toMatchObject({ word: 'ok', events: 7 });
  });

  it('ignores a line of the witness that a crash cut short', async () => {
    const torn = log.path('torn-witness');
    await cp(log.witnessFile, torn);
    await writeFile(torn, '{"at":"2026', { flag: 'a' });
    expect(verifyExport(folder, { ...trusted(), witness: torn }).word).toBe('ok');
    await truncate(torn, 0);
    expect(verifyExport(folder, { ...trusted(), witness: torn }).word).toBe('unanchored');
  });
});

describe('verifyExport of a selection', () => {
  let log: TestLog;
  beforeAll(async () => {
    log = await openTestLog();
    await log.append(
      {},
      { target: { kind: 'sample.thing', id: 'x' } },
      { target: { kind: 'person', id: OTHER } },
    );
    log.clock.advanceSeconds(3_600);
    await log.append({ detail: { pupil: OTHER } }, { controller: 'etranger' });
  });
  afterAll(() => log.close());

  const verify = (folder: string) =>
    verifyExport(folder, { vkey: log.signer.verifierKey, witness: log.witnessFile });

  it('proves the events of one person, wherever they are named, and no others', async () => {
    const folder = await log.export({ person: OTHER });
    expect(verify(folder)).toMatchObject({ word: 'ok', size: 5, events: 2 });
    const text = await readFile(path.join(folder, 'events.ndjson'), 'utf8');
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { leaf: number }).leaf),
    ).toEqual([2, 3]);
    for (const name of await readdir(folder)) {
      expect(await readFile(path.join(folder, name), 'utf8')).not.toContain(OTHER);
    }
  });

  it('gives nothing for a person whom the log never named', async () => {
    const folder = await log.export({ person: '018f3c1e-7a00-7000-8000-0000000000ff' });
    expect(verify(folder)).toMatchObject({ word: 'ok', events: 0 });
  });

  it('keeps to a period and to a scope', async () => {
    const period = await log.export({
      from: new Date('2026-11-23T10:30:00Z'),
      to: new Date('2026-11-23T11:00:00.001Z'),
    });
    // two sample events, and the two exports of the tests above are not sequenced before them
    expect(verify(period).word).toBe('ok');
    const scoped = await log.export({ scope: ['etranger'] });
    expect(verify(scoped)).toMatchObject({ word: 'ok', events: 1 });
  });

  it('finds an event that was taken out of a selection', async () => {
    const folder = await log.export({ person: PUPIL });
    const file = path.join(folder, 'events.ndjson');
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(1);
    await writeFile(file, `${lines.slice(1).join('\n')}\n`);
    expect(verify(folder).word).toBe('truncated');
  });
});
