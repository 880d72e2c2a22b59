import { buildSampleEvent, openTestLog, type TestLog } from '@socle/audit/testing';
import { sqlState } from '@socle/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PERMISSION_DENIED = '42501';
const RESTRICTED = '23001';

describe('T-AUD-01 the service’s login, or whoever holds it, rewrites the log', () => {
  let log: TestLog;
  beforeAll(async () => {
    log = await openTestLog();
    await log.append({}, {});
  });
  afterAll(() => log.close());

  const attacks = [
    "UPDATE audit.events SET outcome = 'denied'",
    "UPDATE audit.events SET payload = convert_to('{}', 'UTF8')",
    'DELETE FROM audit.events',
    'TRUNCATE audit.events',
    'SELECT payload FROM audit.events',
    'SELECT * FROM audit.events_other',
    'DELETE FROM audit.pending',
    'SELECT * FROM audit.pending',
    "INSERT INTO audit.leaves (leaf_index, event_id) VALUES (99, '018f3c1e-7a00-7000-8000-00000000000a')",
    'UPDATE audit.leaves SET leaf_index = leaf_index + 10',
    'DELETE FROM audit.leaves',
    "UPDATE audit.tiles SET hashes = ''",
    'DELETE FROM audit.tiles',
    'DELETE FROM audit.tile_edges',
    'UPDATE audit.head SET size = 0',
    'DELETE FROM audit.head',
    "INSERT INTO audit.checkpoints VALUES (9, 1, '', '', now())",
    'DELETE FROM audit.checkpoints',
    'UPDATE audit.pseudonyms SET pseudonym = gen_random_uuid()',
    'DELETE FROM audit.pseudonyms',
    "SELECT audit.redact_event('018f3c1e-7a00-7000-8000-00000000000a')",
    'SELECT audit.ensure_partitions(1)',
    'ALTER TABLE audit.events DISABLE ROW LEVEL SECURITY',
    'DROP TABLE audit.events',
    'SET ROLE socle_owner',
    'CREATE TABLE audit.mine (id int)',
  ];
  it.each(attacks)('is refused: %s', async (attack) => {
    const refused = await log.test.app.query(attack).then(
      () => 'nothing',
      (error: unknown) => sqlState(error) ?? 'something else',
    );
    expect(refused).toBe(PERMISSION_DENIED);
  });

  it('may append and read what it must', async () => {
    await log.append({});
    const rows = await log.test.app.transaction((tx) => tx.query('SELECT id FROM audit.event_view'), {
      scope: 'all',
    });
    expect(rows.length).toBe(3);
  });
});

describe('T-AUD-02 the sequencer’s login rewrites the log', () => {
  let log: TestLog;
  beforeAll(async () => {
    log = await openTestLog();
    // enough for a full tile, and an edge
    const events = Array.from({ length: 300 }, () => buildSampleEvent());
    await log.test.app.transaction((tx) => log.audit.appendMany(tx, events));
    await log.append({}, {});
  });
  afterAll(() => log.close());

  const denied = [
    "UPDATE audit.events SET outcome = 'denied'",
    'DELETE FROM audit.events',
    "INSERT INTO audit.events (id, at) VALUES ('018f3c1e-7a00-7000-8000-00000000000a', now())",
    'UPDATE audit.leaves SET leaf_index = leaf_index + 10',
    'DELETE FROM audit.leaves',
    'DELETE FROM audit.tiles',
    'DELETE FROM audit.tile_edges',
    "UPDATE audit.tiles SET hashes = sha256('')",
    "UPDATE audit.tiles SET hashes = sha256('') || hashes",
    'DELETE FROM audit.head',
    'UPDATE audit.checkpoints SET size = 9',
    'DELETE FROM audit.checkpoints',
    'SELECT * FROM audit.pseudonyms',
    'SELECT actor FROM audit.events',
    "SELECT audit.redact_event('018f3c1e-7a00-7000-8000-00000000000a')",
  ];
  const restricted = [
    "UPDATE audit.tile_edges SET hashes = sha256('')",
    'UPDATE audit.tile_edges SET tile_index = 0, hashes = substring(hashes FROM 1 FOR 32)',
    'UPDATE audit.head SET size = size - 1',
    'UPDATE audit.head SET epoch = 0',
    "UPDATE audit.head SET root = sha256('other')",
  ];
  it.each([
    ...denied.map((attack) => [attack, PERMISSION_DENIED] as const),
    ...restricted.map((attack) => [attack, RESTRICTED] as const),
  ])('is refused: %s', async (attack, state) => {
    const sequencer = log.test.open('sequencer');
    await expect(sequencer.query(attack)).rejects.toMatchObject({ code: state });
  });

  it('may make the log longer', async () => {
    await log.append({});
    expect(log.sequencer.metrics().size).toBe(303);
  });
});
