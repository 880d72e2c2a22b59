import { composeSequencer } from '@socle/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mainText, titleOf } from '../support/forms.ts';
import type { HttpBrowser } from '../support/http-browser.ts';
import {
  openModuleOfSocle,
  waitUntil,
  type Arrived,
  type ModuleOfSocle,
} from '../support/module-of-socle.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

describe('a decision explained by its number in the log', () => {
  let world: SocleUnderTest;
  let module: ModuleOfSocle;
  let cpe: TestPerson;
  let pupil: TestPerson;
  let arrived: Arrived;
  let officer: HttpBrowser;
  let sub = '';
  beforeAll(async () => {
    world = await openSocleUnderTest();
    module = await openModuleOfSocle(world);
    cpe = await world.add({ givenName: 'Maïwenn', school: world.phare, roles: ['cpe'] });
    pupil = await world.add({
      givenName: 'Loeiz',
      familyName: 'Kerdoncuff',
      school: world.phare,
      isPupil: true,
    });
    officer = await world.signIn(
      await world.add({ givenName: 'Tifenn', academyRoles: ['security_officer'] }),
    );
    arrived = await module.arrive(cpe);
    sub = await subjectOf(pupil);
    await waitUntil(() => module.client.decisionStatus().policies > 0);
  });
  afterAll(async () => {
    await module.close();
    await world.close();
  });

  const justification = (place: Record<string, string> = { school: world.phare.id }) => ({
    action: 'absences.justification.read',
    resource: { type: 'absences.justification', id: 'j1' },
    properties: { division: world.phare.division, pupil: sub, ...place },
  });
  const page = (number: string, purpose = 'check') =>
    officer.get(`${world.issuer}/security/decisions?number=${number}&purpose=${purpose}`);
  const events = (action: string) =>
    world.database
      .openAdmin()
      .query<{ id: string; outcome: string; controller: string; payload: Buffer }>(
        'SELECT id, outcome, controller, payload FROM audit.events WHERE action = $1 ORDER BY id',
        [action],
      );
  /** The subject of the pupil in the module, as the module's lists give it. */
  const subjectOf = (person: TestPerson): Promise<string> =>
    world.socle.database.transaction(
      async (tx) =>
        (await world.socle.identity.pairwiseSubjects(tx, new URL(module.baseUrl).host, [person.id])).get(
          person.id,
        )!,
      { scope: 'all' },
    );

  it('is closed to a head of school, and nothing is read for them', async () => {
    const head = await world.signIn(
      await world.add({ givenName: 'Gwenn', school: world.phare, roles: ['head'] }),
    );
    const before = (await events('audit.log.read')).length;
    const answer = await head.get(`${world.issuer}/security/decisions?number=0&purpose=check`);
    expect(answer.status).toBe(403);
    expect((await events('audit.log.read')).length).toBe(before);
  });

  it('asks for a number and a purpose first, and reads nothing before', async () => {
    const before = (await events('audit.log.read')).length;
    const asked = await officer.get(`${world.issuer}/security/decisions`);
    expect(titleOf(asked)).toBe('Expliquer une décision');
    expect((await page('0', 'curiosity')).text).toContain('Dites pourquoi vous lisez le journal.');
    const odd = await page('%3Cscript%3E');
    expect(odd.status).toBe(422);
    expect(odd.text).not.toContain('<script>');
    expect((await events('audit.log.read')).length).toBe(before);
  });

  it('tells who, what, the rule in a sentence and the verdict of now; the reading is in the log', async () => {
    expect((await arrived.may(justification())).allowed).toBe(true);
    await waitUntil(async () => (await events('absences.decision.made')).length === 1);
    const [event] = await events('absences.decision.made');
    const text = mainText(await page(event!.id));
    expect(text).toContain('Accordé');
    expect(text).toContain('ABS-043');
    expect(text).toContain('Maïwenn Le Goff, CPE');
    expect(text).toContain('établissement Collège Le Phare');
    expect(text).toContain('élève Loeiz Kerdoncuff');
    expect(text).toContain('Le verdict serait le même maintenant.');
    const reading = (await events('audit.log.read')).at(-1)!.payload.toString();
    expect(reading).toContain('"kind":"find"');
    expect(reading).toContain('Contrôle périodique');
  });

  it('by its place in the tree too, and says that the verdict would differ once the role has ended', async () => {
    const sequencer = composeSequencer(world.socle, world.database.url('sequencer'));
    await sequencer.flush();
    await sequencer.close();
    const [event] = await events('absences.decision.made');
    const [leaf] = await world.database
      .openAdmin()
      .query<{ leaf_index: string }>('SELECT leaf_index FROM audit.leaves WHERE event_id = $1', [event!.id]);
    await world.database
      .openAdmin()
      .query('UPDATE directory.roles SET valid_to = now() WHERE person_id = $1', [cpe.id]);
    const text = mainText(await page(String(leaf!.leaf_index)));
    expect(text).toContain('Accordé');
    expect(text).toContain('l’accès serait refusé maintenant');
    expect(text).toMatch(/ABS-043[^.]*il manque : un CPE de l'établissement/);
    await world.database
      .openAdmin()
      .query('UPDATE directory.roles SET valid_to = NULL WHERE person_id = $1', [cpe.id]);
  });

  it('taken at the socle for a module is in the log as well: asked strictly, or about what lies in no school', async () => {
    await waitUntil(async () => (await arrived.may(justification())).allowed);
    const before = (await events('service.decision.made')).length;
    expect((await arrived.may(justification(), { consistency: 'strict' })).allowed).toBe(true);
    expect((await arrived.may(justification({}))).allowed).toBe(false);
    const found = (await events('service.decision.made')).slice(before);
    expect(found.map(({ outcome }) => outcome)).toEqual(['success', 'denied']);
    expect(found[0]!.controller).toBe(world.phare.controller);
    const text = mainText(await page(found[0]!.id));
    expect(text).toContain('ABS-043');
    expect(text).toContain('le programme « absences »');
    expect(mainText(await page(found[1]!.id))).toContain('Refusé');
  });

  it('logs nothing at the socle for what is not sensitive', async () => {
    const before = (await events('service.decision.made')).length;
    const asked = { action: 'resources.resource.open', resource: { type: 'resources.resource', id: 'r' } };
    await arrived.may({ ...asked, properties: { school: world.phare.id } }, { consistency: 'strict' });
    expect((await events('service.decision.made')).length).toBe(before);
  });

  it('shows no event that is no decision, none of another school, and none that is not there', async () => {
    const none = 'Aucune décision à ce numéro';
    const [other] = await events('audit.log.read');
    expect(mainText(await page(other!.id))).toContain(none);
    expect(mainText(await page('99999999'))).toContain(none);
    const [event] = await events('absences.decision.made');
    const local = await world.signIn(
      await world.add({ givenName: 'Nolwenn', school: world.embruns, roles: ['security_officer'] }),
    );
    const elsewhere = await local.get(`${world.issuer}/security/decisions?number=${event!.id}&purpose=check`);
    expect(mainText(elsewhere)).toContain(none);
  });
});
