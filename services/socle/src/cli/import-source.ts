import type { Socle } from '../compose.ts';
import { openLog } from '../log.ts';
import type { CommandIo } from './command.ts';
import { confirmedBySecond } from '../imports/force-approval.ts';
import { readAsker } from './import-force.ts';
import { runBehind } from './run-behind.ts';
import { openProgress } from './progress.ts';

/** Options of the command line that every feed but AAF takes. */
export const SOURCE_OPTIONS = {
  source: { type: 'string' },
  controller: { type: 'string' },
  'controller-name': { type: 'string' },
  academy: { type: 'string' },
  'dry-run': { type: 'boolean' },
  force: { type: 'boolean' },
  by: { type: 'string' },
  reason: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type SourceValues = {
  readonly [name in keyof typeof SOURCE_OPTIONS]?: string | boolean | undefined;
};

/** The options of an import as the directory takes them, with the way to close what shows its progress. */
export function readSourceOptions(socle: Socle, values: SourceValues, io: CommandIo) {
  const progress = openProgress(io);
  const text = (name: 'source' | 'controller' | 'academy') =>
    typeof values[name] === 'string' ? { [name]: values[name] } : {};
  const controllerName = values['controller-name'];
  return {
    close: () => progress.close(),
    options: {
      database: socle.database,
      audit: socle.audit,
      clock: socle.clock,
      log: openLog('silent'),
      dryRun: values['dry-run'] === true,
      force: values.force === true && confirmedBySecond(socle, readAsker(values)),
      startedBy: readAsker(values),
      ...runBehind(socle.config),
      ...text('source'),
      ...text('controller'),
      ...text('academy'),
      ...(typeof controllerName === 'string' ? { controllerName } : {}),
      onProgress: ({ phase, done, total }: { phase: string; done: number; total: number }) =>
        progress.show({ stage: phase, done, total }),
    },
  };
}
