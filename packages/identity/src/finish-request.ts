import { invariant } from '@socle/base';
import type { AdapterOptions } from './adapter-options.ts';
import { burnReplayed } from './provider-adapter.ts';
import { useAndWriteRows, writeRows, type KeptAnswer, type NewRow } from './provider-store.ts';
import { findReplayableAnswer, sealAnswer } from './refresh-answers.ts';
import type { DeferredRows, RowUse } from './request-rows.ts';

/** The answer of the provider, which has not left yet. */
interface AnswerContext {
  readonly status: number;
  body: unknown;
}

type FinishOptions = Pick<
  AdapterOptions,
  'database' | 'clock' | 'onReplay' | 'isSameSender' | 'answersKey' | 'refuseSecondUse'
>;

/**
 * Writes what a request issued, with the use of what it was issued for, before the answer leaves. A request that failed
 * leaves everything as it was. The second use of a refresh token by the sender of the first gets the first one's answer
 * for a few seconds; any other second use burns the family.
 *
 * @throws an error of the protocol for a second use, DbError when the database does not answer.
 */
export async function finishRequest(
  ctx: AnswerContext,
  deferred: DeferredRows | undefined,
  options: FinishOptions,
): Promise<void> {
  if (!deferred || ctx.status >= 400) return;
  const { rows, use, replayed } = deferred;
  if (replayed !== undefined) {
    ctx.body = JSON.parse(replayed) as object;
    return;
  }
  if (!use) return writeRows(options.database, rows);
  const answer = keepAnswer(ctx, use, rows, options);
  const isFirst = await useAndWriteRows(options.database, { ...use, answer }, rows, options.clock.now());
  if (isFirst) return;
  const given = answer && (await findReplayableAnswer(options, use.id, senderOf(rows)));
  if (given !== undefined) {
    ctx.body = JSON.parse(given) as object;
    return;
  }
  await burnReplayed(options, use);
  throw options.refuseSecondUse('grant');
}

function keepAnswer(
  ctx: AnswerContext,
  use: RowUse,
  rows: readonly NewRow[],
  options: FinishOptions,
): KeptAnswer | undefined {
  if (use.model !== 'RefreshToken') return undefined;
  const successor = successorOf(rows);
  return {
    successorId: successor.id,
    sealed: sealAnswer(options.answersKey, use.id, JSON.stringify(ctx.body)),
  };
}

/** The successor has the client and the key of the token that was used. */
function senderOf(rows: readonly NewRow[]): { clientId?: string; jkt?: string } {
  return successorOf(rows).payload;
}

function successorOf(rows: readonly NewRow[]): NewRow {
  const successor = rows.find((row) => row.model === 'RefreshToken');
  invariant(successor, 'a refresh that uses up a token issues its successor');
  return successor;
}
