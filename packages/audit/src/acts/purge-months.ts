import type { Clock } from '@socle/base';
import { carryOut, refuseAct, type ActOptions } from './carry-out.ts';
import { sealMonth, type SealOptions } from './seal-month.ts';

export interface PurgeOptions extends ActOptions, Pick<SealOptions, 'keys'> {
  readonly clock: Clock;
  /** How long content is kept after the end of its month. Default 12, at least 6: the database refuses less. */
  readonly retentionMonths?: number;
  /** Finds what would be purged, and does nothing. Default false. */
  readonly dryRun?: boolean;
}

/** What became of one month. */
export interface MonthPurge {
  /** `YYYY-MM` */
  readonly month: string;
  readonly events: number;
  /** `held`: a legal hold keeps it. */
  readonly outcome: 'purged' | 'held' | 'would_be_purged';
}

const LEAST_MONTHS = 6;

/**
 * Deletes the content of the months that the retention no longer covers: each is sealed, its purge is logged, and its
 * partition dropped. Leaves and what explains absences stay, so that verifiers say `purged`. Months under a legal hold
 * stay whole.
 *
 * @throws AuditError `audit_act_refused` for a retention under 6 months, `audit_event_not_sealed`.
 */
export async function purgeMonths(options: PurgeOptions): Promise<MonthPurge[]> {
  const retentionMonths = options.retentionMonths ?? 12;
  if (!Number.isInteger(retentionMonths) || retentionMonths < LEAST_MONTHS) {
    throw refuseAct(`content is kept at least ${LEAST_MONTHS} months`);
  }
  const done: MonthPurge[] = [];
  for (const { month, to, held, events } of await findMonths(options, retentionMonths)) {
    if (held || options.dryRun) {
      done.push({ month, events, outcome: held ? 'held' : 'would_be_purged' });
      continue;
    }
    await sealMonth({ ...options, month });
    const { result } = await carryOut<number>(
      options,
      {
        action: 'audit.period.purged',
        reason: 'retention',
        detail: { from: `${month}-01`, to, count: events },
      },
      'purge_month',
    );
    done.push({ month, events: result, outcome: 'purged' });
  }
  return done;
}

async function findMonths({ database, clock }: PurgeOptions, retentionMonths: number) {
  return database.query<{ month: string; to: string; held: boolean; events: number }>(
    "SELECT to_char(month, 'YYYY-MM') AS month, last_day::text AS to, held, events FROM audit.months_before($1)",
    [retentionStart(clock.now(), retentionMonths)],
  );
}

/** First day of the oldest month that is kept. */
function retentionStart(now: Date, months: number): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1)).toISOString().slice(0, 10);
}
