import { randomInt } from 'node:crypto';
import { openAudit } from '@socle/audit';
import { buildSampleEvent, sampleActions } from '@socle/audit/testing';
import { systemClock, uuidv7 } from '@socle/base';
import { openDatabase } from '@socle/db';

/**
 * Writers of the log in a process of their own, to be killed or told to stop (SIGTERM). Prints the ids of each transaction
 * once it is committed: what was acknowledged. Some transactions are rolled back, some stay open for long.
 */
const [url = '', writers = '1', longMs = '0', eventsEach = 'Infinity', paceMs = '0'] = process.argv.slice(2);
const database = openDatabase({ url, maxConnections: Number(writers) + 1 });
const audit = openAudit({ database, clock: systemClock, actions: [sampleActions] });
const people = Array.from({ length: 50 }, () => uuidv7());
let stopped = false;
process.once('SIGTERM', () => (stopped = true));

const isRollback = new Error('rolled back on purpose');

async function write(writer: number): Promise<void> {
  let left = Number(eventsEach);
  for (let turn = 0; !stopped && left > 0; turn += 1) {
    const count = Math.min(left, randomInt(1, 8));
    const events = Array.from({ length: count }, () =>
      buildSampleEvent({
        actor: { kind: 'person', id: people[randomInt(people.length)]! },
        correlation: `w${writer}-${turn}`,
      }),
    );
    try {
      const ids = await database.transaction(async (tx) => {
        const appended = await audit.appendMany(tx, events);
        // the first transaction of every eighth writer stays open for long: it commits after later ones
        if (turn === 0 && writer % 8 === 0 && Number(longMs) > 0)
          await new Promise((resolve) => setTimeout(resolve, Number(longMs)));
        if (turn % 5 === 4) throw isRollback;
        return appended;
      });
      left -= count;
      process.stdout.write(`${ids.join(' ')}\n`);
      if (paceMs !== '0') await new Promise((resolve) => setTimeout(resolve, Number(paceMs)));
    } catch (error) {
      if (error !== isRollback) throw error;
    }
  }
}

await Promise.all(Array.from({ length: Number(writers) }, (_, index) => write(index)));
await audit.close();
await database.close();
