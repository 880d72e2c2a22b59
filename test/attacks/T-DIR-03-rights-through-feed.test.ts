import { findPersonByJoinKey, loadPersonFacts } from '@socle/directory';
import { openTestDirectory, SAMPLE, type TestDirectory } from '@socle/directory/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

describe('T-DIR-03 a feed that gives rights it should not', () => {
  let directory: TestDirectory;
  beforeEach(async () => {
    directory = await openTestDirectory();
    await directory.importSample(SAMPLE);
    directory.clock.advanceSeconds(3_600);
  });
  afterEach(() => directory.close());

  const roles = async (key: string) => {
    const person = await directory.person(key);
    const facts = await directory.all((tx) => loadPersonFacts(tx, person, directory.clock.now()));
    return facts.roles.map(({ role }) => role);
  };

  it('does not make a teacher of a pupil whose key comes back among the staff', async () => {
    const pupil = SAMPLE.pupils![0]!;
    const result = await directory.importSample(
      {
        ...SAMPLE,
        day: '20260902',
        pupils: SAMPLE.pupils!.slice(1),
        staff: [
          ...SAMPLE.staff!,
          {
            id: pupil.id,
            sn: 'Lefèvre',
            givenName: 'Zoé',
            ENTPersonFonctions: '901$ENS$ENSEIGNEMENT$L1300$MATHS',
          },
        ],
      },
      { force: true },
    );
    expect(result.warnings).toContainEqual({ kind: 'category_changed', count: 1, sample: [pupil.id] });
    expect(await roles(pupil.id)).not.toContain('teacher');
    // The same record under a key of its own is a teacher.
    directory.clock.advanceSeconds(3_600);
    await directory.importSample(
      {
        ...SAMPLE,
        day: '20260903',
        staff: [
          ...SAMPLE.staff!,
          {
            id: '3009',
            sn: 'Lefèvre',
            givenName: 'Zoé',
            ENTPersonFonctions: '901$ENS$ENSEIGNEMENT$L1300$MATHS',
          },
        ],
      },
      { force: true },
    );
    expect(await roles('3009')).toEqual(['teacher']);
  });

  it('does not make a guardian of somebody who is no relative', async () => {
    const pupils = SAMPLE.pupils!.map((pupil) => ({
      ...pupil,
      ENTElevePersRelEleve: ['3003$20$1$1$1$0', '2001$10$1$1$1$0'],
    }));
    await directory.importSample({ ...SAMPLE, day: '20260902', pupils });
    expect(await roles('3003')).toEqual(['cpe']);
    expect(await roles('2001')).toEqual(['guardian', 'guardian']);
  });

  it('does not lead a reassigned mailbox to the person who had it', async () => {
    const mail = { kind: 'agent_mail', value: 'ines.berard@ac-99.example' } as const;
    const holder = () => directory.all((tx) => findPersonByJoinKey(tx, mail));
    expect((await holder())?.givenName).toBe('Inès');
    const staff = SAMPLE.staff!.map((person) => {
      if (person.id === '3001') return { ...person, mail: [] };
      return person.id === '3003' ? { ...person, mail: mail.value } : person;
    });
    await directory.importSample({ ...SAMPLE, day: '20260902', staff });
    expect((await holder())?.givenName).toBe('Maëlle');
    directory.clock.advanceSeconds(3_600);
    // Two claim it: nobody has it.
    const both = SAMPLE.staff!.map((person) => ({ ...person, mail: mail.value }));
    await directory.importSample({ ...SAMPLE, day: '20260903', staff: both });
    expect(await holder()).toBeUndefined();
  });
});
