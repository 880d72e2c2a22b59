import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import {
  clientCredentialsFlow,
  codeFlow,
  introspectionFlow,
  moduleTokenFlow,
  refreshFlow,
  signInFlow,
  userinfoFlow,
  type Flow,
} from './identity/flows.ts';
import { measureFlow, type FlowCost } from './identity/measure.ts';
import { serveBare, serveSocle } from './identity/served.ts';
import type { BenchResult } from './result.ts';

const WINDOW_MS = 2_000;
const PEOPLE = 24;

/** Each flow, and the most CPU of the service that it may cost, in ms. */
const FLOWS: readonly (readonly [flow: Flow, targetMs?: number])[] = [
  [refreshFlow, 0.9],
  [clientCredentialsFlow, 0.25],
  [moduleTokenFlow],
  [introspectionFlow, 0.3],
  [userinfoFlow, 0.3],
  [codeFlow, 1.5],
];

/**
 * CPU a request of the service as it is started, with PostgreSQL flushing to disk, its own share told apart; beside it
 * oidc-provider alone with nothing stored, and argon2 alone, in the same run.
 */
export async function run(): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  const wanted = process.env['BENCH_FLOWS']?.split(',');
  const flows = FLOWS.filter(
    ([flow]) => wanted === undefined || wanted.some((name) => flow.name.startsWith(name)),
  );
  const bareCosts = new Map<Flow, FlowCost>();
  const bare = await serveBare();
  try {
    for (const [flow] of flows) bareCosts.set(flow, await measureFlow(bare, flow, WINDOW_MS / 2));
  } finally {
    await bare.close();
  }
  const socle = await serveSocle(PEOPLE);
  try {
    for (const [flow, targetMs] of flows) {
      const cost = await measureFlow(socle, flow, WINDOW_MS);
      results.push(...describe(flow, cost, bareCosts.get(flow)!, targetMs));
    }
    if (wanted === undefined || wanted.includes('sign-in')) {
      const { iterations, build } = socle.under.socle.identity.passwordHashing;
      const alone = await measureArgon2(iterations);
      const signIn = await measureFlow(socle, signInFlow, WINDOW_MS);
      results.push(
        {
          name: `argon2 alone (${build}, ${iterations} passes), one verification: CPU`,
          value: alone,
          unit: 'ms',
        },
        { name: `${signInFlow.name}: CPU`, value: signIn.serviceMs, unit: 'ms' },
        { name: 'sign-in beyond argon2: CPU', value: signIn.serviceMs - alone, unit: 'ms', target: '≤ 3' },
        { name: `${signInFlow.name}: PostgreSQL’s CPU`, value: signIn.databaseMs, unit: 'ms' },
        { name: `${signInFlow.name}: rate`, value: signIn.perSecond, unit: '1/s' },
      );
    }
  } finally {
    await socle.close();
  }
  return results;
}

function describe(flow: Flow, cost: FlowCost, bare: FlowCost, targetMs: number | undefined): BenchResult[] {
  return [
    {
      name: `${flow.name}: CPU`,
      value: cost.serviceMs,
      unit: 'ms',
      ...(targetMs !== undefined && { target: `≤ ${targetMs}` }),
    },
    { name: `${flow.name}: CPU of oidc-provider alone`, value: bare.serviceMs, unit: 'ms' },
    {
      name: `${flow.name}: socle ÷ oidc-provider alone`,
      value: cost.serviceMs / bare.serviceMs,
      unit: 'ratio',
    },
    { name: `${flow.name}: PostgreSQL’s CPU`, value: cost.databaseMs, unit: 'ms' },
    { name: `${flow.name}: rate`, value: cost.perSecond, unit: '1/s' },
  ];
}

async function measureArgon2(passes: number): Promise<number> {
  const child = fork(path.join(import.meta.dirname, 'identity/argon2-alone.ts'), {
    env: { ...process.env, ARGON2_WINDOW_MS: String(WINDOW_MS), ARGON2_PASSES: String(passes) },
    execArgv: [],
  });
  const [message] = (await once(child, 'message')) as [{ cpuMs: number }];
  return message.cpuMs;
}
