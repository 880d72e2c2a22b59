import type { PersonId } from '@socle/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPersonFacts } from '../people/load-person-facts.ts';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { SAMPLE } from '../testing/write-feed-sample.ts';
import { loadFamily, opposeCorrespondence } from './family.ts';
import {
  confirmAuthority,
  enterAuthority,
  loadAuthorityRequests,
  refuseAuthority,
  type EnteredAuthority,
} from './request-authority.ts';
import { closeAuthorityReview, loadAuthorityReviews } from './review-late-decisions.ts';

const day = (text: string) => new Date(`${text}T00:00:00Z`);

describe('authority over a child', () => {
  let directory: TestDirectory;
  let [zoe, adele, mother, father, head, cpe]: PersonId[] = [];
  beforeAll(async () => {
    directory = await openTestDirectory();
    await directory.importSample(SAMPLE);
    [zoe, adele, mother, father, head, cpe] = await Promise.all(
      ['1001', '1002', '2001', '2002', '3002', '3003'].map((key) => directory.person(key)),
    );
  });
  afterAll(() => directory.close());

  const by = (person: PersonId) => ({
    audit: directory.audit,
    author: { kind: 'person', id: person } as const,
    at: directory.clock.now(),
  });
  const enter = (change: Partial<EnteredAuthority> = {}, author = head!) =>
    directory.all((tx) =>
      enterAuthority(
        tx,
        { child: zoe!, adult: father!, exercise: 'withdrawn', validFrom: day('2026-10-01'), ...change },
        author,
        by(author),
      ),
    );
  const exercise = async (adult: PersonId, at: Date) =>
    (await directory.all((tx) => loadPersonFacts(tx, adult, at))).children.find(({ child }) => child === zoe)
      ?.exercise;
  const family = async (child: PersonId, at: Date, knownAt?: Date) =>
    new Map(
      (await directory.all((tx) => loadFamily(tx, child, at, knownAt))).map((each) => [each.adult, each]),
    );

  it('is entered by one, and changes nothing until another confirms; the first, the parent and the child may not', async () => {
    const id = await enter();
    expect(await exercise(father!, day('2026-11-01'))).toBe('joint');
    for (const who of [head!, father!, zoe!]) {
      await expect(directory.all((tx) => confirmAuthority(tx, id, who, by(who)))).rejects.toMatchObject({
        code: 'authority_unconfirmed',
      });
    }
    await expect(enter({}, father!)).rejects.toMatchObject({ code: 'authority_unconfirmed' });
    await expect(enter()).rejects.toMatchObject({ code: 'authority_request_waiting' });
    expect(await directory.all((tx) => loadAuthorityRequests(tx, directory.clock.now(), zoe!))).toMatchObject(
      [{ id, enteredBy: head, decision: { exercise: 'withdrawn', validFrom: day('2026-10-01') } }],
    );
    await directory.all((tx) => confirmAuthority(tx, id, cpe!, by(cpe!)));
    expect(await exercise(father!, day('2026-11-01'))).toBe('withdrawn');
    await expect(directory.all((tx) => confirmAuthority(tx, id, cpe!, by(cpe!)))).rejects.toMatchObject({
      code: 'authority_request_unknown',
    });
    const actions = (await directory.events()).map(({ action }) => action);
    expect(actions).toContain('directory.authority.entered');
    expect(actions).toContain('directory.authority.recorded');
  });

  it('may be refused, lapses after 30 days, and is confirmed once by rivals', async () => {
    const refused = await enter({ exercise: 'suspended' });
    await directory.all((tx) => refuseAuthority(tx, refused, cpe!, by(cpe!)));
    const lapsed = await enter({ exercise: 'suspended' });
    directory.clock.advanceSeconds(31 * 86_400);
    await expect(directory.all((tx) => confirmAuthority(tx, lapsed, cpe!, by(cpe!)))).rejects.toMatchObject({
      code: 'authority_request_unknown',
    });
    const id = await enter({ exercise: 'suspended', validFrom: day('2027-01-01') });
    const tries = await Promise.allSettled(
      Array.from({ length: 6 }, () => directory.all((tx) => confirmAuthority(tx, id, cpe!, by(cpe!)))),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await exercise(father!, day('2027-01-01'))).toBe('suspended');
  });

  it('opens a review of the time in which a late judgment was not known, and of no other', async () => {
    const now = directory.clock.now();
    expect(await directory.all((tx) => loadAuthorityReviews(tx, zoe!))).toEqual([]);
    // The mother lost exercise on 10 September; the school hears of it in October.
    const id = await enter({
      adult: mother!,
      exercise: 'none',
      validFrom: day('2026-09-10'),
      oversight: 'essential',
      restrictions: ['no_pickup'],
      evidenceReference: 'JAF 2026/77',
    });
    await directory.all((tx) => confirmAuthority(tx, id, cpe!, by(cpe!)));
    const reviews = await directory.all((tx) => loadAuthorityReviews(tx, zoe!));
    expect(reviews).toMatchObject([
      { adult: mother, believed: 'joint', decided: 'none', since: day('2026-09-10'), until: now },
    ]);
    // What was true then, as it is known now, and as it was known then.
    expect((await family(zoe!, day('2026-09-20'))).get(mother!)).toMatchObject({
      exercise: 'none',
      oversight: 'essential',
      restrictions: ['no_pickup'],
      mayBeWrittenTo: true,
      mustBeToldOfAbsence: false,
    });
    expect((await family(zoe!, day('2026-09-20'), day('2026-09-20'))).get(mother!)).toMatchObject({
      exercise: 'joint',
      oversight: 'full',
      restrictions: [],
    });
    const close = (who: PersonId) =>
      directory.all((tx) =>
        closeAuthorityReview(tx, { id: reviews[0]!.id, by: who, outcome: 'told' }, by(who)),
      );
    await expect(close(mother!)).rejects.toMatchObject({ code: 'authority_unconfirmed' });
    await close(cpe!);
    await expect(close(cpe!)).rejects.toMatchObject({ code: 'authority_review_unknown' });
    expect(await directory.all((tx) => loadAuthorityReviews(tx))).toEqual([]);
  });

  it('ends by itself in the first second of the eighteenth birthday, and leaves parents what the law leaves them', async () => {
    // Adèle was born on 2 November 2009; midnight in Paris is 23:00 UTC of the day before.
    const birthday = new Date('2027-11-01T23:00:00Z');
    const second = new Date(birthday.getTime() - 1);
    const children = async (at: Date) =>
      (await directory.all((tx) => loadPersonFacts(tx, mother!, at))).children.map(({ child }) => child);
    expect(await children(second)).toContain(adele);
    expect(await children(birthday)).not.toContain(adele);
    const oppose = (author: PersonId, opposed = true) =>
      directory.all((tx) => opposeCorrespondence(tx, adele!, opposed, by(author)));
    await expect(oppose(adele!)).rejects.toMatchObject({ code: 'not_an_adult' });
    expect((await family(adele!, second)).get(mother!)?.endedByMajorityAt).toBeUndefined();
    directory.clock.advanceSeconds((birthday.getTime() - directory.clock.now().getTime()) / 1000);
    await expect(oppose(mother!)).rejects.toMatchObject({ code: 'opposition_not_own' });
    const told = async () => {
      const member = (await family(adele!, directory.clock.now())).get(mother!)!;
      return [member.endedByMajorityAt?.getTime(), member.mayBeWrittenTo, member.mustBeToldOfAbsence];
    };
    expect(await told()).toEqual([birthday.getTime(), true, true]);
    await oppose(adele!);
    directory.clock.advanceSeconds(60);
    expect(await told()).toEqual([birthday.getTime(), false, true]);
    await oppose(adele!, false);
    directory.clock.advanceSeconds(60);
    expect(await told()).toEqual([birthday.getTime(), true, true]);
  });
});
