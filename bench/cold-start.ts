import { startTerritory } from '../test/support/territory.ts';
import type { BenchResult } from './result.ts';

/**
 * From nothing to `socle ready`: a new PostgreSQL cluster, migrations, the demo territory through the importer, its accounts,
 * the modules. Then the same data again, which is what a restart costs.
 */
export async function run(): Promise<BenchResult[]> {
  const first = performance.now();
  const territory = await startTerritory();
  const coldSeconds = (performance.now() - first) / 1000;
  await territory.stop();
  const second = performance.now();
  const again = await startTerritory({
    dataDir: territory.dataDir,
    ports: territory.ports,
  });
  const warmSeconds = (performance.now() - second) / 1000;
  await again.remove();
  return [
    { name: 'first start, empty folder', value: coldSeconds, unit: 's', target: '≤ 60' },
    { name: 'start on existing data', value: warmSeconds, unit: 's' },
  ];
}
