import { startModule, type ModuleConfig, type ModuleOptions, type RunningModule } from '@socle/client';
import { actions } from './actions.ts';
import { RESTORE_WITHIN_HOURS } from './acts/delete-draft.ts';
import { migrationsFolder } from './migrations.ts';
import type { Grades } from './reading/grades.ts';
import { openFrame } from './routes/frame.ts';
import { addRoutes } from './routes/routes.ts';
import { purgeDeleted } from './store/assessment-store.ts';

const PURGE_EVERY_MS = 3_600_000;

/** Environment: `GRADES_*` and `SOCLE_ISSUER`. */
export const configDefaults = Object.freeze({ prefix: 'GRADES', port: 3001 });

/** What the client library needs to run this module; `now` is the only source of the present. */
export function buildModuleOptions(
  config: ModuleConfig,
  log: ModuleOptions['log'],
  now: () => Date = () => new Date(),
): ModuleOptions {
  return {
    config,
    log,
    name: 'grades',
    title: { fr: 'Notes', en: 'Marks' },
    migrations: migrationsFolder,
    actions,
    async routes(app, { client, database }) {
      const grades: Grades = { client, database, now };
      const frame = await openFrame(app, { client, config });
      addRoutes(app, grades, frame);
      const timer = setInterval(() => void purge(), PURGE_EVERY_MS).unref();
      app.addHook('onClose', () => clearInterval(timer));
      await purge();

      async function purge(): Promise<void> {
        const before = new Date(now().getTime() - RESTORE_WITHIN_HOURS * 3_600_000);
        await database
          .transaction((tx) => purgeDeleted(tx, before), { scope: 'all' })
          .then((removed) => removed > 0 && log.info({ removed }, 'deleted drafts were erased'))
          .catch(() => log.warn({}, 'deleted drafts could not be erased; the next round will'));
      }
    },
  };
}

/** Opens the module and listens; for tests and for those who compose it into a process of their own. */
export function startGrades(
  config: ModuleConfig,
  log: ModuleOptions['log'],
  now?: () => Date,
): Promise<RunningModule> {
  return startModule(buildModuleOptions(config, log, now));
}
