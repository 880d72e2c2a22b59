import {
  clientCredentialsFlow,
  codeFlow,
  introspectionFlow,
  refreshFlow,
  userinfoFlow,
} from './identity/flows.ts';
import { measureFlow, type FlowCost } from './identity/measure.ts';
import { memoryMbOf } from './identity/process-cost.ts';
import { serveSocle } from './identity/served.ts';
import type { BenchResult } from './result.ts';

const SESSIONS = Number(process.env['BENCH_SESSIONS'] ?? 100_000);
const WINDOW_MS = 1_500;
const FLOWS = [refreshFlow, clientCredentialsFlow, introspectionFlow, userinfoFlow, codeFlow];

/**
 * The rates of the flows before and after a hundred thousand people have a live session, each with its grant, a refresh
 * token and an access token: copies of a real one, written to the database as it would be.
 */
export async function run(): Promise<BenchResult[]> {
  const socle = await serveSocle(16);
  try {
    // Twice, so that what is compared is not the warmth of the code.
    for (const flow of FLOWS) await measureFlow(socle, flow, WINDOW_MS / 3);
    const few: FlowCost[] = [];
    for (const flow of FLOWS) few.push(await measureFlow(socle, flow, WINDOW_MS));
    const sessions = await multiplySessions(socle.under.database.openAdmin(), SESSIONS);
    const many: FlowCost[] = [];
    for (const flow of FLOWS) many.push(await measureFlow(socle, flow, WINDOW_MS));
    const memory = await memoryMbOf(socle.pid);
    return [
      { name: 'live sessions', value: sessions, unit: 'sessions', target: `≥ ${SESSIONS}` },
      {
        name: 'memory of the service after all flows on them',
        value: memory.now,
        unit: 'MB',
        target: '≤ 250',
      },
      { name: 'its highest since the start', value: memory.peak, unit: 'MB' },
      ...FLOWS.map((flow, index) => ({
        name: `${flow.name}: rate with them ÷ without`,
        value: many[index]!.perSecond / few[index]!.perSecond,
        unit: 'ratio',
        target: '≥ 0.9',
      })),
    ];
  } finally {
    await socle.close();
  }
}

/** Copies the session, grant and tokens of the people who are signed in to as many others; gives how many live now. */
async function multiplySessions(
  admin: { query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]> },
  count: number,
): Promise<number> {
  await admin.query(
    `CREATE TEMPORARY TABLE copies AS
       SELECT n, gen_random_uuid() AS account_id, gen_random_uuid() AS person_id, gen_random_uuid() AS session_id,
              'copied-' || n AS uid, sha256(convert_to('grant ' || n, 'UTF8')) AS grant_key
         FROM generate_series(1, $1) AS n`,
    [count],
  );
  await admin.query(
    `INSERT INTO identity.accounts (id, person_id, login, login_key, password_hash, created_at, changed_at)
     SELECT account_id, person_id, 'copie.' || n, 'copie.' || n, (SELECT password_hash FROM identity.accounts LIMIT 1),
            now(), now() FROM copies`,
  );
  await admin.query(
    `INSERT INTO identity.sessions
     SELECT c.session_id, c.uid, c.account_id, s.acr, s.amr, s.shared_computer, s.device_label, s.authenticated_at,
            s.created_at, s.last_seen_at, s.idle_expires_at, s.absolute_expires_at
       FROM copies AS c CROSS JOIN (SELECT * FROM identity.sessions LIMIT 1) AS s`,
  );
  for (const model of ['Session', 'Grant', 'RefreshToken', 'AccessToken']) {
    await admin.query(
      `INSERT INTO identity.provider_rows (model, key, payload, account_id, client_id, grant_key, uid, expires_at)
       SELECT r.model, CASE WHEN r.model = 'Grant' THEN c.grant_key
                            ELSE sha256(convert_to(r.model || ' ' || c.n, 'UTF8')) END,
              r.payload, c.account_id, r.client_id, CASE WHEN r.grant_key IS NOT NULL THEN c.grant_key END,
              CASE WHEN r.model = 'Session' THEN c.uid END, now() + interval '8 hours'
         FROM copies AS c
        CROSS JOIN (SELECT * FROM identity.provider_rows WHERE model = $1 AND account_id IS NOT NULL LIMIT 1) AS r`,
      [model],
    );
  }
  await admin.query('ANALYZE identity.provider_rows, identity.sessions, identity.accounts');
  const [row] = await admin.query<{ live: number }>(
    `SELECT count(*)::int AS live FROM identity.sessions AS s
       JOIN identity.provider_rows AS r ON r.model = 'Session' AND r.uid = s.provider_uid
      WHERE s.idle_expires_at > now() AND r.expires_at > now()`,
  );
  return row!.live;
}
