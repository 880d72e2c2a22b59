import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadPersonFacts } from '../people/load-person-facts.ts';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { importAaf } from './import-aaf.ts';

const SAMPLES = path.resolve(import.meta.dirname, '../testing/samples');

describe('importAaf of files written as in', () => {
  let directory: TestDirectory;
  beforeEach(async () => {
    directory = await openTestDirectory();
  });
  afterEach(() => directory.close());

  const importSample = (year: string) =>
    importAaf({
      source: path.join(SAMPLES, year),
      database: directory.database,
      audit: directory.audit,
      clock: directory.clock,
      academy: '99',
    });
  const facts = async (key: string) => {
    const id = await directory.person(key);
    return directory.all((tx) => loadPersonFacts(tx, id, new Date('2013-10-01T08:00:00Z')));
  };
  const rows = <Row>(sql: string) => directory.admin.query<Row>(sql);
  const names = (key: string) =>
    rows<{ given_name: string; family_name: string }>(
      `SELECT p.given_name, p.family_name FROM directory.people p JOIN directory.join_keys j ON j.person_id = p.id
       WHERE j.value = '99-${key}'`,
    );
  const links = () =>
    rows<{ link: string }>(
      `SELECT concat_ws(' ', c.value, a.value, g.kind, g.relation_code) AS link FROM directory.guardian_links g
       JOIN directory.join_keys c ON c.person_id = g.child_id JOIN directory.join_keys a ON a.person_id = g.adult_id ORDER BY 1`,
    ).then((found) => found.map(({ link }) => link));

  it('2013: no XML declaration, ISO-8859-15, parts from 0001 with gaps, deprecated attributes of parents, old codes', async () => {
    directory.clock.set(new Date('2013-09-17T04:00:00Z'));
    const result = await importSample('2013');
    expect(result).toMatchObject({ schools: 1, pupils: 3, relatives: 3, staff: 3, created: 9, refused: 0 });
    // One relative is not in the feed; nothing else is strange.
    expect(result.warnings).toMatchObject([
      { kind: 'link_to_missing_relative', count: 1 },
      { kind: 'subject_unknown', count: 1 },
    ]);
    // Three of its classes stand in the school's record, one only in a pupil's and a teacher's values.
    expect([result.classes, result.groups]).toEqual([3, 1]);
    expect(await links()).toEqual([
      '99-810001 99-820001 legal 20',
      '99-810001 99-820002 legal 10',
      '99-810002 99-820003 legal 50',
      '99-810003 99-820003 in_charge 51',
    ]);
    expect(await names('820001')).toEqual([{ given_name: 'Benoît', family_name: 'Œuvrard' }]);
    expect(await names('810002')).toEqual([{ given_name: 'Gaëtan', family_name: "L'Hostis" }]);
    expect((await facts('830001'))!.teaches).toHaveLength(3);
    expect((await facts('830002'))!.roles.map(({ role }) => role)).toEqual(['cpe']);
    expect((await facts('830003'))!.roles).toEqual([]);
  });

  it('2024: comments that name the academy, a lycée without a list of classes, new codes and attributes', async () => {
    directory.clock.set(new Date('2024-09-17T04:00:00Z'));
    const result = await importSample('2024');
    expect(result).toMatchObject({ schools: 1, pupils: 2, relatives: 4, staff: 2, created: 8, refused: 0 });
    expect(result.warnings).toEqual([]);
    expect([result.classes, result.groups]).toEqual([2, 1]);
    expect(await links()).toEqual([
      '99-910001 99-920001 legal 10',
      '99-910001 99-920002 legal 20',
      '99-910002 99-920001 legal 10',
      '99-910002 99-920003 in_charge 41',
      '99-910002 99-920004 contact 37',
    ]);
    expect(await names('920003')).toEqual([{ given_name: 'Rozenn', family_name: 'Foyer des Dunes & Cie' }]);
    expect(await importSample('2024')).toMatchObject({ created: 0, changed: 0, suspended: 0, unchanged: 8 });
  });
});
