import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildManualClock, sha256, type ManualClock } from '@socle/base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildCheckpointText, signNote } from '../checkpoint.ts';
import { buildConsistencyProof } from '../merkle/proofs.ts';
import { openTileTree } from '../merkle/tile-tree.ts';
import { buildTestSigner, TEST_ORIGIN } from '../testing/logs.ts';
import { openCosignature, parseKey, SIGNATURE_TYPES } from '../verifier/signed-note.ts';
import { makeWitness } from './witness-key.ts';
import { parseWitnessRequest, writeWitnessRequest } from './witness-request.ts';
import { serveWitness } from './witness-server.ts';
import { openWitness, type Witness } from './witness.ts';

/** A tree of leaves that spell `history`, and its root and proofs. */
function plant(history: string) {
  const leaves = (size: number) =>
    Array.from({ length: size }, (_, index) => sha256(`${index < 3 ? 'same' : history}-${index}`));
  const grow = (size: number) => {
    const tree = openTileTree(0, []);
    for (const leaf of leaves(size)) tree.add(leaf);
    return tree;
  };
  return {
    root: (size: number) => grow(size).root(),
    proof: (oldSize: number, newSize: number) => {
      const tiles = grow(newSize).takeChanged();
      return buildConsistencyProof(oldSize, newSize, async (level, index) => {
        const tile = tiles.find((candidate) => candidate.level === level && candidate.index === index);
        return tile!.hashes;
      });
    },
  };
}

