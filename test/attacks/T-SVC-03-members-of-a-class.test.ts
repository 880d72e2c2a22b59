import { beforeAll, describe, expect, it } from 'vitest';
import { signIn } from '../support/forms.ts';
import { openBrowser } from '../support/http-browser.ts';
import { openStolenDatabase, takeOverGrades, type KeyHolder } from '../support/module-caller.ts';
import { joinTerritory } from '../support/running-territory.ts';

const territory = joinTerritory();

interface PersonAnswer {
  readonly person: { readonly displayName: string };
  readonly memberOf: readonly { readonly id: string; readonly kind: string; readonly school: string }[];
}

describe('T-SVC-03 members of a class, on behalf of somebody who may not see them', () => {
  let grades: KeyHolder;
  const subjects = new Map<string, string>();
  let division: string;
  let school: string;

  beforeAll(async () => {
    grades = await takeOverGrades(territory);
    const module = await openStolenDatabase(territory);
    for (const username of [
      'zoe.lanoe',
      'raphaelle.noailles',
      'mathilde.bellerive',
      'loic.quemeneur',
      'gael.montfleury',
      'francoise.chateau-gaillard',
      'naivo.rakotoarisoa',
    ]) {
      await signIn(openBrowser(), `${territory.gradesUrl}/`, territory.account(username));
    }
    for (const { sub } of await module.query<{ sub: string }>('SELECT DISTINCT sub FROM client.sessions')) {
      const { status, body } = await grades.call('GET', `/modules/v1/people/${sub}`);
      if (status !== 200) continue;
      const { person, memberOf } = body as unknown as PersonAnswer;
      subjects.set(person.displayName, sub);
      if (person.displayName !== 'Zoé Lanoë') continue;
      ({ id: division, school } = memberOf.find(({ kind }) => kind === 'class')!);
    }
    await module.close();
  });
  const ask = (displayName: string) =>
    grades.call('GET', `/modules/v1/divisions/${division}/members?on-behalf-of=${subjects.get(displayName)}`);

  it.each(['Mathilde Bellerive', 'Loïc Quéméneur', 'Gaël Montfleury'])(
    'refuses on behalf of %s',
    async (displayName) => {
      expect(subjects.has(displayName)).toBe(true);
      const answer = await ask(displayName);
      expect(answer).toMatchObject({ status: 403, body: { code: 'access_denied' } });
      expect(answer.text).not.toContain('Zoé');
    },
  );

  it('answers on behalf of the teacher of the class, in the module’s own subjects', async () => {
    const answer = await ask('Raphaëlle Noailles');
    expect(answer.status).toBe(200);
    const { pupils } = answer.body as unknown as { pupils: { sub: string; displayName: string }[] };
    expect(pupils.find(({ displayName }) => displayName === 'Zoé Lanoë')?.sub).toBe(
      subjects.get('Zoé Lanoë'),
    );
    expect(answer.text).not.toMatch(/9000001|99-9000001|"id":"[^"]*".*birth/);
  });

  const listed = async (displayName: string, of = school) => {
    expect(subjects.has(displayName)).toBe(true);
    const answer = await grades.call(
      'GET',
      `/modules/v1/schools/${of}/divisions?on-behalf-of=${subjects.get(displayName)}`,
    );
    expect(answer.status).toBe(200);
    return (answer.body as unknown as { divisions: { id: string; name: string }[] }).divisions;
  };

  it.each(['Mathilde Bellerive', 'Loïc Quéméneur', 'Gaël Montfleury', 'Zoé Lanoë', 'Naivo Rakotoarisoa'])(
    'names no class of the school to %s',
    async (displayName) => {
      expect(await listed(displayName)).toEqual([]);
    },
  );

  it('names every class to the head, and to a teacher those she teaches', async () => {
    const all = await listed('Françoise Château-Gaillard');
    const taught = await listed('Raphaëlle Noailles');
    expect(all.map(({ id }) => id)).toContain(division);
    expect(taught.map(({ id }) => id)).toContain(division);
    expect(taught.length).toBeLessThan(all.length);
    expect(await listed('Françoise Château-Gaillard', 'x')).toEqual([]);
  });

  it('knows no class by a made-up id', async () => {
    const address = `/modules/v1/divisions/01a20a25-519a-7e23-905e-e97739db13f9/members?on-behalf-of=${subjects.get('Raphaëlle Noailles')}`;
    expect((await grades.call('GET', address)).status).toBe(404);
    expect((await grades.call('GET', address.replace(/01a20[^/]*/, 'x'))).status).toBe(404);
  });
});
