import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPersonByJoinKey } from '../people/find-person.ts';
import { loadChildren } from '../people/load-relations.ts';
import { loadPersonFacts } from '../people/load-person-facts.ts';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { SAMPLE } from '../testing/write-feed-sample.ts';
import { buildCsvTemplate } from './fields.ts';
import { importCsv, type ImportCsvOptions } from './import-csv.ts';

const ABROAD = { controller: 'owner:flamboyants', controllerName: 'Les Flamboyants', academy: 'ETR' };
const TEMPLATE = buildCsvTemplate();

describe('importCsv', () => {
  let directory: TestDirectory;
  let file: string;
  beforeEach(async () => {
    directory = await openTestDirectory();
    await mkdir(directory.folder, { recursive: true });
    file = path.join(directory.folder, 'école.csv');
  });
  afterEach(() => directory.close());

  async function run(content: string | Uint8Array, options: Partial<ImportCsvOptions> = {}) {
    await writeFile(file, content);
    const { database, audit, clock } = directory;
    return importCsv({ file, database, audit, clock, ...ABROAD, ...options });
  }
  const people = async () =>
    directory.admin.query<{ family_name: string; given_name: string; birth: string | null }>(
      'SELECT family_name, given_name, birth_date::text AS birth FROM directory.people ORDER BY family_name, given_name',
    );
  const person = async (key: string, source = 'csv') =>
    (await directory.all((tx) => findPersonByJoinKey(tx, { kind: 'csv', value: `${source}-${key}` })))!;

  it('brings a school with its pupils, guardians and staff, and their rights', async () => {
    expect(await run(TEMPLATE)).toEqual({
      schools: 1,
      pupils: 1,
      relatives: 1,
      staff: 1,
      classes: 1,
      groups: 1,
      links: { legal: 1, inCharge: 0, contact: 0 },
      created: 3,
      changed: 0,
      unchanged: 0,
      suspended: 0,
      refused: 0,
      warnings: [],
    });
    const [school] = await directory.admin.query(
      `SELECT s.name, s.kind, s.degree, s.time_zone, c.code FROM directory.schools s
       JOIN directory.controllers c ON c.id = s.controller_id`,
    );
    expect(school).toEqual({
      name: 'Lycée français Les Flamboyants',
      kind: 'lycee',
      degree: '2D',
      time_zone: 'Indian/Antananarivo',
      code: 'owner:flamboyants',
    });
    const teacher = await person('P-001');
    const facts = await directory.all((tx) => loadPersonFacts(tx, teacher.id, directory.clock.now()));
    expect(facts!.roles.map(({ role }) => role).toSorted()).toEqual(['head_teacher', 'teacher']);
    expect(facts!.teaches).toHaveLength(2);
    const parent = await person('R-001');
    const children = await directory.all((tx) => loadChildren(tx, parent.id, directory.clock.now()));
    expect(children.map(({ child }) => child.givenName)).toEqual(['Éloïse']);
  });

  it('changes nothing the second time, and what changed the third', async () => {
    await run(TEMPLATE);
    expect(await run(TEMPLATE)).toMatchObject({ created: 0, changed: 0, unchanged: 3 });
    expect(await run(TEMPLATE.replace('Kergoat', 'Le Kergoat'))).toMatchObject({
      created: 0,
      changed: 1,
      unchanged: 2,
    });
    expect((await person('P-001')).familyName).toBe('Le Kergoat');
    // compared in full, and not only by its digest
    expect(await run(`${TEMPLATE.replace('Kergoat', 'Le Kergoat')}\n`)).toMatchObject({
      changed: 0,
      unchanged: 3,
    });
  });

  it('says in a dry run what it would do, and writes nothing, not even its source', async () => {
    expect(await run(TEMPLATE, { dryRun: true })).toMatchObject({ created: 3 });
    expect(await people()).toEqual([]);
    expect(await directory.admin.query('SELECT 1 FROM directory.feed_sources')).toEqual([]);
    expect(await directory.admin.query('SELECT 1 FROM directory.controllers')).toEqual([]);
  });

  it.each([
    ['UTF-8 with its mark', (text: string) => Buffer.from(`\uFEFF${text}`)],
    ['commas', (text: string) => Buffer.from(text.replaceAll(';', ','))],
    [
      'tabs and Windows line ends',
      (text: string) => Buffer.from(text.replaceAll(';', '\t').replaceAll('\n', '\r\n')),
    ],
    ['Windows-1252', (text: string) => encode(text.replace('Kergoat', 'L’Œuvre'), { Œ: 0x8c, '’': 0x92 })],
    ['ISO-8859-15', (text: string) => encode(text.replace('Kergoat', 'LŒuvre'), { Œ: 0xbc })],
  ])('reads %s', async (name, write) => {
    expect(await run(write(TEMPLATE))).toMatchObject({ created: 3, warnings: [] });
    expect((await person('E-001')).givenName).toBe('Éloïse');
    if (name === 'Windows-1252') expect((await person('P-001')).familyName).toBe('L’Œuvre');
    if (name === 'ISO-8859-15') expect((await person('P-001')).familyName).toBe('LŒuvre');
  });

  it('reads somebody’s own columns and words with a mapping', async () => {
    const mapping = `
source: les_baobabs
date: dd/MM/yyyy
separator: ","
columns: { Identifiant: key, Nom: family_name, Prénom: given_name, "Né le": birth_date, Qui: type, Classe: classes }
values: { type: { élève: pupil, professeur: staff }, classes: { "6e A": 6A } }
defaults: { school: 2990002C }
`;
    await run(TEMPLATE, { source: 'first' });
    const own =
      'Qui;Identifiant;Nom;Prénom;Né le;Classe;Cantine\nélève;7;Ramanantsoa;Hélène;03/09/2013;6e A;oui\n';
    await expect(run(own, { mapping })).rejects.toMatchObject({ code: 'feed_school_of_another_source' });
    await directory.admin.query('UPDATE directory.schools SET feed_source = NULL, feed_key = NULL');
    const result = await run(own, { mapping });
    expect(result).toMatchObject({
      pupils: 1,
      created: 1,
      warnings: [{ kind: 'column_unknown', count: 1, sample: ['Cantine'] }],
    });
    expect(await person('7', 'les_baobabs')).toMatchObject({
      familyName: 'Ramanantsoa',
      birthDate: '2013-09-03',
    });
  });

  it.each([
    ['a formula', 'Kergoat', '=1+1', 'line 3, column family_name: the cell begins like a formula'],
    [
      'a formula behind a space',
      'Soizic',
      ' @SUM(A1)',
      'line 3, column given_name: the cell begins like a formula',
    ],
    ['an unknown role', ';teacher;', ';local_admin;', 'line 3, column roles: write one of teacher'],
    [
      'an unknown type',
      'guardian;',
      'cousin;',
      'line 5, column type: write school, pupil, guardian or staff.',
    ],
    [
      'a date of no calendar',
      '2011-03-15',
      '2011-02-30',
      'line 4, column birth_date: write a day of the calendar as yyyy-MM-dd.',
    ],
    ['a key twice', 'E-001;Razafy', 'P-001;Razafy', 'line 4, column key: line 3 has this key already.'],
    ['a key that is an address', 'P-001', 'soizic@example.org', 'line 3, column key: write 1 to 128 letters'],
    [
      'a UAI with another letter',
      '2011-03-15;2990002C',
      '2011-03-15;2990002D',
      'line 4, column school: write the UAI',
    ],
    [
      'a child that is nobody',
      'E-001=legal',
      'E-999=legal',
      'line 5, column children: no row of type pupil has this key.',
    ],
    [
      'an invisible sign',
      'Soizic',
      'Soi\u202Ezic',
      'line 3, column given_name: the cell holds a line break or an invisible sign.',
    ],
  ])(
    'refuses %s by line and column, without what stands there, and applies nothing',
    async (_, from, to, advice) => {
      const broken = TEMPLATE.replace(from, to);
      const failure = (await run(broken).catch((error: unknown) => error)) as Error & {
        code: string;
        publicMessage: string;
      };
      expect(failure).toMatchObject({ code: 'feed_rows_invalid' });
      expect(failure.publicMessage).toContain(advice);
      for (const secret of ['1+1', 'SUM(', '2011-02-30', 'soizic', 'Kergoat', 'Razafy', 'E-999'])
        expect(JSON.stringify([failure.publicMessage, failure.message])).not.toContain(secret);
      expect(await people()).toEqual([]);
    },
  );

  it.each([
    ['an open quote', '"Kergoat', /double quote is opened and never closed/],
    ['a row that is too short', 'P-001', /Line 3|cells and the header has/],
    ['an endless cell', 'x'.repeat(2_001), /2 000 characters/],
    ['a binary file', '\0', /not text in UTF-8/],
  ])('refuses %s as no CSV', async (_, put, message) => {
    const broken = put === 'P-001' ? TEMPLATE.replace(';P-001', '') : TEMPLATE.replace('Kergoat', put);
    await expect(run(broken)).rejects.toMatchObject({
      code: 'feed_not_csv',
      publicMessage: expect.stringMatching(message),
    });
    expect(await people()).toEqual([]);
  });

  it('tells an unknown column by its number where its name could do harm', async () => {
    const [header, ...rows] = TEMPLATE.trimEnd().split('\n');
    const result = await run([`${header};=cmd|x`, ...rows.map((row) => `${row};`)].join('\n'));
    expect(result.warnings).toEqual([{ kind: 'column_unknown', count: 1, sample: ['number 17'] }]);
  });

  it('starts the departure clock of whom the next file lacks, and asks for a word beyond the guard', async () => {
    await run(TEMPLATE);
    const without = TEMPLATE.split('\n')
      .filter((line) => !line.startsWith('staff'))
      .join('\n');
    await expect(run(without)).rejects.toMatchObject({ code: 'feed_departures_exceed_guard' });
    expect(await run(without, { force: true })).toMatchObject({ suspended: 1 });
    expect((await person('P-001')).leavingSince).toBeDefined();
    expect(await run(TEMPLATE)).toMatchObject({ changed: 1, created: 0 });
    expect((await person('P-001')).leavingSince).toBeUndefined();
  });

  it('leaves the academy’s feed alone, and that feed leaves it alone', async () => {
    await directory.importSample(SAMPLE);
    await run(TEMPLATE, { force: false });
    const open = async () =>
      (
        await directory.admin.query<{ n: number }>(
          'SELECT count(*)::int AS n FROM directory.roles WHERE valid_to IS NULL',
        )
      )[0]!.n;
    const before = await open();
    const next = { ...SAMPLE, day: '20260902' };
    expect(await directory.importSample(next)).toMatchObject({ created: 0, changed: 0, suspended: 0 });
    expect(await run(`${TEMPLATE}\n`)).toMatchObject({ created: 0, changed: 0, suspended: 0 });
    expect(await open()).toBe(before);
  });

  it('feeds the schools of one controller only, and no school of the academy’s feed', async () => {
    await directory.importSample(SAMPLE);
    const [{ uai }] = (await directory.admin.query(
      'SELECT uai FROM directory.schools ORDER BY uai LIMIT 1',
    )) as [{ uai: string }];
    await expect(run(TEMPLATE.replaceAll('2990002C', uai))).rejects.toMatchObject({
      code: expect.stringMatching(/feed_school_of_another_controller|feed_rows_invalid/),
    });
    await run(TEMPLATE);
    await expect(run(TEMPLATE, { controller: 'owner:other', controllerName: 'Autre' })).rejects.toMatchObject(
      {
        code: 'feed_source_of_another_controller',
      },
    );
    await expect(run(TEMPLATE, { source: 'second' })).rejects.toMatchObject({
      code: 'feed_school_of_another_source',
    });
    expect(
      (await directory.events()).filter(({ action }) => action === 'directory.import.refused').length,
    ).toBeGreaterThan(1);
  });

  it('asks who answers for schools that are not known', async () => {
    await writeFile(file, TEMPLATE);
    const { database, audit, clock } = directory;
    await expect(importCsv({ file, database, audit, clock })).rejects.toMatchObject({
      code: 'feed_source_unbound',
    });
    await run(TEMPLATE);
    expect(await importCsv({ file, database, audit, clock })).toMatchObject({ unchanged: 3 });
  });
});

/** Bytes of a one-byte encoding: Latin-1 but for the characters given. */
function encode(text: string, special: Readonly<Record<string, number>>): Buffer {
  return Buffer.from(Array.from(text, (character) => special[character] ?? character.codePointAt(0)!));
}
