import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBundle, PolicyError, printBundle, signBundle, signRollback } from '@socle/authorization';
import { openSocleUnderTest, type SocleUnderTest } from '../support/socle-under-test.ts';
import { loadLoggedEvents } from '../support/logged-events.ts';

const REPOSITORY = path.resolve(import.meta.dirname, '../..');
const MARKS = 'modules/grades/policy.csv';

function makeKeys() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    secret: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    known: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

describe('T-AUZ-16 policies that are wrong, forged or older are put in force', () => {
  const owner = makeKeys();
  let folder: string;
  let socle: SocleUnderTest;
  let good: string;
  beforeAll(async () => {
    folder = await mkdtemp('/tmp/socle-policies-');
    await cp(path.join(REPOSITORY, 'policies'), path.join(folder, 'policies'), { recursive: true });
    await writeFile(path.join(folder, 'keys.pem'), owner.known);
    good = await readFile(path.join(folder, 'policies', MARKS), 'utf8');
    socle = await openSocleUnderTest({
      env: {
        SOCLE_POLICIES_DIR: path.join(folder, 'policies'),
        SOCLE_POLICY_KEYS_FILE: path.join(folder, 'keys.pem'),
      },
    });
  });
  afterAll(async () => {
    await socle.close();
    await rm(folder, { recursive: true, force: true });
  });

  const policies = () => socle.socle.policies;
  const edit = (text: string) => writeFile(path.join(folder, 'policies', MARKS), text);
  const bundleOf = async () =>
    JSON.parse(await (await fetch(`${socle.issuer}/policies/bundle`)).text()) as {
      bundle: { bundle: { number: number; digest: string } };
      rollback?: unknown;
    };
  const refusals = async () =>
    (await loadLoggedEvents(socle.database, 'service.policies.refused')).map(({ detail }) => detail!);
  const problemsOf = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => undefined,
      (refused: unknown) => refused,
    );
    expect(error).toBeInstanceOf(PolicyError);
    return (error as PolicyError).problems;
  };

  it.each([
    ['a typo in an effect', (text: string) => text.replace(/allow$/m, 'alow'), /allow/],
    ['a short row', (text: string) => text.replace(/, always, allow$/m, ''), /./],
    ['an unknown name', (text: string) => text.replace('teaches', 'teachs'), /teaches/],
    ['an empty file', () => '', /./],
    [
      'a row that allows everybody',
      (text: string) =>
        `${text}\np, GRA-999, anyone, school, grades.mark, grades.mark.read, any, always, allow\n`,
      /./,
    ],
  ])(
    'refuses %s with its file, line and what to write instead; what is in force stays',
    async (_title, spoil, instead) => {
      const before = await bundleOf();
      const told = (await refusals()).length;
      await edit(spoil(good));
      const problems = await problemsOf(policies().reload());
      expect(problems.length).toBeGreaterThan(0);
      expect(problems[0]!.file).not.toBe('');
      expect(problems.some((problem) => instead.test(problem.instead))).toBe(true);
      expect(await bundleOf()).toEqual(before);
      expect(policies().refusals.alarmed).toBe(true);
      const now = await refusals();
      expect(now.length).toBe(told + 1);
      expect(now.at(-1)).toMatchObject({ code: 'policy_refused', inForce: before.bundle.bundle.number });
    },
  );

  it('takes the folder when it is mended and changed, and goes back by a signed statement alone', async () => {
    const { number } = (await bundleOf()).bundle.bundle;
    await edit(`# Read again.\n${good}`);
    expect(await policies().reload()).toBe(number + 1);
    expect(policies().refusals.alarmed).toBe(false);
    expect((await bundleOf()).bundle.bundle.number).toBe(number + 1);
    const forged = makeKeys();
    await problemsOf(
      policies().rollBack(number, signRollback({ from: number + 1, to: number }, forged.secret)),
    );
    await problemsOf(policies().rollBack(77));
    expect((await bundleOf()).bundle.bundle.number).toBe(number + 1);
    const statement = signRollback({ from: number + 1, to: number }, owner.secret);
    expect(await policies().rollBack(number, statement)).toBe(number);
    expect(await bundleOf()).toMatchObject({ bundle: { bundle: { number } }, rollback: {} });
    // Starting again on the folder that was left does not bring it back.
    expect(await policies().reload()).toBe(number);
    await edit(`# And again.\n${good}`);
    expect(await policies().reload()).toBe(number + 2);
    await problemsOf(policies().rollBack(number, statement));
    expect((await bundleOf()).bundle.bundle.number).toBe(number + 2);
  });

  it('takes a bundle that its owner signed, and none that somebody else signed or changed', async () => {
    const { number } = (await bundleOf()).bundle.bundle;
    const bundle = printBundle(await buildBundle(path.join(REPOSITORY, 'policies'), number + 5));
    await problemsOf(policies().publish(signBundle(bundle, makeKeys().secret)));
    const signed = signBundle(bundle, owner.secret);
    await problemsOf(policies().publish(signed.replace('teaches_division', 'member_of')));
    await problemsOf(policies().publish(signed.slice(0, signed.length / 2)));
    expect((await bundleOf()).bundle.bundle.number).toBe(number);
    expect(await policies().publish(signed)).toBe(number + 5);
    await problemsOf(policies().publish(signed));
    // The folder is not read any more: its owner publishes.
    await edit(`# Once more.\n${good}`);
    expect(await policies().reload()).toBe(number + 5);
  });

  it('answers 304 while the bundle is the same, and wakes who waits when it changes', async () => {
    const first = await fetch(`${socle.issuer}/policies/bundle`);
    const etag = first.headers.get('etag')!;
    const headers = { 'if-none-match': etag };
    expect((await fetch(`${socle.issuer}/policies/bundle`, { headers })).status).toBe(304);
    const waiting = fetch(`${socle.issuer}/policies/bundle`, { headers: { ...headers, prefer: 'wait=20' } });
    const { number } = (await bundleOf()).bundle.bundle;
    const bundle = printBundle(await buildBundle(path.join(REPOSITORY, 'policies'), number + 1));
    await policies().publish(signBundle(bundle, owner.secret));
    const woken = await waiting;
    expect(woken.status).toBe(200);
    expect(woken.headers.get('etag')).not.toBe(etag);
  });
});
