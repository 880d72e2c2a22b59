import {
  openAccessChangeCounter,
  openEngine,
  type AccessChangeCount,
  type Policies,
} from '@socle/authorization';
import { loadFactsReplicaFrom } from '@socle/directory';
import type { CommandIo } from './command.ts';
import { COMMAND_LINE, withSocle } from './runtime.ts';

const SHOWN_EVERY = 20_000;

/**
 * Counts, over everybody of the directory at this moment, who gains and who loses by new policies. Says on standard error how
 * far it is. The result names nobody; that it was made is logged as `service.policies.compared`.
 */
export function countOnData(
  before: Policies,
  after: Policies,
  actions: readonly string[],
  io: CommandIo,
): Promise<{ readonly people: number; readonly counts: readonly AccessChangeCount[] }> {
  return withSocle(io, async ({ database, audit, clock }) => {
    const replica = await loadFactsReplicaFrom(database, clock);
    const at = clock.now();
    const counter = openAccessChangeCounter(openEngine(before), openEngine(after), { actions, at });
    replica.rows.forEach((number) => {
      const facts = replica.readFacts(replica.rows.table.read(number), at);
      if (!facts) return;
      counter.add(facts);
      if (counter.people % SHOWN_EVERY === 0) io.stderr(`${counter.people} / ${replica.people}\n`);
    });
    const { people, counts } = counter;
    await database.transaction(
      (tx) =>
        audit.append(tx, {
          controller: 'platform',
          ...COMMAND_LINE,
          action: 'service.policies.compared',
          outcome: 'success',
          detail: { digest: after.digest, people, actions: actions.length },
        }),
      { scope: 'all' },
    );
    return { people, counts };
  });
}

/** A line for each action, in the language's words: how many gain and lose, then by role. */
export function sayCounts({ counts }: { readonly counts: readonly AccessChangeCount[] }): readonly string[] {
  return counts.flatMap(({ action, gained, lost, byRole }) => [
    `${action} : ${gained} personnes gagnent, ${lost} perdent / ${gained} people gain, ${lost} lose`,
    ...Object.entries(byRole).map(([role, of]) => `  ${role}: +${of.gained} -${of.lost}`),
  ]);
}
