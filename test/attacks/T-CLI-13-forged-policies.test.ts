import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openModuleOfSocle,
  waitUntil,
  type Arrived,
  type ModuleOfSocle,
} from '../support/module-of-socle.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

type Change = (text: string) => string;

describe('T-CLI-13 a module is given forged policies, older facts, or no news', () => {
  let socle: SocleUnderTest;
  let module: ModuleOfSocle;
  let cpe: TestPerson;
  let arrived: Arrived;
  /** What the attacker between the two does to the answers of an address. */
  const attacks = new Map<string, Change | 'silence'>();
  const answers = new Map<string, string>();
  /** Cut, it also ends the questions that wait for an answer. */
  let cable = new AbortController();
  const attackedFetch: typeof fetch = async (input, init) => {
    const address = new URL(input instanceof Request ? input.url : input).pathname;
    const attackOn = () => [...attacks].find(([prefix]) => address.startsWith(prefix))?.[1];
    if (attackOn() === 'silence') throw new TypeError('the network is cut');
    const signal = AbortSignal.any([cable.signal, ...(init?.signal ? [init.signal] : [])]);
    const answer = await fetch(input, { ...init, signal });
    const text = await answer.text();
    const attack = attackOn();
    if (attack === 'silence') throw new TypeError('the network is cut');
    const shown = attack === undefined ? text : attack(text);
    if (attack === undefined) answers.set(address, text);
    const body = answer.status === 204 || answer.status === 304 ? null : shown;
    return new Response(body, { status: answer.status, headers: { 'content-type': 'application/json' } });
  };
  beforeAll(async () => {
    socle = await openSocleUnderTest();
    module = await openModuleOfSocle(socle, {
      fetch: attackedFetch,
      sensitiveStaleSeconds: 60,
      staleSeconds: 600,
    });
    cpe = await socle.add({ givenName: 'Gwenaëlle', school: socle.phare, roles: ['cpe'] });
    arrived = await module.arrive(cpe);
    await waitUntil(() => module.client.decisionStatus().policies > 0);
  });
  afterAll(async () => {
    await module.close();
    await socle.close();
  });

  const ask = (action = 'absences.roll_call.read', type = 'absences.roll_call') => ({
    action,
    resource: { type, id: 'x' },
    properties: { school: socle.phare.id, division: socle.phare.division, pupil: 'p' },
  });
  const status = () => module.client.decisionStatus();
  const publish = () => socle.socle.policies;

  it('refuses a bundle whose rule was widened on its way: the one in force stays, and it is counted', async () => {
    const { policies, policiesRefused } = status();
    attacks.set('/policies/bundle', (text) =>
      text.replace(/"number":\d+/, '"number":99').replace('own_child_legal', 'any'),
    );
    attacks.set('/modules/v1/changes', (text) => text.replace(/"policies":\d+/, '"policies":99'));
    await socle.add({ givenName: 'Malo', school: socle.phare, roles: ['teacher'] });
    await waitUntil(() => status().policiesRefused > policiesRefused, 25_000);
    expect(status().policies).toBe(policies);
    expect((await arrived.may(ask())).allowed).toBe(true);
    attacks.clear();
  });

  it('refuses facts that are older than a change it heard of, and asks the socle instead', async () => {
    expect((await arrived.may(ask())).allowed).toBe(true);
    const address = `/modules/v1/facts/${arrived.sub}`;
    const old = answers.get(address)!;
    expect(old).toContain('cpe');
    attacks.set(address, () => old);
    const { revision } = status();
    await socle.database
      .openAdmin()
      .query('UPDATE directory.roles SET valid_to = now() WHERE person_id = $1', [cpe.id]);
    await waitUntil(() => status().revision > revision);
    expect((await arrived.may(ask())).allowed).toBe(false);
    expect(status().remote).toBeGreaterThan(0);
    attacks.clear();
    await socle.database
      .openAdmin()
      .query('UPDATE directory.roles SET valid_to = NULL WHERE person_id = $1', [cpe.id]);
    await waitUntil(async () => (await arrived.may(ask())).allowed);
  });

  it('goes on without news for a while, then refuses what is sensitive, then everything', async () => {
    const sensitive = ask('absences.justification.read', 'absences.justification');
    expect((await arrived.may(ask())).allowed).toBe(true);
    expect((await arrived.may(sensitive)).allowed).toBe(true);
    for (const address of ['/modules/', '/policies/', '/access/', '/token']) attacks.set(address, 'silence');
    cable.abort();
    const heard = status().heardAt!.getTime();
    module.clock.set(new Date(heard + 50_000));
    expect((await arrived.may(ask())).allowed).toBe(true);
    expect((await arrived.may(sensitive)).allowed).toBe(true);
    module.clock.set(new Date(heard + 61_000));
    expect((await arrived.may(ask())).allowed).toBe(true);
    await expect(arrived.may(sensitive)).rejects.toMatchObject({ code: 'socle_unavailable' });
    module.clock.set(new Date(heard + 601_000));
    await expect(arrived.may(ask())).rejects.toMatchObject({ code: 'socle_unavailable' });
    cable = new AbortController();
    attacks.clear();
    module.clock.set(new Date());
    await waitUntil(() => status().heardAt!.getTime() > heard, 10_000);
    expect((await arrived.may(sensitive)).allowed).toBe(true);
    expect(publish().number).toBe(status().policies);
  });
});