describe('a witness (C2SP tlog-witness)', () => {
  const honest = plant('honest');
  const forked = plant('forked');
  let folder: string;
  let clock: ManualClock;
  let witness: Witness;
  let verifierKey: string;
  const signer = buildTestSigner();

  const open = () => openWitness({ folder, logs: [signer.verifierKey], clock });

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'socle-witness-'));
    clock = buildManualClock(new Date('2026-11-23T10:00:00.000Z'));
    verifierKey = await makeWitness(folder, 'temoin.exemple.fr/w1');
    witness = await open();
  });
  afterEach(async () => {
    await witness.close();
    await rm(folder, { recursive: true });
  });

  const noteOf = (size: number, tree = honest, by = signer) =>
    signNote(buildCheckpointText({ origin: by.keyName, size, root: tree.root(size) }), by);
  async function submit(oldSize: number, size: number, tree = honest) {
    const proof = oldSize > 0 && oldSize < size ? await tree.proof(oldSize, size) : [];
    return witness.addCheckpoint(
      Buffer.from(writeWitnessRequest({ oldSize, proof, note: noteOf(size, tree) })),
    );
  }

  it('cosigns what continues the history that it knows, and is believed by its key', async () => {
    for (const [oldSize, size] of [
      [0, 3],
      [3, 5],
      [5, 300],
      [300, 300],
    ] as const) {
      const answer = await submit(oldSize, size);
      expect(answer).toMatchObject({ status: 200 });
      const cosigned = noteOf(size) + answer.body;
      const key = parseKey(verifierKey, SIGNATURE_TYPES.witness)!;
      expect(openCosignature(cosigned, key)).toBe(clock.now().getTime() / 1000);
      expect(openCosignature(cosigned.replace(`${size}\n`, `${size + 1}\n`), key)).toBeUndefined();
    }
    expect(witness.verifierKey).toBe(verifierKey);
  });

  it('answers 409 and the size that it knows when the old size is another', async () => {
    await submit(0, 5);
    expect(await submit(3, 300)).toEqual({ status: 409, contentType: 'text/x.tlog.size', body: '5\n' });
    expect(await submit(0, 300)).toMatchObject({ status: 409, body: '5\n' });
    expect(await submit(5, 300)).toMatchObject({ status: 200 });
  });

  it('never cosigns a second history: 409 for another root, 422 for a proof that fails, and keeps the evidence', async () => {
    await submit(0, 5);
    expect(await submit(5, 5, forked)).toMatchObject({ status: 409, body: '5\n' });
    expect(await submit(5, 9, forked)).toMatchObject({ status: 422 });
    const proof = (await honest.proof(5, 9)).slice(1);
    const cut = writeWitnessRequest({ oldSize: 5, proof, note: noteOf(9) });
    expect(await witness.addCheckpoint(Buffer.from(cut))).toMatchObject({ status: 422 });
    const evidence = await readFile(path.join(folder, 'refused.ndjson'), 'utf8');
    expect(evidence.trimEnd().split('\n').length).toBe(3);
    expect(JSON.parse(evidence.split('\n')[0]!)).toMatchObject({ note: noteOf(5, forked) });
    expect(await submit(5, 9)).toMatchObject({ status: 200 });
  });

  it('answers 404 for a log that it does not know, 403 for another key, 400 for what is no request', async () => {
    const stranger = buildTestSigner('autre.exemple.fr/audit');
    const thief = buildTestSigner(TEST_ORIGIN);
    const ask = (body: string | Buffer) => witness.addCheckpoint(Buffer.from(body as string));
    expect(await ask(`old 0\n\n${noteOf(5, honest, stranger)}`)).toMatchObject({ status: 404 });
    expect(await ask(`old 0\n\n${noteOf(5, honest, thief)}`)).toMatchObject({ status: 403 });
    const hash = `${sha256('x').toString('base64')}\n`;
    for (const bad of [
      '',
      'old 0\n',
      `old 00\n\n${noteOf(5)}`,
      `old -1\n\n${noteOf(5)}`,
      `new 0\n\n${noteOf(5)}`,
      `old 0 \n\n${noteOf(5)}`,
      `old 0\nnot base64\n\n${noteOf(5)}`,
      `old 0\nQUJD\n\n${noteOf(5)}`,
      `old 0\n${hash.repeat(64)}\n${noteOf(5)}`,
      `old 6\n\n${noteOf(5)}`,
      Buffer.concat([Buffer.from(`old 0\n\n${noteOf(5)}`), Buffer.from([0xff])]),
    ]) {
      expect([bad, (await ask(bad)).status]).toEqual([bad, 400]);
    }
    expect(await submit(0, 5)).toMatchObject({ status: 200 });
  });

  it('takes a checkpoint that others signed too, and reads the published example of a request', async () => {
    const other = buildTestSigner('autre.exemple.fr/audit');
    const text = buildCheckpointText({ origin: TEST_ORIGIN, size: 5, root: honest.root(5) });
    const second = signNote(text, other).slice(text.length + 1);
    const answer = await witness.addCheckpoint(Buffer.from(`old 0\n\n${signNote(text, signer)}${second}`));
    expect(answer.status).toBe(200);
    const example = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`;
    expect(parseWitnessRequest(Buffer.from(example))).toMatchObject({ oldSize: 20_852_014 });
    expect(writeWitnessRequest(parseWitnessRequest(Buffer.from(example))!)).toBe(example);
  });

  it('remembers across a restart, past a line that a crash cut short, and never says that it saw less before', async () => {
    await submit(0, 5);
    const file = witness.historyFile(sha256(TEST_ORIGIN).toString('hex'))!;
    await writeFile(file, '{"at":"2026-11', { flag: 'a' });
    await witness.close();
    clock.set(new Date('1970-01-01T00:00:00Z'));
    witness = await open();
    expect(await submit(0, 300)).toMatchObject({ status: 409, body: '5\n' });
    const answer = await submit(5, 9);
    expect(answer.status).toBe(200);
    const key = parseKey(verifierKey, SIGNATURE_TYPES.witness)!;
    expect(openCosignature(noteOf(9) + answer.body, key)).toBe(Date.parse('2026-11-23T10:00:00Z') / 1000);
  });

  it('answers requests that come at once one after the other', async () => {
    await submit(0, 5);
    const answers = await Promise.all([submit(5, 9), submit(5, 300), submit(5, 7), submit(5, 6)]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409, 409, 409]);
  });

  it('holds its folder alone, keeps its key to its owner, and is made once', async () => {
    await expect(open()).rejects.toMatchObject({ code: 'audit_witness_unusable' });
    await expect(makeWitness(folder, 'autre')).rejects.toMatchObject({ code: 'audit_witness_unusable' });
    await expect(makeWitness(`${folder}/new`, 'a b')).rejects.toMatchObject({
      code: 'audit_witness_unusable',
    });
    expect((await stat(path.join(folder, 'witness-key.pem'))).mode & 0o777).toBe(0o600);
    await expect(openWitness({ folder: `${folder}/none`, logs: [], clock })).rejects.toMatchObject({
      code: 'audit_witness_unusable',
    });
  });

  it('speaks HTTP: one address to ask, one to read what it cosigned', async () => {
    const server = await serveWitness({ witness, host: '127.0.0.1', port: 0 });
    const ask = (body: string, method = 'POST') =>
      fetch(`${server.url}/add-checkpoint`, { method, ...(method === 'POST' ? { body } : {}) });
    const good = await ask(`old 0\n\n${noteOf(5)}`);
    expect([good.status, await good.text()]).toEqual([200, expect.stringContaining('temoin.exemple.fr/w1 ')]);
    const conflict = await ask(`old 0\n\n${noteOf(9)}`);
    expect(conflict.headers.get('content-type')).toBe('text/x.tlog.size');
    expect([conflict.status, await conflict.text()]).toEqual([409, '5\n']);
    expect((await ask('', 'GET')).status).toBe(404);
    expect((await ask('x'.repeat(70_000))).status).toBe(413);
    const history = `${server.url}/history/${sha256(TEST_ORIGIN).toString('hex')}`;
    expect(JSON.parse(await (await fetch(history)).text())).toMatchObject({ note: noteOf(5) });
    expect((await fetch(history.replace(/.$/, 'z'))).status).toBe(404);
    expect((await fetch(`${server.url}/history/${'0'.repeat(64)}`)).status).toBe(404);
    await server.close();
    witness = await open();
  });
});
