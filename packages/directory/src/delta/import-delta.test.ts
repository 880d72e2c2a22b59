import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importAaf } from '../import/import-aaf.ts';
import { loadPersonFacts } from '../people/load-person-facts.ts';
import { findPerson } from '../people/find-person.ts';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { SAMPLE } from '../testing/write-feed-sample.ts';

const DAY = 24 * 60 * 60;

const modify = (category: string, id: string, attributes: Readonly<Record<string, readonly string[]>>) =>
  `<modifyRequest><operationalAttributes><attr name="categoriePersonne"><value>${category}</value></attr></operationalAttributes>
<identifier><id>${id}</id></identifier><modifications>${Object.entries(attributes)
    .map(
      ([name, values]) =>
        `<modification name="${name}" operation="replace">${values.map((value) => `<value>${value}</value>`).join('') || '<value/>'}</modification>`,
    )
    .join('')}</modifications></modifyRequest>`;
const remove = (category: string, id: string) =>
  `<deleteRequest><operationalAttributes><attr name="categoriePersonne"><value>${category}</value></attr></operationalAttributes>
<identifier><id>${id}</id></identifier></deleteRequest>`;

describe('importAaf of a delta', () => {
  let directory: TestDirectory;
  beforeEach(async () => {
    directory = await openTestDirectory();
  });
  afterEach(() => directory.close());

  let written = 0;
  async function importDelta(day: string, files: Readonly<Record<string, string>>, options: object = {}) {
    written += 1;
    const source = path.join(directory.folder, `delta-${written}`);
    await mkdir(source, { recursive: true });
    for (const [type, body] of Object.entries(files)) {
      await writeFile(
        path.join(source, `ENT2DVA-TEST_Delta_${day}_${type}_0000.xml`),
        `<ficAlimMENESR><!-- codeAcademieExport="99" -->${body}</ficAlimMENESR>`,
      );
    }
    const { database, audit, clock } = directory;
    return importAaf({ source, database, audit, clock, ...options });
  }
  const facts = async (key: string) => {
    const id = await directory.person(key);
    return directory.all((tx) => loadPersonFacts(tx, id, directory.clock.now()));
  };
  const roles = async (key: string) => (await facts(key)).roles.map(({ role }) => role).toSorted();

  it('refuses one before any complete feed', async () => {
    await expect(importDelta('20260902', { Eleve: '' })).rejects.toMatchObject({
      code: 'feed_delta_without_complete',
    });
  });

  it('refuses one of the day of the last feed or before, and one of another week', async () => {
    await directory.importSample(SAMPLE);
    for (const day of ['20260831', '20260901'])
      await expect(importDelta(day, { Eleve: '' })).rejects.toMatchObject({
        code: 'feed_delta_out_of_order',
      });
    await expect(importDelta('20260909', { Eleve: '' })).rejects.toMatchObject({
      code: 'feed_delta_out_of_date',
    });
    directory.clock.advanceSeconds(DAY);
    expect(await importDelta('20260902', { Eleve: '' })).toMatchObject({
      created: 0,
      changed: 0,
      suspended: 0,
    });
    await expect(importDelta('20260902', { PersEducNat: '' })).rejects.toMatchObject({
      code: 'feed_delta_out_of_order',
    });
  });

  it('changes what it names and nothing else', async () => {
    await directory.importSample(SAMPLE);
    directory.clock.advanceSeconds(DAY);
    const before = await facts('1001');
    const result = await importDelta('20260902', { Eleve: modify('Eleve', '1001', { givenName: ['Zoë'] }) });
    expect(result).toMatchObject({ pupils: 1, created: 0, changed: 1, suspended: 0, refused: 0 });
    const after = await facts('1001');
    expect({ ...after, revision: 0 }).toEqual({ ...before, revision: 0 });
    const id = await directory.person('1001');
    expect((await directory.all((tx) => findPerson(tx, id)))?.givenName).toBe('Zoë');
    expect(await roles('2001')).toEqual(['guardian', 'guardian']);
  });

  it('clears an attribute that it names without a value', async () => {
    await directory.importSample(SAMPLE);
    directory.clock.advanceSeconds(DAY);
    await importDelta('20260902', { Eleve: modify('Eleve', '1001', { ENTEleveGroupes: [] }) });
    expect((await facts('1001')).memberOf).toHaveLength(1);
  });

  it('ends the rights of a guardian with the last child there, and keeps those in other schools', async () => {
    await directory.importSample(SAMPLE);
    directory.clock.advanceSeconds(DAY);
    const result = await importDelta('20260902', {
      Eleve: modify('Eleve', '1001', { ENTElevePersRelEleve: ['2002$20$0$1$1$1'] }),
    });
    expect(result.changed).toBeGreaterThan(0);
    expect(await roles('2001')).toEqual(['guardian']);
    expect(await roles('2002')).toEqual(['guardian', 'guardian']);
    expect(await roles('2004')).toEqual([]);
  });

  it('takes the headship that ENTEnsFonctionDir alone gave, and keeps the one that ENTPersonFonctions gives too', async () => {
    const head = (id: string, attributes: object) => ({
      id,
      sn: `Quéméner${id}`,
      givenName: 'Loïc',
      ...attributes,
    });
    const functions = { ENTPersonFonctions: '901$DIR$DIRECTION$D0010$DIRECTION' };
    await directory.importSample({
      ...SAMPLE,
      staff: [
        ...(SAMPLE.staff ?? []),
        head('3011', { ENTEnsFonctionDir: '901' }),
        head('3012', { ENTEnsFonctionDir: '901', ...functions }),
        head('3013', { ENTEnsFonctionDir: '901', ...functions }),
      ],
    });
    expect([await roles('3011'), await roles('3012'), await roles('3013')]).toEqual([
      ['head'],
      ['head'],
      ['head'],
    ]);
    directory.clock.advanceSeconds(DAY);
    await importDelta('20260902', {
      PersEducNat:
        modify('PersEducNat', '3011', { ENTEnsFonctionDir: [] }) +
        modify('PersEducNat', '3012', { ENTEnsFonctionDir: [] }) +
        modify('PersEducNat', '3013', { ENTPersonFonctions: [] }),
    });
    expect([await roles('3011'), await roles('3012'), await roles('3013')]).toEqual([[], ['head'], ['head']]);
    directory.clock.advanceSeconds(DAY);
    await importDelta('20260903', { PersEducNat: modify('PersEducNat', '3013', { ENTEnsFonctionDir: [] }) });
    expect(await roles('3013')).toEqual([]);
  });

  it('starts the departure clock of whom it takes away, and leaves the others alone', async () => {
    await directory.importSample(SAMPLE);
    directory.clock.advanceSeconds(DAY);
    await expect(
      importDelta('20260902', { PersEducNat: remove('PersEducNat', '3003') }),
    ).rejects.toMatchObject({
      code: 'feed_departures_exceed_guard',
    });
    const result = await importDelta(
      '20260902',
      { PersEducNat: remove('PersEducNat', '3003') },
      { force: true },
    );
    expect(result).toMatchObject({ suspended: 1, created: 0 });
    expect(await roles('3003')).toEqual([]);
    expect(await roles('3001')).toEqual(['head_teacher', 'teacher', 'teacher']);
    const [row] = await directory.admin.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM directory.people WHERE leaving_since IS NOT NULL',
    );
    expect(row!.n).toBe(1);
  });

  it('leaves out a change of somebody unknown, and says so', async () => {
    await directory.importSample(SAMPLE);
    directory.clock.advanceSeconds(DAY);
    const result = await importDelta('20260902', {
      Eleve: modify('Eleve', '1999', { ENTEleveGroupes: ['901$3A LATIN'] }),
    });
    expect(result).toMatchObject({ created: 0, refused: 1 });
    expect(result.warnings.map(({ kind }) => kind)).toEqual(['name_missing']);
  });
});
