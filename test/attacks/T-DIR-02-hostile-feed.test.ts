import { openTestDirectory, SAMPLE, writeFeedSample, type TestDirectory } from '@socle/directory/testing';
import { importAaf } from '@socle/directory';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('T-DIR-02 a feed made to exhaust or to read the server', () => {
  let directory: TestDirectory;
  let file: string;
  let whole: string;
  beforeAll(async () => {
    directory = await openTestDirectory();
    const names = await writeFeedSample(directory.folder, SAMPLE);
    file = path.join(directory.folder, names.get('Eleve')!);
    whole = await readFile(file, 'utf8');
  });
  afterAll(() => directory.close());

  const run = () => {
    const { database, audit, clock, folder } = directory;
    return importAaf({ source: folder, database, audit, clock });
  };
  const withDoctype = (doctype: string, name = 'Zoé') =>
    writeFile(file, whole.replace(/<!DOCTYPE[^>]*>/, doctype).replace('Zoé', name));

  it('refuses nested entities before they are expanded', async () => {
    const bomb = Array.from({ length: 20 }, (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`).join(
      '',
    );
    await withDoctype(`<!DOCTYPE ficAlimMENESR [<!ENTITY a0 "ha">${bomb}]>`, '&a20;');
    await expect(run()).rejects.toMatchObject({ code: 'feed_file_invalid' });
  });

  it('refuses an entity that would read a file, with and without its declaration', async () => {
    await withDoctype('<!DOCTYPE ficAlimMENESR [<!ENTITY x SYSTEM "file:///etc/passwd">]>', '&x;');
    await expect(run()).rejects.toMatchObject({ code: 'feed_file_invalid' });
    await withDoctype('<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">', '&x;');
    await expect(run()).rejects.toMatchObject({ code: 'feed_file_invalid' });
  });

  it('never fetches the DTD, and imports the feed that names one', async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.end('<!ELEMENT ficAlimMENESR ANY>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await withDoctype(`<!DOCTYPE ficAlimMENESR SYSTEM "http://127.0.0.1:${port}/ficAlimMENESR.dtd">`);
    expect((await run()).created).toBe(9);
    expect(asked).toBe(0);
    await new Promise((resolve) => server.close(resolve));
  });
});
