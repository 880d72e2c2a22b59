import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLink, mainText, sendForm, titleOf } from '../support/forms.ts';
import type { HttpBrowser } from '../support/http-browser.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

describe('the access log of a DPO', () => {
  let world: SocleUnderTest;
  let dpo: HttpBrowser;
  let [pupil, teacher]: TestPerson[] = [];
  beforeAll(async () => {
    world = await openSocleUnderTest();
    pupil = await world.add({
      givenName: 'Maïwenn',
      familyName: 'Kerdoncuff',
      school: world.phare,
      isPupil: true,
    });
    teacher = await world.add({
      givenName: 'Yannig',
      familyName: 'Salaün',
      school: world.phare,
      teaches: true,
    });
    dpo = await world.signIn(await world.add({ givenName: 'Fañch', academyRoles: ['dpo'] }));
    await look(teacher!, 3);
  });
  afterAll(() => world.close());

  async function look(by: TestPerson, times: number): Promise<void> {
    for (let index = 0; index < times; index += 1)
      await world.socle.database.transaction(
        (tx) =>
          world.socle.audit.append(tx, {
            controller: world.phare.controller,
            actor: { kind: 'person', id: by.id },
            action: 'directory.person.read',
            target: { kind: 'person', id: pupil!.id },
            outcome: 'success',
          }),
        { scope: 'all' },
      );
  }

  const readings = async (): Promise<number> => {
    const [row] = await world.database
      .openAdmin()
      .query<{ count: number }>(
        `SELECT count(*)::int AS count FROM audit.events WHERE action = 'audit.log.read'`,
      );
    return row!.count;
  };

  it('asks for a purpose first, and reads nothing before', async () => {
    const before = await readings();
    const page = await dpo.follow(await dpo.get(`${world.issuer}/dpo`));
    expect(titleOf(page)).toBe('Pourquoi consultez-vous le journal ?');
    const odd = await dpo.get(`${world.issuer}/dpo/access/events?purpose=curiosity`);
    expect(titleOf(odd)).toBe('Pourquoi consultez-vous le journal ?');
    expect(await readings()).toBe(before);
  });

  it('draws the shape of a period and logs each reading with its purpose', async () => {
    const before = await readings();
    const page = await dpo.get(`${world.issuer}/dpo/access?purpose=check&reference=2026-14`);
    expect(mainText(page)).toMatch(/Rien d’inhabituel/);
    expect(page.text.match(/<figure class="chart"/g)?.length).toBeGreaterThanOrEqual(4);
    expect(await readings()).toBeGreaterThan(before);
    const events = mainText(await dpo.get(`${world.issuer}/dpo/access/events?purpose=check&module=audit`));
    expect(events).toContain('Contrôle périodique (2026-14)');
  });

  it('answers who looked at a pupil, found by name without the name in an address', async () => {
    const search = await dpo.get(`${world.issuer}/dpo/access/person`);
    const found = await sendForm(dpo, search, /\/dpo\/access\/person$/, { name: 'kerdon maiw' });
    expect(mainText(found)).toContain('Maïwenn Kerdoncuff');
    expect(found.url).not.toContain('kerdon');
    const asked = await dpo.get(findLink(found, /Qui a regardé ses données/));
    expect(titleOf(asked)).toBe('Pourquoi consultez-vous le journal ?');
    const page = await dpo.get(`${asked.url}&purpose=request`);
    expect(titleOf(page)).toBe('Qui a regardé les données de Maïwenn Kerdoncuff');
    expect(mainText(page).match(/Yannig Salaün, enseignant/g)).toHaveLength(3);
    expect(mainText(page)).toContain('Fañch Le Goff');
  });

  it('pages through more than one page without losing an event', async () => {
    await look(teacher!, 60);
    const first = await dpo.get(
      `${world.issuer}/dpo/access/events?purpose=request&person=${pupil!.id}&action=directory.person.read`,
    );
    const second = await dpo.get(findLink(first, /Plus anciens/));
    const count = (text: string) => text.match(/Yannig Salaün/g)?.length ?? 0;
    expect(count(mainText(first))).toBe(50);
    expect(count(mainText(first)) + count(mainText(second))).toBe(63);
  });

  it('shows a DPO of one school nothing of another', async () => {
    const other = await world.signIn(
      await world.add({ givenName: 'Nolwenn', school: world.embruns, roles: ['dpo'] }),
    );
    const page = await other.get(`${world.issuer}/dpo/access/events?purpose=request&person=${pupil!.id}`);
    expect(page.status).toBe(200);
    expect(mainText(page)).not.toContain('Yannig');
    const search = await other.get(`${world.issuer}/dpo/access/person`);
    const found = await sendForm(other, search, /\/dpo\/access\/person$/, { name: 'kerdoncuff' });
    expect(mainText(found)).toContain('Personne à ce nom');
  });

  it('is closed to teachers, whose attempt is in the log', async () => {
    const browser = await world.signIn(teacher!);
    expect((await browser.get(`${world.issuer}/dpo/access?purpose=check`)).status).toBe(403);
    const page = await browser.get(`${world.issuer}/`);
    expect(page.text).not.toContain('href="/dpo"');
  });

  it('takes odd addresses for not asked', async () => {
    for (const query of [
      'person=../../etc',
      'after=1',
      'period-from=2026-99-99x',
      'module=%00',
      'reference=%3Cscript%3E',
    ]) {
      const page = await dpo.get(`${world.issuer}/dpo/access/events?purpose=check&${query}`);
      expect([query, page.status]).toEqual([query, 200]);
      expect(page.text).not.toContain('<script>');
    }
    const impossible = await dpo.get(`${world.issuer}/dpo/access?purpose=check&period-from=2026-02-31`);
    expect(impossible.status).toBe(200);
  });
});
