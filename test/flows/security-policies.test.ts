import { loadPhrases } from '@socle/authorization';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mainText, titleOf } from '../support/forms.ts';
import { openSocleUnderTest, type SocleUnderTest } from '../support/socle-under-test.ts';

describe('the policies in force, as pages', () => {
  let world: SocleUnderTest;
  beforeAll(async () => {
    world = await openSocleUnderTest();
  });
  afterAll(() => world.close());

  it('are closed to a head of school, who is told so in words and whose rail does not name them', async () => {
    const browser = await world.signIn(
      await world.add({ givenName: 'Gwenn', school: world.phare, roles: ['head'] }),
    );
    const page = await browser.get(`${world.issuer}/security/policies`);
    expect(page.status).toBe(403);
    expect(titleOf(page)).toBe('Cette page ne vous est pas ouverte');
    expect((await browser.get(`${world.issuer}/`)).text).not.toContain('href="/security"');
  });

  it('say each rule in a sentence to the security officer, narrowed to a role by the address', async () => {
    const browser = await world.signIn(
      await world.add({ givenName: 'Tifenn', academyRoles: ['security_officer'] }),
    );
    expect((await browser.get(`${world.issuer}/`)).text).toContain('href="/security"');
    const all = await browser.get(`${world.issuer}/security/policies`);
    expect(mainText(all)).toContain("Un parent ou responsable de l'établissement, pour un enfant");
    const narrowed = await browser.get(`${world.issuer}/security/policies?role=guest`);
    expect(narrowed.status).toBe(200);
    const parents = mainText(await browser.get(`${world.issuer}/security/policies?role=guardian`));
    expect(parents).toContain('GRA-015');
    expect(parents).not.toContain('GRA-011');
    expect(mainText(await browser.get(`${world.issuer}/security/policies?role=%3Cscript%3E`))).toContain(
      'GRA-011',
    );
  });

  it('answer for every object and role of the vocabulary, in words for each', async () => {
    const browser = await world.signIn(
      await world.add({ givenName: 'Aziliz', academyRoles: ['security_officer'] }),
    );
    const policies = world.socle.decisions.policies();
    const phrases = await loadPhrases(world.socle.config.policiesDir, policies);
    const all = await browser.get(`${world.issuer}/security/policies`);
    expect([all.status, policies.vocabulary.objects.size > 20]).toEqual([200, true]);
    const told = mainText(all).replaceAll(/\s+/g, ' ').toLowerCase();
    for (const [object, { actions }] of policies.vocabulary.objects) {
      expect(told, object).toContain(phrases.objects.get(object)!.fr.toLowerCase());
      for (const action of actions)
        expect(told, action).toContain(phrases.actions.get(action)!.fr.toLowerCase());
    }
    for (const role of policies.vocabulary.roles) {
      const { status } = await browser.get(`${world.issuer}/security/policies?role=${role}`);
      expect([role, status]).toEqual([role, 200]);
    }
  });

  it('tell who gained since the last release, and give the table as a file', async () => {
    const browser = await world.signIn(
      await world.add({ givenName: 'Tania', academyRoles: ['security_officer'] }),
    );
    const changes = await browser.get(`${world.issuer}/security/policies/changes`);
    expect(titleOf(changes)).toBe('Qui a gagné ou perdu des droits');
    expect(mainText(changes)).toMatch(/droits gagnés|Personne n’a gagné/);
    const file = await browser.get(`${world.issuer}/security/policies/matrix.html`);
    expect(file.headers.get('content-disposition')).toMatch(
      /^attachment; filename="socle-[0-9a-f]{12}\.html"$/,
    );
    expect(file.text).toContain('<h1>Qui peut faire quoi</h1>');
  });
});
