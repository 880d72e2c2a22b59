import { randomToken } from '@socle/base';
import { openBrowser } from '../test/support/http-browser.ts';
import { refreshFlow } from './identity/flows.ts';
import { openCaller, type HttpCaller } from './identity/http-caller.ts';
import { repeat } from './identity/measure.ts';
import { memoryMbOf } from './identity/process-cost.ts';
import { serveSocle, type Served } from './identity/served.ts';
import type { BenchResult } from './result.ts';

const REFRESHERS = 8;
const FLOODERS = 200;
const WINDOW_MS = 5_000;
const PROBE_EVERY_MS = 50;
const RECOVERY_TRIES_MS = 100;

/**
 * Two hundred wrong passwords at once, again and again, against the service as it is started: how health and those who only
 * refresh their tokens get on meanwhile, and how long a sign-in takes to be itself again after it.
 */
export async function run(): Promise<BenchResult[]> {
  const socle = await serveSocle(REFRESHERS);
  const caller = openCaller(socle.issuer);
  const flood = openCaller(socle.issuer);
  try {
    const turns: (() => Promise<void>)[] = [];
    for (let n = 0; n < REFRESHERS; n += 1) turns.push(await refreshFlow.open(socle, caller, n));
    const forms: SignInForm[] = [];
    for (let n = 0; n < FLOODERS; n += 1) forms.push(await openForm(socle));
    await repeat(turns, 3_000);
    const alone = await repeat(turns, WINDOW_MS);
    const calm = await timeSignIn(socle);
    const before = await memoryMbOf(socle.pid);
    const answers = new Map<number, number>();
    let isOver = false;
    const flooding = forms.map(async (form) => {
      while (!isOver) {
        const status = await tryWrongPassword(flood, form);
        answers.set(status, (answers.get(status) ?? 0) + 1);
      }
    });
    // Half a second for the wave to stand before anything is counted.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const health = probeHealth(socle.issuer, () => isOver);
    const during = await repeat(turns, WINDOW_MS);
    isOver = true;
    const endedAt = performance.now();
    const [times] = await Promise.all([health, ...flooding]);
    const recovery = await timeRecovery(socle, endedAt, calm);
    const after = await memoryMbOf(socle.pid);
    const tried = [...answers.values()].reduce((sum, count) => sum + count, 0);
    return [
      {
        name: 'wrong passwords answered in the flood',
        value: (tried * 1_000) / (WINDOW_MS + 500),
        unit: '1/s',
      },
      { name: '… of them told to come back (503)', value: (answers.get(503) ?? 0) / tried, unit: 'ratio' },
      {
        name: '… of them refused by a throttle (429)',
        value: (answers.get(429) ?? 0) / tried,
        unit: 'ratio',
      },
      {
        name: 'health in the flood, 99 of 100 answers within',
        value: quantile(times, 0.99),
        unit: 'ms',
        target: '< 100',
      },
      {
        name: 'health in the flood, the slowest answer',
        value: Math.max(...times),
        unit: 'ms',
        target: '< 100',
      },
      { name: 'refreshes alone', value: rate(alone), unit: '1/s' },
      { name: 'refreshes in the flood', value: rate(during), unit: '1/s' },
      {
        name: 'refreshes in the flood ÷ alone',
        value: rate(during) / rate(alone),
        unit: 'ratio',
        target: '≥ 0.7',
      },
      { name: 'memory before the flood', value: before.now, unit: 'MB' },
      {
        name: 'memory at its highest ÷ before',
        value: after.peak / before.now,
        unit: 'ratio',
        target: '≤ 2',
      },
      {
        name: 'a sign-in takes at most twice its usual time again after',
        value: recovery,
        unit: 'ms',
        target: '≤ 2000',
      },
    ];
  } finally {
    caller.close();
    flood.close();
    await socle.close();
  }
}

interface SignInForm {
  readonly path: string;
  readonly cookie: string;
}

/** A sign-in page of its own, as each attacking browser has one. */
async function openForm(served: Served): Promise<SignInForm> {
  const browser = openBrowser();
  const page = await browser.follow(await browser.get(`${served.issuer}/sign-in`));
  const cookie = [...browser.cookies(page.url)].map(([name, value]) => `${name}=${value}`).join('; ');
  return { path: new URL(page.url).pathname, cookie };
}

/** Another login each time: the throttles of one login are not what is tried here. */
async function tryWrongPassword(caller: HttpCaller, { path, cookie }: SignInForm): Promise<number> {
  const fields = { username: `personne.${randomToken(6)}`, password: 'ce n’est pas le bon' };
  const { status } = await caller.post(path, fields, { cookie });
  if (status !== 422 && status !== 429 && status !== 503) throw new Error(`the flood got ${status}`);
  return status;
}

async function probeHealth(issuer: string, isOver: () => boolean): Promise<number[]> {
  const caller = openCaller(issuer);
  const times: number[] = [];
  while (!isOver()) {
    const startedAt = performance.now();
    const { status } = await caller.get('/healthz');
    if (status !== 200) throw new Error(`health answered ${status}`);
    times.push(performance.now() - startedAt);
    await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
  }
  caller.close();
  return times;
}

async function timeSignIn(served: Served): Promise<number> {
  const { login, password } = served.people[0]!;
  const browser = openBrowser();
  const page = await browser.follow(await browser.get(`${served.issuer}/sign-in`));
  const startedAt = performance.now();
  const answer = await browser.submit(page, { username: login, password });
  return answer.status === 303 ? performance.now() - startedAt : Number.POSITIVE_INFINITY;
}

async function timeRecovery(served: Served, since: number, calm: number): Promise<number> {
  while (performance.now() - since < 30_000) {
    if ((await timeSignIn(served)) <= Math.max(2 * calm, 100)) return performance.now() - since;
    await new Promise((resolve) => setTimeout(resolve, RECOVERY_TRIES_MS));
  }
  return Number.POSITIVE_INFINITY;
}

function rate({ done, elapsedMs }: { done: number; elapsedMs: number }): number {
  return (done * 1_000) / elapsedMs;
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}
