import { importAaf } from '@socle/directory';
import { openTestDirectory, SAMPLE, writeFeedSample, type TestDirectory } from '@socle/directory/testing';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Entry {
  readonly name: string;
  readonly bytes: Buffer;
  /** Unix mode with its type; default a plain file. */
  readonly mode?: number;
  /** In a tar: the type's letter. */
  readonly type?: string;
}

/** A zip written by hand (APPNOTE 6.3.10 §4.3), so that it can say what no tool writes. */
function zip(entries: readonly Entry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, mode = 0o100644 } of entries) {
    const packed = deflateRawSync(bytes);
    const title = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(title.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, title, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, tail, title]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** A ustar archive under gzip (POSIX.1-2017 pax §ustar). */
function tgz(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ name, bytes, type = '0' }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write('0000644\0' + '0000000\0' + '0000000\0', 100);
    header.write(`${bytes.length.toString(8).padStart(11, '0')} `, 124);
    header.write('00000000000 ', 136);
    header.write('        ', 148);
    header.write(type, 156);
    if (type !== '0') header.write('/etc/passwd', 157);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

describe.each([
  ['zip', zip],
  ['tgz', tgz],
] as const)('T-DIR-12 a .%s made to exhaust the server or to write outside', (kind, pack) => {
  let directory: TestDirectory;
  let feed: Entry[];
  beforeAll(async () => {
    directory = await openTestDirectory();
    await writeFeedSample(directory.folder, SAMPLE);
    const names = await readdir(directory.folder);
    feed = await Promise.all(
      names.map(async (name) => ({ name, bytes: await readFile(path.join(directory.folder, name)) })),
    );
  });
  afterAll(() => directory.close());

  const run = async (bytes: Buffer) => {
    const source = path.join(directory.folder, `feed.${kind}`);
    await writeFile(source, bytes);
    const { database, audit, clock } = directory;
    return importAaf({ source, database, audit, clock });
  };
  const people = async () =>
    (await directory.admin.query<{ n: number }>('SELECT count(*)::int AS n FROM directory.people'))[0]!.n;
  const pupils = 'ENT2DVA-TEST_Complet_20260901_Eleve_0009.xml';

  it.each([
    ['a name that climbs out', { name: `../${pupils}` }],
    ['a name that climbs out from inside', { name: `feed/../../${pupils}` }],
    ['an absolute name', { name: `/tmp/${pupils}` }],
    ['a link', { name: pupils, mode: 0o120777, type: '2' }],
    ['a link with another name', { name: 'notes.txt', mode: 0o120777, type: '2' }],
    ['an XML file that is not of a feed', { name: 'web.xml' }],
    ['a file twice', { name: 'ENT2DVA-TEST_Complet_20260901_Eleve_0000.xml' }],
  ])('refuses %s', async (_, entry) => {
    const bytes = 'type' in entry && kind === 'tgz' ? Buffer.alloc(0) : Buffer.from('<x/>');
    await expect(run(pack([...feed, { bytes, ...entry }]))).rejects.toMatchObject({
      code: 'feed_archive_invalid',
    });
    expect(await people()).toBe(0);
    expect(existsSync(`/tmp/${pupils}`)).toBe(false);
  });

  it('refuses a bomb before it is unpacked', async () => {
    const bomb = Buffer.alloc(160 * 1024 ** 2, ' ');
    await expect(run(pack([...feed, { name: pupils, bytes: bomb }]))).rejects.toMatchObject({
      code: 'feed_archive_too_large',
    });
    expect(await people()).toBe(0);
  });

  it('refuses one with too many entries', async () => {
    const empty = Buffer.alloc(0);
    const many = Array.from({ length: 20_001 }, (_, index) => ({ name: `n${index}.txt`, bytes: empty }));
    await expect(run(pack(many))).rejects.toMatchObject({ code: 'feed_archive_too_large' });
  });

  it('refuses one that is cut short, and one that is no archive', async () => {
    const whole = pack(feed);
    for (const bytes of [whole.subarray(0, whole.length >> 1), Buffer.from('Nom;Prénom\n'), Buffer.alloc(0)])
      await expect(run(bytes)).rejects.toMatchObject({ code: 'feed_archive_invalid' });
    expect(await people()).toBe(0);
  });

  it('imports an honest one, at its top or in one folder, beside other files', async () => {
    const nested = feed.map((entry) => ({ ...entry, name: `ENT2D/${entry.name}` }));
    const other = { name: 'ENT2D/ficAlimMENESR.dtd', bytes: Buffer.from('<!ELEMENT value (#PCDATA)>') };
    expect((await run(pack([...nested, other]))).created).toBe(9);
    expect(await people()).toBe(9);
    expect(await run(pack(feed))).toMatchObject({ created: 0, changed: 0 });
  });
});
