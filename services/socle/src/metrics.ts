import { Gauge, type Registry } from 'prom-client';
import type { Sequencer } from '@socle/audit';
import type { Socle } from './compose.ts';

/** Adds the figures of the database pool and of the log to the registry. */
export function watchMetrics(registry: Registry, socle: Socle, sequencer: Sequencer): void {
  const registers = [registry];
  new Gauge({
    name: 'socle_database_connections',
    help: 'Connections of the service, by state',
    labelNames: ['state'],
    registers,
    collect() {
      const usage = socle.database.usage();
      this.set({ state: 'total' }, usage.total);
      this.set({ state: 'idle' }, usage.idle);
      this.set({ state: 'waiting' }, usage.waiting);
    },
  });
  new Gauge({
    name: 'socle_audit_log_size',
    help: 'Leaves of the transparency log that this instance has sequenced up to',
    registers,
    collect() {
      this.set(sequencer.metrics().size);
    },
  });
  new Gauge({
    name: 'socle_audit_pending_events',
    help: 'Events that wait for the sequencer',
    registers,
    collect() {
      this.set(sequencer.metrics().pending);
    },
  });
}
