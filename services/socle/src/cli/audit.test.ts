import { cp, readFile, readdir, writeFile } from 'node:fs/promises';
import { openTestLog, type TestLog } from '@socle/audit/testing';
import type { EventId } from '@socle/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditRuntime, BulkRequest } from './audit-runtime-port.ts';
import { buildAuditCommand } from './audit.ts';

describe('socle audit', () => {
  let log: TestLog;
  let ids: EventId[];
  beforeAll(async () => {
    log = await openTestLog();
    ids = await log.append({}, {}, {});
  });
  afterAll(() => log.close());

  let bulk: Partial<AuditRuntime> = {};
  async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const command = buildAuditCommand(async () => ({
      database: log.test.app,
      keys: log.signer,
      audit: log.audit,
      bulkEvents: 20_000,
      close: async () => {},
      ...bulk,
    }));
    let out = '';
    let err = '';
    const io = { stdout: (text: string) => (out += text), stderr: (text: string) => (err += text), env: {} };
    return { code: await command.run(args, io), out, err };
  }

  it('refuses wrong usage with code 2 and one line', async () => {
    for (const args of [
      [],
      ['burn'],
      ['verify'],
      ['verify', 'a', 'b'],
      ['verify', log.path('nowhere')],
      ['export', '--purpose', 'x'],
      ['export', '--out', log.path('x')],
      ['export', '--out', log.path('x'), '--purpose', 'x', '--from', 'hier'],
      ['export', '--out', log.path('x'), '--purpose', 'x', '--from', '2026-13-01'],
      ['export', '--out', log.path('x'), '--purpose', 'x', '--person', 'Zoé'],
      ['export', '--out', log.path('x'), '--purpose', 'x', '--format', 'pdf'],
      ['export', '--out', log.path('x'), '--purpose', 'x', '--bom'],
      ['export', '--out', log.path('x'), '--purpose', 'x', '--name-others'],
      ['prove'],
      ['prove', 'not-an-id'],
      ['redact', 'not-an-id'],
      ['redact', ids[0]!, '--reason', 'x', '--by', '018f3c1e-7a00-7000-8000-0000000000c1'],
      ['redact', ids[0]!, '--by', '018f3c1e-7a00-7000-8000-0000000000c1'],
      ['stamp', '--out', log.path('stamps')],
      ['stamp', '--out', log.path('stamps'), '--url', 'ftp://exemple.fr'],
      ['stamp', '--url', 'http://127.0.0.1:9/'],
      ['seal'],
      ['seal', '--month', '2026-13'],
      ['purge', '--keep-months', '5'],
      ['hold', '--from', '2026-11-01', '--to', '2026-11-30'],
      ['hold', '--from', '2026-11-30', '--to', '2026-11-01', '--reason', 'x'],
      ['hold', '--lift', 'x', '--reason', 'x'],
    ]) {
      const { code, err } = await run(...args);
      expect([args, code]).toEqual([args, 2]);
      expect(err.trimEnd().split('\n').length).toBe(1);
    }
  });

  it('exports, verifies and proves', async () => {
    const out = log.path('cli-export');
    // the command has the machine's clock and the log has its own: a witness of before, lest the two be compared
    const witness = log.path('witness-before');
    await cp(log.witnessFile, witness);
    const exported = await run('export', '--out', out, '--purpose', 'Contrôle annuel', '--json');
    expect(exported.code).toBe(0);
    const { verifierKey } = JSON.parse(exported.out) as { verifierKey: string };
    expect(verifierKey).toBe(log.signer.verifierKey);

    const verified = await run('verify', out, '--vkey', verifierKey, '--witness', witness, '--json');
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.out)).toMatchObject({ word: 'ok', events: 3 });
    expect(await run('verify', out)).toMatchObject({ code: 12, out: expect.stringMatching(/^unanchored: /) });

    const proof = await run('prove', ids[1]!);
    expect(proof.code).toBe(0);
    await writeFile(log.path('proof.json'), proof.out);
    expect(await run('verify', log.path('proof.json'), '--vkey', verifierKey)).toMatchObject({ code: 0 });
  });

  it('takes a second person for an export of many, not for one person’s, a short period’s, or one that goes on', async () => {
    const asked: BulkRequest[] = [];
    let confirmed = false;
    bulk = {
      bulkEvents: 2,
      confirmBulk: async (request) => {
        asked.push(request);
        return confirmed
          ? { confirmed }
          : { confirmed: false, approval: 'a1', expiresAt: new Date('2026-11-24T10:00:00Z') };
      },
    };
    const args = (name: string, ...more: string[]) => [
      'export',
      '--out',
      log.path(name),
      '--purpose',
      'x',
      ...more,
    ];
    const refused = await run(...args('bulk', '--json'));
    expect([refused.code, JSON.parse(refused.out)]).toEqual([
      1,
      { approval: 'a1', expiresAt: '2026-11-24T10:00:00.000Z' },
    ]);
    await expect(readdir(log.path('bulk'))).rejects.toMatchObject({ code: 'ENOENT' });
    await run(...args('bulk'));
    await run(...args('bulk', '--format', 'csv'));
    const [first, again, other] = asked.map(({ subject }) => subject);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    const person = ['--person', '018f3c1e-7a00-7000-8000-00000000000b'];
    expect(await run(...args('bulk-own', ...person))).toMatchObject({ code: 0 });
    expect(await run(...args('bulk-short', '--to', '2026-11-01'))).toMatchObject({ code: 0 });
    expect(asked.length).toBe(3);
    confirmed = true;
    expect(await run(...args('bulk', '--by', '018f3c1e-7a00-7000-8000-0000000000c1'))).toMatchObject({
      code: 0,
    });
    expect(asked.at(-1)).toMatchObject({ by: '018f3c1e-7a00-7000-8000-0000000000c1' });
    bulk = {};
  });

  it('exports for spreadsheets and for security tools, and masks others in a person’s copy', async () => {
    const purpose = ['--purpose', 'Droit d’accès'];
    const csv = log.path('cli-csv');
    expect(await run('export', '--out', csv, ...purpose, '--format', 'csv', '--bom')).toMatchObject({
      code: 0,
    });
    expect(await readdir(csv)).toContain('events.csv');
    expect(await run('verify', csv)).toMatchObject({ code: 15, out: expect.stringContaining('is csv') });
    const ocsf = log.path('cli-ocsf');
    expect(await run('export', '--out', ocsf, ...purpose, '--format', 'ocsf')).toMatchObject({ code: 0 });
    expect(await readFile(`${ocsf}/events.ocsf.ndjson`, 'utf8')).toContain('"class_uid":6003');
    const person = ['--person', '018f3c1e-7a00-7000-8000-00000000000b'];
    const own = log.path('cli-own');
    expect(await run('export', '--out', own, ...purpose, ...person)).toMatchObject({ code: 0 });
    expect(await readFile(`${own}/events.ndjson`, 'utf8')).toContain('masked-');
    const inquiry = log.path('cli-inquiry');
    expect(await run('export', '--out', inquiry, ...purpose, ...person, '--name-others')).toMatchObject({
      code: 0,
    });
    expect(await readFile(`${inquiry}/events.ndjson`, 'utf8')).not.toContain('masked-');
  });

  it('holds, redacts by two people, seals and purges', async () => {
    const people = ['--by', '018f3c1e-7a00-7000-8000-0000000000c1', '--reason', 'court-order'];
    const other = ['--approved-by', '018f3c1e-7a00-7000-8000-0000000000c2'];
    const held = await run(
      'hold',
      '--from',
      '2026-11-01',
      '--to',
      '2026-11-30',
      '--reason',
      'inquiry',
      '--json',
    );
    const { hold } = JSON.parse(held.out) as { hold: string };
    await expect(run('redact', ids[0]!, ...people, ...other)).rejects.toMatchObject({
      code: 'audit_act_refused',
    });
    expect(await run('hold', '--lift', hold, '--reason', 'inquiry-closed')).toMatchObject({ code: 0 });
    await expect(run('redact', ids[0]!, ...people, '--approved-by', people[1]!)).rejects.toMatchObject({
      code: 'audit_two_people_needed',
    });
    expect(await run('redact', ids[0]!, ...people, ...other)).toMatchObject({
      code: 0,
      out: expect.stringContaining('leaf 0'),
    });
    expect(await run('seal', '--month', '2024-03')).toMatchObject({
      code: 0,
      out: expect.stringContaining('0 events'),
    });
    expect(await run('purge', '--dry-run')).toMatchObject({
      code: 0,
      out: 'No month is older than the retention.\n',
    });
  });

  it('queues a checkpoint while the time-stamp authority is away', async () => {
    const args = ['stamp', '--out', log.path('stamps'), '--url', 'http://127.0.0.1:9/', '--json'];
    const { code, out } = await run(...args);
    expect([code, JSON.parse(out)]).toEqual([3, { stamped: 0, waiting: 1 }]);
  });

  it('lets the refusal of an unknown event through to the command line’s one line', async () => {
    await expect(run('prove', '018f3c1e-7a00-7000-8000-0000000000ee')).rejects.toMatchObject({
      code: 'audit_event_not_found',
    });
  });
});
