import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonId } from '@socle/base';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { SAMPLE } from '../testing/write-feed-sample.ts';
import { loadPersonFacts } from './load-person-facts.ts';
import { setGuardianAuthority, type AuthorityDecision } from './set-guardian-authority.ts';

const day = (text: string) => new Date(`${text}T00:00:00Z`);

describe('setGuardianAuthority', () => {
  let directory: TestDirectory;
  let child: PersonId;
  let mother: PersonId;
  let father: PersonId;
  let head: PersonId;
  let cpe: PersonId;
  beforeAll(async () => {
    directory = await openTestDirectory();
    await directory.importSample(SAMPLE);
    [child, mother, father, head, cpe] = (await Promise.all(
      ['1001', '2001', '2002', '3002', '3003'].map((key) => directory.person(key)),
    )) as [PersonId, PersonId, PersonId, PersonId, PersonId];
  });
  afterAll(() => directory.close());

  const decide = (decision: Partial<AuthorityDecision>) =>
    directory.all((tx) =>
      setGuardianAuthority(
        tx,
        {
          child,
          adult: father,
          exercise: 'withdrawn',
          validFrom: day('2026-10-01'),
          recordedBy: head,
          confirmedBy: cpe,
          ...decision,
        },
        { audit: directory.audit, author: { kind: 'person', id: head }, at: directory.clock.now() },
      ),
    );
  const exercise = async (adult: PersonId, at: Date) => {
    const facts = await directory.all((tx) => loadPersonFacts(tx, adult, at));
    return facts.children.find((link) => link.child === child)?.exercise;
  };

  it.each([
    ['one person who both records and confirms', () => ({ confirmedBy: head })],
    ['a parent who confirms a decision about themself', () => ({ confirmedBy: father })],
    ['the child as recorder', () => ({ recordedBy: child })],
  ])('refuses %s', async (_, change) => {
    await expect(decide(change())).rejects.toMatchObject({ code: 'authority_unconfirmed' });
    expect(await exercise(father, day('2026-11-01'))).toBe('joint');
  });

  it('refuses a decision about two people who are not tied, or that ends before it starts', async () => {
    await expect(decide({ adult: cpe, confirmedBy: mother })).rejects.toMatchObject({
      code: 'authority_without_link',
    });
    await expect(decide({ validTo: day('2026-09-30') })).rejects.toMatchObject({
      code: 'role_window_invalid',
    });
  });

  it('takes authority away from its first day on, and from nobody else', async () => {
    await decide({ evidenceReference: 'JAF 2026/1234' });
    expect(await exercise(father, day('2026-09-30'))).toBe('joint');
    expect(await exercise(father, day('2026-10-01'))).toBe('withdrawn');
    expect(await exercise(mother, day('2026-10-01'))).toBe('joint');
    const event = (await directory.events()).findLast(
      ({ action }) => action === 'directory.authority.recorded',
    );
    expect(event?.detail).toMatchObject({ exercise: 'withdrawn', from: '2026-10-01T00:00:00.000Z' });
    expect(JSON.stringify(event)).not.toContain('JAF');
  });

  it('ends the snapshot of facts when a decision to come starts', async () => {
    const facts = await directory.all((tx) => loadPersonFacts(tx, father, day('2026-09-15')));
    expect(facts.children.find((link) => link.child === child)?.to).toEqual(day('2026-10-01'));
  });

  it('is overwritten by no feed, whatever the feed says of the pair', async () => {
    directory.clock.advanceSeconds(3_600);
    await directory.importSample({ ...SAMPLE, day: '20260902' });
    expect(await exercise(father, day('2026-11-01'))).toBe('withdrawn');
    directory.clock.advanceSeconds(3_600);
    const without = SAMPLE.pupils!.map((pupil) =>
      pupil.id === '1001' ? { ...pupil, ENTElevePersRelEleve: ['2001$10$1$1$1$0'] } : pupil,
    );
    await directory.importSample({ ...SAMPLE, day: '20260903', pupils: without });
    expect(await exercise(father, day('2026-11-01'))).toBe('withdrawn');
    directory.clock.advanceSeconds(3_600);
    await directory.importSample({ ...SAMPLE, day: '20260904' });
    expect(await exercise(father, day('2026-11-01'))).toBe('withdrawn');
  });

  it('lets a later decision replace a part of an earlier one, and keeps the rest and the past', async () => {
    const before = directory.clock.now();
    directory.clock.advanceSeconds(3_600);
    await decide({ exercise: 'suspended', validFrom: day('2026-12-01'), validTo: day('2027-01-01') });
    expect(await exercise(father, day('2026-11-30'))).toBe('withdrawn');
    expect(await exercise(father, day('2026-12-15'))).toBe('suspended');
    expect(await exercise(father, day('2027-01-01'))).toBe('withdrawn');
    const [known] = await directory.all((tx) =>
      tx.query<{ exercise: string }>('SELECT exercise FROM directory.links_in_force($1, $2, $3, $4)', [
        child,
        father,
        day('2026-12-15'),
        before,
      ]),
    );
    expect(known?.exercise).toBe('withdrawn');
  });

  it('takes rival decisions about one child one after the other', async () => {
    directory.clock.advanceSeconds(3_600);
    await Promise.all(
      (['none', 'sole', 'joint', 'suspended'] as const).map((wanted) =>
        decide({ exercise: wanted, validFrom: day('2028-01-01') }),
      ),
    );
    const rows = await directory.admin.query(
      `SELECT 1 FROM directory.guardian_links WHERE child_id = $1 AND adult_id = $2 AND source = 'local'
         AND superseded_at IS NULL AND valid_from <= '2028-02-01' AND (valid_to IS NULL OR valid_to > '2028-02-01')`,
      [child, father],
    );
    expect(rows).toHaveLength(1);
  });
});
