import type { Tx } from '@socle/db';
import { closeImport } from './import-ledger.ts';
import type { ImportResult } from './import-types.ts';
import type { Pass } from './pass.ts';
import type { RunOptions } from './plan.ts';

/** Notes that an import is done, with the event that counts what it did. */
export async function finishImport(
  tx: Tx,
  pass: Pick<Pass, 'importId' | 'digest' | 'academy' | 'academyCode' | 'controller' | 'at'>,
  result: ImportResult,
  options: Pick<RunOptions, 'clock' | 'audit'>,
): Promise<void> {
  const { warnings, ...counts } = result;
  await closeImport(tx, pass.importId, { state: 'done', at: options.clock.now(), counts, report: warnings });
  await options.audit.append(tx, {
    at: pass.at,
    controller: pass.controller,
    actor: { kind: 'system', id: 'import' },
    action: 'directory.import.completed',
    target: { kind: 'academy', id: pass.academy },
    outcome: 'success',
    detail: {
      import: pass.importId,
      digest: pass.digest,
      academy: pass.academyCode,
      schools: result.schools,
      created: result.created,
      changed: result.changed,
      suspended: result.suspended,
      refused: result.refused,
    },
  });
}
