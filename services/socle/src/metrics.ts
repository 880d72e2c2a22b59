import { Gauge, type Registry } from 'prom-client';
import type { Anchors, Sequencer } from '@socle/audit';
import type { Socle } from './compose.ts';

/** Adds the figures of the database pool and of the log to the registry. */
export function watchMetrics(
  registry: Registry,
  socle: Socle,
  { sequencer, anchors }: { readonly sequencer: Sequencer; readonly anchors: Anchors },
): void {
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
    name: 'socle_sign_in_work_bits',
    help: 'Proof of work that strangers are asked for because of an attack on the whole service, in bits; 0: none',
    registers,
    async collect() {
      this.set((await socle.identity.workStatus()).bits);
    },
  });
  new Gauge({
    name: 'socle_sign_in_work_forms',
    help: 'Sign-in forms since this instance started that brought work, waited, or were turned away, by reason',
    labelNames: ['outcome'],
    registers,
    async collect() {
      const { counts } = await socle.identity.workStatus();
      for (const [outcome, count] of Object.entries(counts)) this.set({ outcome }, count);
    },
  });
  new Gauge({
    name: 'socle_facts_held_people',
    help: 'People whose facts this instance holds in memory; 0 while the database is asked for each',
    registers,
    collect() {
      this.set(socle.heldFacts.state.people);
    },
  });
  new Gauge({
    name: 'socle_facts_held_revision',
    help: 'Revision of the facts that this instance holds in memory',
    registers,
    collect() {
      this.set(socle.heldFacts.state.revision);
    },
  });
  new Gauge({
    name: 'socle_facts_held_bytes',
    help: 'Size of the arrays of those facts',
    registers,
    collect() {
      this.set(socle.heldFacts.state.bytes);
    },
  });
  new Gauge({
    name: 'socle_facts_held_loads',
    help: 'Times that this instance has read the facts of everybody, or failed to, since it started',
    labelNames: ['outcome'],
    registers,
    collect() {
      const { loads, failures } = socle.heldFacts.state;
      this.set({ outcome: 'done' }, loads);
      this.set({ outcome: 'failed' }, failures);
    },
  });
  new Gauge({
    name: 'socle_policies_number',
    help: 'Number of the bundle of policies by which this instance decides',
    registers,
    collect() {
      this.set(socle.policies.number);
    },
  });
  new Gauge({
    name: 'socle_policies_refused',
    help: 'Policies that this instance refused since it started; those in force stayed',
    registers,
    collect() {
      this.set(socle.policies.refusals.count);
    },
  });
  new Gauge({
    name: 'socle_policies_alarm',
    help: '1 while the last policies that were offered are refused',
    registers,
    collect() {
      this.set(socle.policies.refusals.alarmed ? 1 : 0);
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
  new Gauge({
    name: 'socle_audit_lag_seconds',
    help: 'Age of the oldest event of the last batch when its checkpoint was signed',
    registers,
    collect() {
      this.set(sequencer.metrics().lagMs / 1000);
    },
  });
  new Gauge({
    name: 'socle_audit_clock_drift_seconds',
    help: 'How far the clock of an event ran ahead of the sequencer, at most in the last five minutes',
    registers,
    collect() {
      this.set(sequencer.metrics().driftMs / 1000);
    },
  });
  new Gauge({
    name: 'socle_audit_sequencer_halted',
    help: '1 when the sequencer waits for a person: the log is not what a witness has seen',
    registers,
    collect() {
      this.set(sequencer.status().halted === undefined ? 0 : 1);
    },
  });
  new Gauge({
    name: 'socle_audit_anchor_size',
    help: 'Leaves that a witness or time-stamp authority vouches for',
    labelNames: ['anchor'],
    registers,
    collect() {
      for (const { name, size } of anchors.status()) this.set({ anchor: name }, size);
    },
  });
  new Gauge({
    name: 'socle_audit_anchor_age_seconds',
    help: 'Time since a witness or time-stamp authority last vouched for the log; absent until it has',
    labelNames: ['anchor'],
    registers,
    collect() {
      for (const { name, anchoredAt } of anchors.status())
        if (anchoredAt)
          this.set({ anchor: name }, (socle.clock.now().getTime() - anchoredAt.getTime()) / 1000);
    },
  });
  new Gauge({
    name: 'socle_audit_anchor_failing',
    help: '1 when a witness or time-stamp authority did not vouch for the log the last time, by reason',
    labelNames: ['anchor', 'reason'],
    registers,
    collect() {
      this.reset();
      for (const { name, failure } of anchors.status())
        if (failure !== undefined) this.set({ anchor: name, reason: failure }, 1);
    },
  });
}
