import { randomToken } from '@socle/base';
import { buildTotpCode } from '@socle/identity';
import { findForm, sendForm } from '../test/support/forms.ts';
import { openBrowser, type Page } from '../test/support/http-browser.ts';
import { openCaller, type HttpCaller } from './identity/http-caller.ts';
import { serveSocle, type Served } from './identity/served.ts';
import type { BenchResult } from './result.ts';

const TRIES = Number(process.env['BENCH_TRIES'] ?? 400);
/** Of the shorter half of the answers: what disturbs a machine only ever makes an answer longer. */
const SHARE = 0.5;
const RESAMPLES = 2_000;

interface Sample {
  readonly name: string;
  /** Prepares one try; gives what is timed. */
  prepare(): Promise<() => Promise<void>>;
}

/**
 * Whether time tells a login that exists from one that does not, or a locked one from either; and a wrong code of a second
 * factor from one that was right a moment ago. Four hundred tries each, in turns; the difference of the means of the shorter
 * halves, with the interval that holds it in 95 of 100 resamplings (bootstrap).
 */
export async function run(): Promise<BenchResult[]> {
  const socle = await serveSocle(4);
  const caller = openCaller(socle.issuer);
  try {
    const locked = socle.people[1]!.login;
    for (let n = 0; n < 12; n += 1) await (await prepareLogin(socle, caller, locked, [422, 429]))();
    const known = {
      name: 'known',
      prepare: () => prepareLogin(socle, caller, socle.people[0]!.login, [422]),
    };
    const unknown = {
      name: 'unknown',
      prepare: () => prepareLogin(socle, caller, `personne.${randomToken(6)}`, [422]),
    };
    const stop = keepOpen(socle);
    const [times] = [await measure([known, unknown], stop)];
    const shut = {
      name: 'locked, known',
      prepare: () => prepareLogin(socle, caller, locked, [429]),
    };
    const ghost = `personne.${randomToken(6)}`;
    for (let n = 0; n < 12; n += 1) await (await prepareLogin(socle, caller, ghost, [422, 429]))();
    const shutGhost = {
      name: 'locked, unknown',
      prepare: () => prepareLogin(socle, caller, ghost, [429]),
    };
    const lockedTimes = await measure([shut, shutGhost]);
    const codeTimes = await measureCodes(socle, caller);
    return [
      ...compare('wrong password: unknown login beside a known one', times),
      ...compare('too many tries: unknown login beside a known one', lockedTimes),
      ...compare('second factor: a code that was used beside a wrong one', codeTimes),
    ];
  } finally {
    caller.close();
    await socle.close();
  }
}

/** A code that is wrong, and one that was right and is used up. */
async function measureCodes(
  socle: Awaited<ReturnType<typeof serveSocle>>,
  caller: HttpCaller,
): Promise<[number[], number[]]> {
  const { under } = socle;
  const person = await under.add({ givenName: 'Enora', school: under.phare, roles: ['head'] });
  const admin = under.database.openAdmin();
  let usedAt = 0;
  const send = async (code: string | undefined, expected: number): Promise<() => Promise<void>> => {
    const browser = openBrowser();
    const page = await browser.follow(await browser.get(`${socle.issuer}/sign-in`));
    const asked = await sendForm(browser, page, /^\/sign-in\//, {
      username: person.login,
      password: person.password,
    });
    const form = findForm(asked, /\/code$/);
    const cookie = [...browser.cookies(form.action)].map(([name, value]) => `${name}=${value}`).join('; ');
    const path = new URL(form.action).pathname;
    const fields = { ...form.fields, code: code ?? buildTotpCode(person.totpSecret!, new Date()) };
    return async () => {
      const { status } = await caller.post(path, fields, { cookie });
      if (status !== expected) throw new Error(`a code got ${status}`);
    };
  };
  const prepareUsed = async () => {
    const step = Math.floor(Date.now() / 30_000);
    if (step > usedAt) await (await send(undefined, 303))();
    usedAt = step;
    return send(undefined, 422);
  };
  return measure(
    [
      { name: 'wrong', prepare: () => send('000000', 422) },
      { name: 'used', prepare: prepareUsed },
    ],
    async () => {
      await admin.query('DELETE FROM identity.throttles');
      await admin.query('DELETE FROM identity.sign_in_pressure');
    },
  );
}

/** Forgets the tries on the known login, which would close after ten. */
function keepOpen(socle: Awaited<ReturnType<typeof serveSocle>>): () => Promise<void> {
  const admin = socle.under.database.openAdmin();
  return async () => {
    await admin.query(
      "DELETE FROM identity.throttles WHERE kind IN ('stranger', 'strangerDay') AND attempts < 11",
    );
    // Four hundred failures in a row look like the attack that they are: no proof of work may be asked for meanwhile.
    await admin.query('DELETE FROM identity.sign_in_pressure');
  };
}

async function prepareLogin(
  served: Served,
  caller: HttpCaller,
  username: string,
  expected: readonly number[],
): Promise<() => Promise<void>> {
  const browser = openBrowser();
  const page: Page = await browser.follow(await browser.get(`${served.issuer}/sign-in`));
  const cookie = [...browser.cookies(page.url)].map(([name, value]) => `${name}=${value}`).join('; ');
  const path = new URL(page.url).pathname;
  return async () => {
    const { status } = await caller.post(path, { username, password: 'ce n’est pas le bon' }, { cookie });
    if (!expected.includes(status)) throw new Error(`${username} got ${status}`);
  };
}

async function measure(
  samples: readonly [Sample, Sample],
  between?: () => Promise<void>,
): Promise<[number[], number[]]> {
  const times: [number[], number[]] = [[], []];
  for (let n = 0; n < TRIES; n += 1) {
    // In turns, and each pair in the other order than the last: a machine that slows down slows both.
    for (const index of n % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      await between?.();
      const act = await samples[index].prepare();
      const startedAt = performance.now();
      await act();
      times[index].push(performance.now() - startedAt);
    }
  }
  return times;
}

function compare(name: string, [left, right]: readonly [number[], number[]]): BenchResult[] {
  const differences = Array.from(
    { length: RESAMPLES },
    () => shortMean(resample(right)) - shortMean(resample(left)),
  );
  differences.sort((a, b) => a - b);
  const [low, high] = [
    differences[Math.floor(RESAMPLES * 0.025)]!,
    differences[Math.floor(RESAMPLES * 0.975)]!,
  ];
  const usual = shortMean(left);
  return [
    { name: `${name}: usual time`, value: usual, unit: 'ms' },
    { name: `${name}: difference`, value: shortMean(right) - usual, unit: 'ms' },
    { name: `${name}: least difference (95 %)`, value: low, unit: 'ms', target: '≤ 0' },
    { name: `${name}: greatest difference (95 %)`, value: high, unit: 'ms', target: '≥ 0' },
  ];
}

function shortMean(times: readonly number[]): number {
  const shorter = times.toSorted((a, b) => a - b).slice(0, Math.floor(times.length * SHARE));
  return shorter.reduce((sum, time) => sum + time, 0) / shorter.length;
}

function resample(times: readonly number[]): number[] {
  return Array.from({ length: times.length }, () => times[Math.floor(Math.random() * times.length)]!);
}
