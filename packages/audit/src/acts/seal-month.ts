import { canonicalJson, sha256, type EventId } from '@socle/base';
import { signNote, type NoteSigner } from '../checkpoint.ts';
import { loadHead } from '../sequencer/batch-store.ts';
import { carryOut, refuseAct, type ActOptions } from './carry-out.ts';

export interface SealOptions extends ActOptions {
  /** `YYYY-MM`; it must be over. */
  readonly month: string;
  readonly keys: NoteSigner;
}

/** A closed month: what it held, as its signed manifest tells. */
export interface Seal {
  readonly month: string;
  readonly orderId: EventId;
  readonly events: number;
  /** SHA-256 of the manifest, in hexadecimal. */
  readonly digest: string;
}

const FORMAT = 'socle-audit-seal/1';
const MONTH = /^\d{4}-(?:0[1-9]|1[0-2])$/;
const COMMITMENTS_AT_ONCE = 10_000;

/**
 * Closes a month: its events are counted by class, each one's commitment is kept beside its leaf, and the counts stand
 * with the tree's root and the digest of the seal before in a signed manifest, whose digest is in the log.
 *
 * @returns the seal; the one that is there when the month was sealed before.
 * @throws AuditError `audit_act_refused` when the month is not over, or an event of it is not in the tree yet.
 */
export async function sealMonth(options: SealOptions): Promise<Seal> {
  const { database, month, keys } = options;
  if (!MONTH.test(month)) throw refuseAct('a month is written YYYY-MM');
  const from = `${month}-01`;
  const known = await loadSeal(options, from);
  if (known) return known;
  const [row] = await database.query<{ to: string; over: boolean; previous: string | null }>(
    `SELECT audit.month_end($1)::text AS to, audit.month_end($1) < (now() AT TIME ZONE 'UTC')::date AS over,
            (SELECT manifest FROM audit.seals WHERE month < $1 ORDER BY month DESC LIMIT 1) AS previous`,
    [from],
  );
  const { to, over, previous } = row!;
  if (!over) throw refuseAct('the month is not over');
  for (let copied = 1; copied > 0; ) {
    const [next] = await database.query<{ copied: number }>(
      'SELECT audit.keep_commitments($1, $2) AS copied',
      [from, COMMITMENTS_AT_ONCE],
    );
    copied = next!.copied;
  }
  const classes = await database.query<{
    class: string;
    events: number;
    first_leaf: number | null;
    last_leaf: number | null;
    pending: number;
  }>('SELECT * FROM audit.count_month($1)', [from]);
  if (classes.some(({ pending }) => pending > 0))
    throw refuseAct('an event of the month is not in the tree yet');
  const head = await loadHead(database);
  const count = classes.reduce((sum, { events }) => sum + events, 0);
  const previousDigest = previous === null ? undefined : sha256(previous).toString('hex');
  const manifest = canonicalJson({
    format: FORMAT,
    verifierKey: keys.verifierKey,
    from,
    to,
    count,
    classes: Object.fromEntries(classes.map(({ class: name, events }) => [name, events])),
    firstLeaf: count === 0 ? null : Math.min(...classes.map(({ first_leaf }) => first_leaf!)),
    lastLeaf: count === 0 ? null : Math.max(...classes.map(({ last_leaf }) => last_leaf!)),
    tree: { size: head.size, root: head.root.toString('base64') },
    previous: previousDigest ?? null,
  });
  const digest = sha256(manifest).toString('hex');
  const note = signNote(`${FORMAT}\n${digest}\n`, keys);
  const { orderId } = await carryOut(
    options,
    {
      action: 'audit.period.sealed',
      detail: { from, to, count, digest, ...(previousDigest ? { previous: previousDigest } : {}) },
    },
    'seal_month',
    [manifest, note],
  );
  return { month, orderId, events: count, digest };
}

async function loadSeal({ database, month }: SealOptions, from: string): Promise<Seal | undefined> {
  const [row] = await database.query<{ order_id: EventId; manifest: string }>(
    'SELECT order_id, manifest FROM audit.seals WHERE month = $1',
    [from],
  );
  if (!row) return undefined;
  const { count } = JSON.parse(row.manifest) as { count: number };
  return { month, orderId: row.order_id, events: count, digest: sha256(row.manifest).toString('hex') };
}
