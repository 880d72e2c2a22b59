import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setGuardianAuthority } from '@socle/directory';
import { mainText, titleOf } from '../support/forms.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

describe('who looked at my data', () => {
  let world: SocleUnderTest;
  let [pupil, mother, stranger, teacher]: TestPerson[] = [];
  beforeAll(async () => {
    world = await openSocleUnderTest();
    const { phare } = world;
    pupil = await world.add({ givenName: 'Erwan', birthDate: '2013-04-02', school: phare, isPupil: true });
    mother = await world.add({ givenName: 'Soizic', school: phare, roles: ['guardian'] });
    stranger = await world.add({ givenName: 'Hervé', school: phare, roles: ['guardian'] });
    teacher = await world.add({ givenName: 'Gaud', familyName: 'Keravel', school: phare, teaches: true });
    const head = await world.add({ givenName: 'Anna', school: phare, roles: ['head'] });
    const second = await world.add({ givenName: 'Brieuc', school: phare, roles: ['head'] });
    await world.socle.database.transaction(
      async (tx) => {
        await setGuardianAuthority(
          tx,
          {
            adult: mother!.id,
            child: pupil!.id,
            exercise: 'joint',
            validFrom: new Date('2020-01-01T00:00:00Z'),
            declaresLink: true,
            recordedBy: head.id,
            confirmedBy: second.id,
          },
          world.context(),
        );
        await world.socle.audit.append(tx, {
          controller: phare.controller,
          actor: { kind: 'person', id: teacher!.id },
          action: 'directory.person.read',
          target: { kind: 'person', id: pupil!.id },
          outcome: 'success',
        });
      },
      { scope: 'all' },
    );
  });
  afterAll(() => world.close());

  it('says by role and school, without a name', async () => {
    const browser = await world.signIn(pupil!);
    const page = await browser.get(`${world.issuer}/account/access`);
    expect(titleOf(page)).toBe('Qui a vu mes données');
    expect(mainText(page)).toMatch(/Fiche d’une personne lue .* Par : enseignant, Collège Le Phare/);
    expect(page.text).not.toContain('Keravel');
  });

  it('says the same to a parent of the child, and nothing to another one', async () => {
    const parent = await world.signIn(mother!);
    const page = await parent.get(`${world.issuer}/account/access?child=${pupil!.id}`);
    expect(titleOf(page)).toBe('Qui a vu les données de Erwan');
    expect(mainText(page)).toContain('Par : enseignant');
    const other = await world.signIn(stranger!);
    const refused = await other.get(`${world.issuer}/account/access?child=${pupil!.id}`);
    expect(titleOf(refused)).toBe('Qui a vu mes données');
    expect(mainText(refused)).not.toContain('enseignant');
  });

  it('tells that nobody looked, and what would come', async () => {
    const browser = await world.signIn(teacher!);
    expect(mainText(await browser.get(`${world.issuer}/account/access`))).toContain('Personne n’a consulté');
  });
});
