import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { buildCheckpointText, buildTestSigner, TEST_ORIGIN } from '@socle/audit/testing';
import { signNote } from '@socle/audit';
import { sha256 } from '@socle/base';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runSocle } from '../support/command-line.ts';

const SOCLE = new URL('../../services/socle/src/main.ts', import.meta.url).pathname;
const KILLS = 12;

// Two histories that differ in their first leaf. With one leaf, the root is the leaf's hash: proofs can be written by hand.
const LEAVES = ['true', 'forged'].map((name) => sha256(name));

describe('socle witness, killed again and again', () => {
  let folder: string;
  const signer = buildTestSigner();
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'socle-witness-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  // A witness that outlives a test that failed holds the streams of the run open, which then never ends.
  const alive = new Set<ChildProcess>();
  afterEach(async () => {
    for (const child of alive) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  });

  const dir = () => path.join(folder, 'witness');
  async function start() {
    const child = spawn(
      process.execPath,
      [SOCLE, 'witness', 'serve', '--dir', dir(), '--log', signer.verifierKey, '--port', '0'],
      { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env['PATH'] } },
    );
    alive.add(child);
    child.once('exit', () => alive.delete(child));
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const [, url] = /ready: (\S+) /.exec(line)!;
    const ask = async (leaf: Buffer, oldSize: number) => {
      const note = signNote(buildCheckpointText({ origin: TEST_ORIGIN, size: 1, root: leaf }), signer);
      const body = `old ${oldSize}\n\n${note}`;
      const response = await fetch(`${url}/add-checkpoint`, {
        method: 'POST',
        body,
        signal: AbortSignal.timeout(5_000),
      });
      return { status: response.status, body: await response.text() };
    };
    return { child, ask };
  }

  it('has cosigned one history whatever was asked when it was killed, and goes on with that one', async () => {
    const made = await runSocle({}, ['witness', 'init', '--dir', dir(), '--name', 'temoin.exemple.fr/w1']);
    expect([made.code, made.stdout]).toEqual([0, expect.stringMatching(/^temoin\.exemple\.fr\/w1\+/)]);
    let cosigned: Buffer | undefined;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { child, ask } = await start();
      // both histories at once, while the kill is on its way
      const asked = LEAVES.flatMap((leaf) =>
        [0, 1].map((oldSize) =>
          ask(leaf, oldSize).then(
            ({ status }) => (status === 200 ? leaf : undefined),
            () => undefined,
          ),
        ),
      );
      const exited = once(child, 'exit');
      // Every other time as soon as one is cosigned: on a busy machine no fixed delay lets an answer through.
      const end = () => child.kill('SIGKILL');
      if (kill % 2 === 0) setTimeout(end, 2 * (kill % 6));
      else void Promise.any(asked.map(async (one) => (await one) ?? Promise.reject())).then(end, end);
      const answered = (await Promise.all(asked)).filter((leaf) => leaf !== undefined);
      await exited;
      for (const leaf of answered) expect(leaf.equals((cosigned ??= leaf))).toBe(true);
    }
    const { child, ask } = await start();
    const [first, second] = [await ask(LEAVES[0]!, 0), await ask(LEAVES[1]!, 0)];
    // whichever it kept first, it kept; the other is refused for good
    const answers = [await ask(LEAVES[0]!, 1), await ask(LEAVES[1]!, 1)];
    expect([first.status, second.status]).toContain(409);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
    expect(cosigned).toBeDefined();
    expect(answers[LEAVES.findIndex((leaf) => leaf.equals(cosigned!))]!.status).toBe(200);
    const history = await readFile(path.join(dir(), `${sha256(TEST_ORIGIN).toString('hex')}.ndjson`), 'utf8');
    const roots = history
      .split('\n')
      .filter((line) => line.endsWith('"}'))
      .map((line) => (JSON.parse(line) as { note: string }).note.split('\n')[2]);
    expect(new Set(roots).size).toBe(1);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
  });

  it('is not served twice from one folder, nor without a folder', async () => {
    const { child } = await start();
    const args = ['witness', 'serve', '--log', signer.verifierKey, '--port', '0', '--dir'];
    expect(await runSocle({}, [...args, dir()])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('another process'),
    });
    expect(await runSocle({}, [...args, path.join(folder, 'none')])).toMatchObject({ code: 3 });
    expect(await runSocle({}, ['witness', 'serve', '--dir', dir()])).toMatchObject({ code: 2 });
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
});
