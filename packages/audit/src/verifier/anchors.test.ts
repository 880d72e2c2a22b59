import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Secret, systemClock } from '@socle/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAnchors } from '../anchor/anchors.ts';
import { openAuditKeys, rotateAuditKeys } from '../keys.ts';
import { stampCheckpoint } from '../sequencer/stamp-queue.ts';
import { openSequencer } from '../sequencer/sequencer.ts';
import { proveEvent } from '../export/prove-event.ts';
import { openTestLog, TEST_ORIGIN, type TestLog } from '../testing/open-test-log.ts';
import { OPENSSL, openTestAuthority, type TestAuthority } from '../testing/time-stamp-authority.ts';
import { makeWitness } from '../witness/witness-key.ts';
import { serveWitness, type WitnessServer } from '../witness/witness-server.ts';
import { openWitness } from '../witness/witness.ts';
import { openTimeStamp, readAuthority } from './time-stamp.ts';
import { verifyExport } from './verify-export.ts';
import { verifyProof } from './verify-proof.ts';

describe('a verification with cosignatures in the export', () => {
  let log: TestLog;
  let folder: string;
  let server: WitnessServer;
  let witnessKey: string;
  let exported: string;
  beforeAll(async () => {
    log = await openTestLog();
    folder = await mkdtemp(path.join(tmpdir(), 'socle-witness-'));
    witnessKey = await makeWitness(folder, 'temoin.exemple.fr/w1');
    const witness = await openWitness({ folder, logs: [log.signer.verifierKey], clock: log.clock });
    server = await serveWitness({ witness, host: '127.0.0.1', port: 0 });
    const anchors = openAnchors({
      url: log.test.url('sequencer'),
      clock: log.clock,
      witnesses: [{ verifierKey: witnessKey, url: server.url }],
      everyMs: 3_600_000,
    });
    await log.append({}, {});
    await anchors.flush();
    await log.append({});
    log.clock.advanceSeconds(86_400);
    await anchors.flush();
    await log.append({});
    await anchors.close();
    exported = await log.export();
  });
  afterAll(async () => {
    await server.close();
    await log.close();
    await rm(folder, { recursive: true });
  });

  const vkey = () => log.signer.verifierKey;

  it('says ok by the witness’s key alone, and unanchored without it or by another’s', async () => {
    expect(verifyExport(exported, { vkey: vkey(), witnessKeys: [witnessKey] })).toMatchObject({
      word: 'ok',
      size: 4,
      anchoredSize: 3,
      finding: expect.stringContaining('a witness vouches for 3 leaves'),
    });
    expect(verifyExport(exported, { vkey: vkey() })).toMatchObject({ word: 'unanchored' });
    const other = await makeWitness(path.join(folder, 'other'), 'temoin.exemple.fr/w1');
    expect(verifyExport(exported, { vkey: vkey(), witnessKeys: [other] })).toMatchObject({
      word: 'unanchored',
    });
    for (const bad of ['nonsense', vkey()])
      expect(verifyExport(exported, { vkey: vkey(), witnessKeys: [bad] }).word).toBe('unverifiable');
  });

  it('takes the witness’s own file, had from the witness, as a witness file', async () => {
    const { createHash } = await import('node:crypto');
    const digest = createHash('sha256').update(TEST_ORIGIN).digest('hex');
    const history = log.path('from-witness');
    await writeFile(history, await (await fetch(`${server.url}/history/${digest}`)).text());
    expect(verifyExport(exported, { vkey: vkey(), witness: history })).toMatchObject({
      word: 'ok',
      anchoredSize: 3,
    });
  });

  it('finds every flipped bit of the cosignatures', async () => {
    const copy = log.path('flipped');
    await cp(exported, copy, { recursive: true });
    const original = await readFile(path.join(exported, 'cosigned.ndjson'));
    let flips = 0;
    // every seventh: 7 and 8 are coprime, so all bit positions
    for (let bit = 0; bit < original.length * 8; bit += 7) {
      const changed = Buffer.from(original);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      await writeFile(path.join(copy, 'cosigned.ndjson'), changed);
      if (verifyExport(copy, { vkey: vkey() }).word !== 'tampered') expect.fail(`bit ${bit}`);
      flips += 1;
    }
    expect(flips).toBeGreaterThan(500);
  });

  it('finds that the key’s holder rewrote or cut what a witness has cosigned', async () => {
    const admin = log.test.openAdmin();
    // the tail is cut off: what was cosigned at size 3 no longer fits into a log of 2
    const cut = await openTestLog();
    await cut.append({}, {});
    const rows = await admin.query<Record<string, unknown>>('SELECT * FROM audit.cosignatures ORDER BY size');
    const signer = { ...log.signer };
    await cut.close();
    expect(rows.length).toBe(2);
    // a rewrite with the same key: other events, the old cosignatures put in
    const forged = await openTestLog();
    await forged.sequencer.close();
    const sequencer = openSequencer({
      url: forged.test.url('sequencer'),
      clock: forged.clock,
      signer,
      origin: TEST_ORIGIN,
      publishMs: 0,
    });
    for (let index = 0; index < 4; index += 1)
      await forged.test.app.transaction((tx) =>
        forged.audit.append(tx, {
          controller: 'academie-99',
          actor: { kind: 'system', id: 'forger' },
          action: 'sample.record.read',
          outcome: 'success',
        }),
      );
    await sequencer.flush();
    const plain = await forged.export({ keys: signer });
    expect(verifyExport(plain, { vkey: vkey(), witnessKeys: [witnessKey] })).toMatchObject({
      word: 'unanchored',
    });
    for (const row of rows)
      await forged.test
        .openAdmin()
        .query('INSERT INTO audit.cosignatures (size, witness, note, line, at) VALUES ($1, $2, $3, $4, $5)', [
          row['size'],
          row['witness'],
          row['note'],
          row['line'],
          row['at'],
        ]);
    const dressed = await forged.export({ keys: signer });
    expect(verifyExport(dressed, { vkey: vkey(), witnessKeys: [witnessKey] })).toMatchObject({
      word: 'forked',
    });
    expect(verifyExport(dressed, { vkey: vkey() })).toMatchObject({ word: 'unanchored' });
    await sequencer.close();
    await forged.close();
  });
});

