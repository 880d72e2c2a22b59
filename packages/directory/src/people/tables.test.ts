import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { isUuid } from '@socle/base';
import { migrations } from '../migration-set.ts';

describe('the functions of the schema directory', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase([migrations]);
  });
  afterAll(() => test.close());

  it('folds accents, ligatures, hyphens and case out of names', async () => {
    const fold = async (name: string) =>
      (await test.app.query<{ folded: string }>('SELECT directory.fold_name($1) AS folded', [name]))[0]!
        .folded;
    expect(await fold('Éloïse Lefèvre-Nuñez')).toBe('eloise lefevre nunez');
    expect(await fold('ŒUVRARD d’Aÿ')).toBe('oeuvrard d ay');
  });

  it('makes version 7 UUIDs that carry their instant', async () => {
    const at = new Date('2026-09-01T06:00:00.123Z');
    const rows = await test.app.query<{ id: string }>(
      'SELECT directory.new_id($1) AS id FROM generate_series(1, 500)',
      [at],
    );
    expect(new Set(rows.map((row) => row.id)).size).toBe(500);
    for (const { id } of rows) {
      expect(isUuid(id)).toBe(true);
      expect(id[14]).toBe('7');
      expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(at.getTime());
    }
  });
});
