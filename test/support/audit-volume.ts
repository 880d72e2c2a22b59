import type { Database } from '@socle/db';

const PIECE = 50_000;

/**
 * Puts `count` events into the log's queue as a service would have left them while no sequencer ran: written by the server
 * itself, since only the state that they leave is wanted. They are spread over `spanMs` from `from` on.
 */
export async function fillQueue(
  admin: Database,
  given: { readonly count: number; readonly from: Date; readonly spanMs: number },
): Promise<void> {
  for (let first = 0; first < given.count; first += PIECE) {
    const end = Math.min(first + PIECE, given.count);
    await admin.query(FILL, [first, end - 1, given.from, given.spanMs / given.count]);
  }
}

const FILL = `
  WITH numbered AS (
    SELECT n, date_trunc('milliseconds', $3::timestamptz + n * $4::float8 * interval '1 millisecond') AS at, md5($3::text || n) AS h
    FROM generate_series($1::int, $2::int) AS n
  ), named AS (
    SELECT n, at, h, ('00000000-0000-4000-8000-' || lpad(to_hex(n % 5000), 12, '0')) AS actor,
           ('00000000-0000-4000-8000-' || lpad(to_hex(n * 7 % 90000), 12, '0')) AS target,
           (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(h, 1, 3) || '8' || substr(h, 4, 15))::uuid AS id
    FROM numbered
  ), stored AS (
    INSERT INTO audit.events (id, at, class, controller, action, actor, target, outcome, salt, payload)
    SELECT id, at, 'A', 'academie-99', 'sample.record.read', 'person:' || actor, 'person:' || target, 'success',
           sha256(h::bytea),
           convert_to('{"action":"sample.record.read","actor":{"id":"' || actor || '","kind":"person"},"controller":"academie-99"'
             || ',"correlation":"req-' || n || '","detail":{"count":3,"rule":"sample.teacher"},"id":"' || id
             || '","network":{"address":"192.0.2.0","agent":"' || h || '"},"outcome":"success","session":"c2Vzc2lvbg","target":{"id":"'
             || target || '","kind":"person"},"ts":"' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
             || '","v":1}', 'UTF8')
    FROM named
    RETURNING id
  )
  INSERT INTO audit.pending (event_id) SELECT id FROM stored`;
