import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdKey } from '../support/module-caller.ts';
import { openModuleOfSocle, type Arrived, type ModuleOfSocle } from '../support/module-of-socle.ts';
import { openSocleUnderTest, type SocleUnderTest } from '../support/socle-under-test.ts';

describe('T-CLI-14 a module asks for the facts of people who are not its affair', () => {
  let socle: SocleUnderTest;
  let absences: ModuleOfSocle;
  let mail: ModuleOfSocle;
  let arrived: Arrived;
  beforeAll(async () => {
    socle = await openSocleUnderTest();
    absences = await openModuleOfSocle(socle);
    mail = await openModuleOfSocle(socle, {}, { clientId: 'mail' });
    const cpe = await socle.add({
      givenName: 'Nolwenn',
      school: socle.phare,
      roles: ['cpe', 'dpo'],
      birthDate: '1980-05-04',
    });
    arrived = await absences.arrive(cpe);
  });
  afterAll(async () => {
    await absences.close();
    await mail.close();
    await socle.close();
  });

  const call = (module: ModuleOfSocle, address: string) =>
    holdKey(socle.issuer, module.clientId, module.privateJwk).call('GET', address);

  it('gives it those of who is signed in to it, and no more than its rules ask', async () => {
    const answer = await call(absences, `/modules/v1/facts/${arrived.sub}`);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ sub: arrived.sub, module: 'absences', facts: { suspended: false } });
    expect(answer.text).toContain('"cpe"');
    expect(answer.text).not.toContain('"dpo"');
    expect(answer.text).not.toContain('Nolwenn');
  });

  it('refuses those of a person whose subject it knows but who never came', async () => {
    const pupil = await socle.add({ givenName: 'Ewen', school: socle.phare, isPupil: true });
    const subject = await socle.socle.identity.pairwiseSubjects(socle.socle.database, 'localhost', [
      pupil.id,
    ]);
    const own = await socle.database
      .openAdmin()
      .query<{ sector: string }>('SELECT DISTINCT sector FROM identity.pairwise_subjects');
    expect(subject.size).toBe(1);
    for (const { sector } of own) {
      const known = await socle.socle.identity.pairwiseSubjects(socle.socle.database, sector, [pupil.id]);
      const answer = await call(absences, `/modules/v1/facts/${known.get(pupil.id)}`);
      expect([403, 404]).toContain(answer.status);
      expect(answer.text).not.toContain('pupil"');
    }
  });

  it('refuses another module the subject that this one was given, and anybody without a token', async () => {
    const answer = await call(mail, `/modules/v1/facts/${arrived.sub}`);
    expect([403, 404]).toContain(answer.status);
    expect(answer.text).not.toContain('cpe');
    for (const address of [`/modules/v1/facts/${arrived.sub}`, '/modules/v1/changes?since=0'])
      expect((await fetch(`${socle.issuer}${address}`)).status).toBe(401);
  });

  it('names in what changed nobody whom the module does not know', async () => {
    const first = await call(absences, '/modules/v1/changes?since=0');
    const since = (first.body as { revision: number }).revision;
    const stranger = await socle.add({ givenName: 'Malo', school: socle.phare, roles: ['teacher'] });
    const changed = await call(absences, `/modules/v1/changes?since=${since}`);
    expect(changed.body).toMatchObject({ people: [] });
    expect((changed.body as { revision: number }).revision).toBeGreaterThan(since);
    expect(changed.text).not.toContain(stranger.id);
    expect((await call(absences, '/modules/v1/changes?since=x')).status).toBe(400);
  });
});