describe('a verification with time stamps (RFC 3161)', () => {
  let log: TestLog;
  const authorities: TestAuthority[] = [];
  beforeAll(async () => {
    log = await openTestLog();
    await log.append({}, {}, {});
  });
  afterAll(async () => {
    for (const authority of authorities) authority.close();
    await log.close();
  });

  async function stamp(newkey: string) {
    const authority = await openTestAuthority(newkey);
    authorities.push(authority);
    const folder = log.path(`stamps-${authorities.length}`);
    await log.sequencer.flush();
    const [head] = await log.test
      .openAdmin()
      .query<{ note: string; size: number }>('SELECT note, size FROM audit.head');
    const { note, size } = head!;
    expect(await stampCheckpoint(note, { url: authority.url, folder })).toEqual({ stamped: 1, waiting: 0 });
    return { authority, folder, note: Buffer.from(note), size };
  }

  it('says ok by the authority’s certificate, with keys of every usual kind', async () => {
    for (const newkey of ['rsa:2048', 'ec:prime256v1', 'ec:secp384r1']) {
      const { authority, folder, size } = await stamp(newkey);
      const exported = await log.export();
      const stamps = { folder, authority: authority.certificate };
      expect(verifyExport(exported, { vkey: log.signer.verifierKey, stamps })).toMatchObject({
        word: 'ok',
        anchoredSize: size,
        finding: expect.stringContaining(`a time stamp vouches for ${size} leaves`),
      });
    }
  });

  it('believes no other authority, no certificate of another use, and no stamp of something else', async () => {
    const { authority, folder, note, size } = await stamp('rsa:2048');
    const other = await stamp('rsa:2048');
    const certificate = readAuthority(await readFile(authority.certificate))!;
    const bytes = await readFile(path.join(folder, `${size}.tsr`));
    expect(openTimeStamp(bytes, note, certificate)!.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(openTimeStamp(bytes, Buffer.from('x'), certificate)).toBeUndefined();
    const exported = await log.export();
    const judge = (stamps: { folder: string; authority: string }) =>
      verifyExport(exported, { vkey: log.signer.verifierKey, stamps }).word;
    expect(judge({ folder, authority: other.authority.certificate })).toBe('unverifiable');
    expect(judge({ folder: log.path('nowhere'), authority: authority.certificate })).toBe('unverifiable');
    spawnSync(
      OPENSSL,
      'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=web -keyout web.key -out web.pem'.split(' '),
      { cwd: authority.folder },
    );
    expect(readAuthority(await readFile(path.join(authority.folder, 'web.pem')))).toBeUndefined();
    expect(judge({ folder, authority: path.join(authority.folder, 'web.pem') })).toBe('unverifiable');
    await rm(path.join(folder, `${size}.checkpoint`));
    expect(judge({ folder, authority: authority.certificate })).toBe('unverifiable');
  });

  it('accepts no stamp of which one bit was flipped, outside of what nobody signs', async () => {
    const { authority, folder, note, size } = await stamp('ec:prime256v1');
    const certificate = readAuthority(await readFile(authority.certificate))!;
    const original = await readFile(path.join(folder, `${size}.tsr`));
    const embedded = original.indexOf(certificate.raw);
    const ignored: number[] = [];
    for (let bit = 0; bit < original.length * 8; bit += 1) {
      const changed = Buffer.from(original);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const at = openTimeStamp(changed, note, certificate);
      // what cannot be proved must not be believed; what comes along unsigned may differ, never the time
      if (at !== undefined) {
        expect(at).toEqual(openTimeStamp(original, note, certificate));
        ignored.push(bit >> 3);
      }
    }
    const outside = ignored.filter((byte) => byte < embedded || byte >= embedded + certificate.raw.length);
    // the status, versions, the issuer's name and serial, and redundant algorithm names are not signed
    expect(new Set(outside).size).toBeLessThan(120);
    expect(ignored.length).toBeLessThan(original.length * 8);
  });

  it('tells a log that was cut off after its stamp', async () => {
    const { authority, folder } = await stamp('rsa:2048');
    const stamps = { folder, authority: authority.certificate };
    const shorter = await openTestLog();
    const sequencer = openSequencer({
      url: shorter.test.url('sequencer'),
      clock: shorter.clock,
      signer: log.signer,
      origin: TEST_ORIGIN,
    });
    await shorter.sequencer.close();
    await shorter.test.app.transaction((tx) =>
      shorter.audit.append(tx, {
        controller: 'academie-99',
        actor: { kind: 'system', id: 'forger' },
        action: 'sample.record.read',
        outcome: 'success',
      }),
    );
    await sequencer.flush();
    const exported = await shorter.export({
      keys: log.signer,
      clock: { now: () => new Date(Date.now() + 60_000) },
    });
    expect(verifyExport(exported, { vkey: log.signer.verifierKey, stamps })).toMatchObject({
      word: 'truncated',
    });
    await sequencer.close();
    await shorter.close();
  });
});

describe('a verification across a change of the signing key', () => {
  let log: TestLog;
  let folder: string;
  beforeAll(async () => {
    log = await openTestLog();
    await log.sequencer.close();
    folder = await mkdtemp(path.join(tmpdir(), 'socle-keys-'));
  });
  afterAll(async () => {
    await log.close();
    await rm(folder, { recursive: true });
  });

  it('leads from an older key to the newest, never back, and not by a statement that the old key did not sign', async () => {
    const options = { folder, masterKey: Secret.random(32), name: TEST_ORIGIN };
    const first = await openAuditKeys(options);
    const write = async (signer: typeof first) => {
      const sequencer = openSequencer({
        url: log.test.url('sequencer'),
        clock: log.clock,
        signer,
        origin: TEST_ORIGIN,
        witnessFile: log.witnessFile,
        publishMs: 0,
      });
      const id = await log.test.app.transaction((tx) =>
        log.audit.append(tx, {
          controller: 'academie-99',
          actor: { kind: 'system', id: 'essai' },
          action: 'sample.record.read',
          outcome: 'success',
        }),
      );
      await sequencer.flush();
      await sequencer.close();
      return id;
    };
    await write(first);
    const second = await rotateAuditKeys({ ...options, clock: systemClock });
    await write(second);
    const third = await rotateAuditKeys({ ...options, clock: systemClock });
    const id = await write(third);
    expect(new Set([first, second, third].map(({ verifierKey }) => verifierKey)).size).toBe(3);
    expect((await openAuditKeys(options)).verifierKey).toBe(third.verifierKey);

    const exported = await log.export({ keys: third });
    const judge = (vkey: string, from = exported) =>
      verifyExport(from, { vkey, witness: log.witnessFile }).word;
    expect(judge(first.verifierKey)).toBe('ok');
    // what the witness kept under the first key cannot be checked with a later one
    expect(judge(second.verifierKey)).toBe('unverifiable');
    expect(verifyExport(exported, { vkey: third.verifierKey }).word).toBe('unanchored');

    const proof = JSON.stringify(await proveEvent(log.test.app, third, id));
    for (const { verifierKey } of [first, second, third])
      expect(verifyProof(proof, { vkey: verifierKey }).word).toBe('ok');

    // without the statements, or with one that somebody else made, the old key leads nowhere
    const bare = await log.export({ keys: { ...third, successions: [] } });
    expect(judge(first.verifierKey, bare)).toBe('tampered');
    const thief = await openAuditKeys({ ...options, folder: `${folder}/thief` });
    const [statement] = second.successions;
    const forged = statement!.replace(second.verifierKey, thief.verifierKey);
    const stolen = await log.export({ keys: { ...thief, successions: [forged] } });
    expect(judge(first.verifierKey, stolen)).toBe('tampered');
  });

  it('makes good a change of key that was interrupted', async () => {
    const options = { folder: `${folder}/interrupted`, masterKey: Secret.random(32), name: TEST_ORIGIN };
    const file = (name: string) => path.join(options.folder, name);
    const first = await openAuditKeys(options);
    const before = await readFile(file('audit-signing-key.json'));
    const second = await rotateAuditKeys({ ...options, clock: systemClock });
    const after = await readFile(file('audit-signing-key.json'));
    // killed between the statement and the key's taking its place
    await writeFile(file('audit-signing-key.json'), before);
    await writeFile(file('audit-signing-key.next.json'), after);
    expect((await openAuditKeys(options)).verifierKey).toBe(second.verifierKey);
    // killed before the statement: the key that nobody named is forgotten
    await rm(options.folder, { recursive: true });
    const other = await openAuditKeys(options);
    await writeFile(file('audit-signing-key.next.json'), before);
    expect((await openAuditKeys(options)).verifierKey).toBe(other.verifierKey);
    expect((await rotateAuditKeys({ ...options, clock: systemClock })).verifierKey).not.toBe(
      first.verifierKey,
    );
  });
});
