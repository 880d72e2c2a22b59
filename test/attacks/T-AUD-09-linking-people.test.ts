import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { findLogResource } from '@socle/audit';
import { buildSampleEvent, openTestLog, type TestLog } from '@socle/audit/testing';
import { uuidv7 } from '@socle/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const TEACHER = uuidv7();
const PUPIL = uuidv7();

describe('who wants to know what a person did', () => {
  let log: TestLog;
  beforeAll(async () => {
    log = await openTestLog();
    const about = { actor: { kind: 'person', id: TEACHER }, target: { kind: 'person', id: PUPIL } } as const;
    await log.append(
      { ...about, network: { address: '203.0.113.77', agent: 'Mozilla/5.0 (iPad de Chloé)' } },
      { ...about, controller: 'etranger' },
      { actor: { kind: 'client', id: 'grades', onBehalfOf: TEACHER }, detail: { pupil: PUPIL } },
    );
  });
  afterAll(() => log.close());

  describe('T-AUD-09 reads the tables, the export or the public log', () => {
    it('finds no person’s id, address or browser in any of them', async () => {
      const secrets = [TEACHER, PUPIL, '203.0.113.77', 'Chloé'];
      const folder = await log.export();
      const texts = await Promise.all(
        (await readdir(folder)).map((name) => readFile(path.join(folder, name), 'utf8')),
      );
      const entries = await findLogResource(log.test.app, 'tile/entries/000.p/3');
      texts.push(entries!.body.toString('latin1'));
      const rows = await log.test
        .openAdmin()
        .query<{ row: string; payload: string }>(
          "SELECT e::text AS row, convert_from(payload, 'UTF8') AS payload FROM audit.events e",
        );
      texts.push(...rows.flatMap(({ row, payload }) => [row, payload]));
      expect(texts.length).toBeGreaterThan(9);
      for (const text of texts) for (const secret of secrets) expect(text).not.toContain(secret);
      // the twin: the same log still tells that the three acts were one person's
      const actors = rows.flatMap(({ payload }) => {
        const { actor } = JSON.parse(payload) as { actor: { kind: string; id: string; onBehalfOf?: string } };
        return actor.kind === 'system' ? [] : [actor.onBehalfOf ?? actor.id];
      });
      expect(actors.length).toBe(3);
      expect(new Set(actors).size).toBe(1);
    });

    it('guesses nothing from two events with the same content: each has a salt of its own', async () => {
      const event = buildSampleEvent();
      const ids = await log.test.app.transaction((tx) => log.audit.appendMany(tx, [event, event]));
      const rows = await log.test
        .openAdmin()
        .query<{ salt: Buffer }>('SELECT salt FROM audit.events WHERE id = ANY ($1::uuid[])', [ids]);
      expect(rows[0]!.salt.equals(rows[1]!.salt)).toBe(false);
    });
  });

  describe('T-AUD-10 reads the events of another controller', () => {
    const controllers = (scope?: 'all' | string[]) =>
      log.test.app.transaction(
        async (tx) =>
          (
            await tx.query<{ controller: string }>(
              'SELECT DISTINCT controller FROM audit.event_view ORDER BY 1',
            )
          ).map((row) => row.controller),
        scope === undefined ? {} : { scope },
      );

    it('sees nothing without a scope, and its own with one', async () => {
      expect(await controllers()).toEqual([]);
      expect(await controllers([])).toEqual([]);
      expect(await controllers(['inconnu'])).toEqual([]);
      expect(await controllers(['etranger'])).toEqual(['etranger']);
      expect(await controllers('all')).toEqual(['academie-99', 'etranger']);
    });
  });

  describe('T-AUD-11 looks up a person whose mapping was cut', () => {
    it('finds no event of theirs any more, and the log still verifies', async () => {
      const before = await log.export({ person: PUPIL });
      const lines = async (folder: string) =>
        (await readFile(path.join(folder, 'events.ndjson'), 'utf8')).split('\n').filter(Boolean).length;
      expect(await lines(before)).toBe(3);
      await log.test.openAdmin().query('DELETE FROM audit.pseudonyms WHERE person_id = $1', [PUPIL]);
      expect(await lines(await log.export({ person: PUPIL }))).toBe(0);
    });
  });
});
