import { silentLog, systemClock, uuidv7 } from '@socle/base';
import { openClient } from '@socle/client';
import { openDatabase } from '@socle/db';

// A module process that acts and delivers until it is killed. It prints the id of each act once that act is committed.
const [url = '', issuer = '', key = '{}'] = process.argv.slice(2);
const database = { ...openDatabase({ url }), name: 'absences' };
const client = await openClient({
  issuer,
  clientId: 'absences',
  privateKeyJwk: JSON.parse(key),
  baseUrl: 'http://localhost:1',
  database,
  clock: systemClock,
  log: silentLog,
  actions: {
    'absences.call.made': { class: 'A', title: { fr: 'Appel fait', en: 'Register taken' }, detail: {} },
  },
});
client.startDelivery();
for (;;) {
  const id = uuidv7();
  await database.transaction(async (tx) => {
    await tx.query('INSERT INTO public.calls VALUES ($1)', [id]);
    await client.audit.append(tx, { id, action: 'absences.call.made', school: 'e1' });
  });
  process.stdout.write(`${id}\n`);
}
