import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { SAMPLE, type FeedSample, type SampleRecord } from '../testing/write-feed-sample.ts';

const numbers = Array.from({ length: 40 }, (_, index) => String(index + 100));
const person = (id: string, more: SampleRecord | object): SampleRecord => ({
  id,
  sn: `Kervella${id}`,
  givenName: 'Anaïs',
  ...more,
});

/** Forty pupils with a parent each, and forty teachers, in the sample's collège. */
function build(
  change: { links?: (index: number) => string; teacher?: (index: number) => object } = {},
): FeedSample {
  const link = change.links ?? (() => '1');
  return {
    schools: SAMPLE.schools,
    ...(SAMPLE.subjects ? { subjects: SAMPLE.subjects } : {}),
    pupils: numbers.map((id, index) =>
      person(`1${id}`, {
        ENTPersonStructRattach: '901',
        ENTEleveClasses: '901$3A',
        ENTElevePersRelEleve: `2${id}$10$0$${link(index)}$1$0`,
      }),
    ),
    relatives: numbers.map((id) => person(`2${id}`, {})),
    staff: numbers.map((id, index) =>
      person(`3${id}`, {
        ENTPersonStructRattach: '901',
        ENTPersonFonctions: '901$ENS$ENSEIGNEMENT$L0202$MATHS',
        ENTPersonCategorieEnseignant: 'O',
        ...change.teacher?.(index),
      }),
    ),
  };
}

describe('the guard of an import', () => {
  let directory: TestDirectory;
  beforeEach(async () => {
    directory = await openTestDirectory();
    expect(await directory.importSample(build())).toMatchObject({ refused: 0, warnings: [] });
  });
  afterEach(() => directory.close());

  const next = (sample: FeedSample, options = {}) => {
    directory.clock.advanceSeconds(86_400);
    return directory.importSample({ ...sample, day: '20260902' }, options);
  };

  it('stops a feed that changes more than 5 % of the links with adults, and lets a few pass', async () => {
    await expect(next(build({ links: (index) => (index < 25 ? '0' : '1') }))).rejects.toMatchObject({
      code: 'feed_changes_exceed_guard',
      details: { links: 40, linkEndings: 25, roleEndings: 0 },
    });
    expect(await next(build({ links: (index) => (index < 20 ? '0' : '1') }))).toMatchObject({ suspended: 0 });
  });

  it('stops a feed that takes a role from more than 10 % of those who have one, and lets a few pass', async () => {
    const staff = {
      ENTPersonFonctions: '901$ADF$ADMINISTRATION$-$SANS OBJET',
      ENTPersonCategorieEnseignant: 'N',
    };
    await expect(next(build({ teacher: (index) => (index < 21 ? staff : {}) }))).rejects.toMatchObject({
      code: 'feed_changes_exceed_guard',
      details: { holders: 80, roleEndings: 21, linkEndings: 0 },
    });
    expect(await next(build({ teacher: (index) => (index < 20 ? staff : {}) }))).toMatchObject({
      suspended: 0,
    });
  });

  it('asks whether somebody confirmed what it stopped, with the digest and the counts', async () => {
    const asked: unknown[] = [];
    const empty = { ...build(), pupils: [], relatives: [] };
    const answer = (confirmed: boolean) => ({
      force: async (_: unknown, feed: unknown) => {
        asked.push(feed);
        return confirmed;
      },
    });
    await expect(next(empty, answer(false))).rejects.toMatchObject({ code: 'feed_force_unconfirmed' });
    expect(asked).toEqual([
      expect.objectContaining({
        departures: 80,
        known: 120,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      }),
    ]);
    expect(await next(empty, answer(true))).toMatchObject({ suspended: 80 });
  });

  it('does not ask again for a confirmed feed whose import was broken off, but does for another', async () => {
    const empty = { ...build(), pupils: [], relatives: [] };
    const broken = next(empty, {
      force: async () => true,
      onProgress: ({ phase }: { phase: string }) => {
        if (phase === 'apply') throw new Error('broken off');
      },
    });
    await expect(broken).rejects.toThrow('broken off');
    const never = { force: async () => false };
    await expect(next({ ...empty, staff: [] }, never)).rejects.toMatchObject({
      code: 'feed_force_unconfirmed',
    });
    expect(await next(empty, never)).toMatchObject({ suspended: 80 });
  });
});
