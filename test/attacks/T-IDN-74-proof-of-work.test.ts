import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildManualClock, type ManualClock } from '@socle/base';
import { openBrowser, type HttpBrowser, type Page } from '../support/http-browser.ts';
import { startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { findWork, solveWork, type AskedWork } from '../support/solve-work.ts';

const PASSWORD = 'châtaigne bleue 7';

describe('T-IDN-74 many programs try passwords, each on other logins and from other addresses', () => {
  let server: IdentityServer;
  let clock: ManualClock;
  beforeAll(async () => {
    clock = buildManualClock(new Date());
    server = await startIdentityServer({ clock, trustedProxies: ['127.0.0.1'] });
    await server.addPerson('noemie', PASSWORD);
  });
  afterAll(() => server.close());
  // what the instances of the service have counted together by now
  const setPressure = async (refused: number, succeeded = 0) => {
    await server.test.openAdmin().query(
      `INSERT INTO identity.sign_in_pressure (one, refused, succeeded, at) VALUES (true, $1, $2, $3)
         ON CONFLICT (one) DO UPDATE SET refused = $1, succeeded = $2, at = $3`,
      [refused, succeeded, clock.now()],
    );
    clock.advanceSeconds(1);
  };
  // tests that wait long start from the same hour, so that a sign-in lives as long as the provider means it to
  const startAt = new Date();
  beforeEach(async () => {
    clock.set(startAt);
    await setPressure(400);
  });

  const from = (address: string) => ({ 'x-forwarded-for': address });
  let lastAddress = 0;
  const newAddress = () => {
    lastAddress += 1;
    return `198.51.${lastAddress >> 8}.${lastAddress & 255}`;
  };
  const open = async (browser: HttpBrowser = openBrowser()) => {
    const address = newAddress();
    const start = await browser.get(`${server.issuer}/sign-in?return-to=/`, from(address));
    const page = await browser.get(start.location ?? '', from(address));
    const send = (fields: Record<string, string>, to: Page = page) =>
      browser.post(to.url, { username: 'noemie', password: PASSWORD, ...fields }, from(address));
    return { page, work: findWork(page), send };
  };
  const openAsked = async () => {
    const opened = await open();
    if (!opened.work) throw new Error('no work is asked');
    return { ...opened, work: opened.work };
  };
  const proof = (work: AskedWork) => ({ work: work.challenge, 'work-solution': solveWork(work) });
  const hashedSince = async (act: () => Promise<void>): Promise<number> => {
    const count = async () => {
      const [row] = await server.test
        .openAdmin()
        .query<{ n: number }>(`SELECT coalesce(sum(attempts), 0)::int AS n FROM identity.throttles`);
      return row?.n ?? 0;
    };
    const before = await count();
    await act();
    return (await count()) - before;
  };

  it('asks nothing on an ordinary day, nor on a morning when many mistype', async () => {
    await setPressure(0);
    const quiet = await open();
    expect(quiet.work).toBeUndefined();
    expect(quiet.page.headers.get('content-security-policy')).toContain("worker-src 'none'");
    expect((await quiet.send({})).status).toBe(303);
    await setPressure(5_000, 10_000);
    const morning = await open();
    expect(morning.work).toBeUndefined();
    expect((await morning.send({})).status).toBe(303);
  });

  it('asks for more the more is refused, tells the log once each time, and stops by itself', async () => {
    const bits: number[] = [];
    for (const refused of [400, 2_000, 20_000]) {
      await setPressure(refused);
      const { work } = await openAsked();
      bits.push(work.zeroBits + Math.log2(work.parts));
    }
    expect(bits).toEqual([16, 18, 20]);
    clock.advanceSeconds(3_500);
    expect((await open()).work).toBeUndefined();
    const told = await server.test.openAdmin().query<{ bits: string }>(
      `SELECT substring(convert_from(payload, 'UTF8') FROM '"bits":(\\d+)') AS bits FROM audit.events
          WHERE action = 'identity.work.asked' ORDER BY id`,
    );
    expect(told.map((row) => Number(row.bits))).toEqual([16, 18, 20, 0]);
  });

  it('lets a solution through, and nobody without one; what is turned away is neither hashed nor counted', async () => {
    const { send, work, page } = await openAsked();
    expect(page.headers.get('content-security-policy')).toContain("worker-src 'self'");
    const attempts = await hashedSince(async () => {
      for (const sent of [{}, { work: work.challenge }, { work: '', 'work-solution': solveWork(work) }]) {
        const answer = await send(sent);
        expect(answer.status).toBe(429);
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
        expect(answer.text).not.toContain(PASSWORD);
      }
    });
    expect(attempts).toBe(0);
    expect((await send(proof(work))).status).toBe(303);
  });

  it('refuses a solution that was used, however many come at once: one gets through', async () => {
    const { send, work } = await openAsked();
    const sent = proof(work);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => send({ ...sent, password: 'faux mot de passe' })),
    );
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(7);
    expect((await send(sent)).status).toBe(429);
    const again = await openAsked();
    expect((await again.send(proof(again.work))).status).toBe(303);
  });

  it('refuses the solution of another sign-in, of an easier challenge, of one that expired, and altered ones', async () => {
    const other = await openAsked();
    const { send, work } = await openAsked();
    expect((await send(proof(other.work))).status).toBe(429);
    expect((await other.send(proof(other.work))).status).toBe(303);

    const solved = proof(work);
    const [bits = '', issued = '', nonce = '', mac = ''] = work.challenge.split('.');
    const forgeries = [
      ['00', issued, nonce, mac],
      ['16', String(Number(issued) + 1), nonce, mac],
      [bits, issued, nonce.split('').reverse().join(''), mac],
      [bits, issued, nonce, mac.split('').reverse().join('')],
      [bits, issued, nonce],
      ['ni fait, ni à faire'],
    ];
    for (const parts of forgeries) {
      expect((await send({ ...solved, work: parts.join('.') })).status).toBe(429);
    }
    const wrong = Buffer.from(solved['work-solution'], 'base64url');
    wrong.writeUInt32BE(wrong.readUInt32BE(60) ^ 1, 60);
    for (const solution of [
      wrong.toString('base64url'),
      'A'.repeat(86),
      '=',
      solved['work-solution'].slice(0, 40),
    ])
      expect((await send({ ...solved, 'work-solution': solution })).status).toBe(429);

    await setPressure(2_000);
    const easier = await send(solved);
    expect(easier.status).toBe(429);
    expect(findWork(easier)?.zeroBits).toBe(14);
    await setPressure(400);
    expect((await send(solved)).status).toBe(303);

    const late = await openAsked();
    const kept = proof(late.work);
    clock.advanceSeconds(20 * 60 + 1);
    await setPressure(400);
    const expired = await late.send(kept);
    expect(expired.status).toBe(429);
    const fresh = findWork(expired);
    expect(fresh).toBeDefined();
    expect((await late.send(proof(fresh!))).status).toBe(303);
  });

  it('lets whoever has no JavaScript wait instead, enforces the wait, and takes so many waits from a place', async () => {
    const { send, work } = await openAsked();
    const early = await send({ work: work.challenge });
    expect(early.status).toBe(429);
    expect(early.text).toContain('un peu trop tôt');
    expect(findWork(early)?.challenge).toBe(work.challenge);
    clock.advanceSeconds(10);
    expect((await send({ work: work.challenge })).status).toBe(303);

    const browser = openBrowser();
    const one = await browser.get(`${server.issuer}/sign-in`, from('203.0.113.9'));
    let page = await browser.get(one.location ?? '', from('203.0.113.9'));
    const statuses: number[] = [];
    for (let n = 0; n < 32; n += 1) {
      clock.advanceSeconds(10);
      await setPressure(400);
      const fields = { username: `personne${n}`, password: 'essai', work: findWork(page)?.challenge ?? '' };
      page = await browser.post(page.url, fields, from('203.0.113.9'));
      statuses.push(page.status);
    }
    expect(statuses).toEqual([...Array<number>(30).fill(422), 429, 429]);
    expect(page.text).toContain('Trop de personnes passent par cette attente');
    const work32 = findWork(page);
    expect(work32).toBeDefined();
    const solved = await browser.post(
      page.url,
      { username: 'noemie', password: PASSWORD, ...proof(work32!) },
      from('203.0.113.9'),
    );
    expect(solved.status).toBe(303);
  });

  it('never asks the browser that signed in to this login before, and asks it for another login', async () => {
    await setPressure(20_000);
    await server.addPerson('loïs', PASSWORD);
    await setPressure(0);
    const known = openBrowser();
    expect((await (await open(known)).send({})).status).toBe(303);
    const device = known.cookies(server.issuer).get('socle_device') ?? '';
    await setPressure(20_000);
    const again = openBrowser();
    again.setCookie(server.issuer, 'socle_device', device);
    const back = await open(again);
    expect(back.work).toBeUndefined();
    expect((await back.send({ username: 'loïs' })).status).toBe(429);
    expect((await back.send({})).status).toBe(303);
  });

  it('asks of everyone who tries one login that is tried all day, and of everyone from one busy place', async () => {
    await setPressure(0);
    for (let round = 0; round < 2; round += 1) {
      const { send } = await open();
      for (let n = 0; n < 11; n += 1) await send({ username: 'visée', password: `essai ${n}` });
      clock.advanceSeconds(15 * 60 + 1);
    }
    await setPressure(0);
    const tried = await open();
    const asked = await tried.send({ username: 'visée' });
    expect(asked.status).toBe(429);
    expect(findWork(asked)?.zeroBits).toBe(12);
    expect((await tried.send({})).status).toBe(303);
  });

  it('is raised by refusals alone: what this instance counts reaches the others, and its own successes do not hide them', async () => {
    await setPressure(0);
    const { send } = await open();
    await server.addPerson('complice', PASSWORD);
    for (let n = 0; n < 310; n += 1) await send({ username: `inconnu${n}`, password: 'essai' });
    const accomplice = await open();
    for (let n = 0; n < 3; n += 1) await (await open()).send({ username: 'complice' });
    expect(accomplice.work).toBeDefined();
    const status = await server.identity.workStatus();
    expect(status.bits).toBe(16);
    expect(status.refused).toBeGreaterThan(290);
    expect(status.counts.solved).toBeGreaterThan(0);
    const [row] = await server.test
      .openAdmin()
      .query<{ refused: number }>('SELECT refused FROM identity.sign_in_pressure');
    expect(row?.refused).toBeGreaterThan(240);
  });
});
