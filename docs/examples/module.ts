import { loadModuleConfig, runModule } from '@socle/client';
import { html, renderPage } from '@socle/pages';
import { pino } from 'pino';

const config = loadModuleConfig(process.env, { prefix: 'LISTS', port: 3009 });
await runModule({
  config,
  log: pino({ level: config.logLevel }),
  name: 'lists',
  title: { fr: 'Listes', en: 'Lists' },
  migrations: new URL('./module-migrations/', import.meta.url),
  actions: {
    'lists.class.read': {
      class: 'B',
      title: { fr: 'Liste lue', en: 'List read' },
      detail: { pupils: 'integer' },
    },
  },
  routes(app, { client, database }) {
    app.get('/', async (request, reply) => {
      const session = await client.requireSession(request, reply); // or the browser goes to sign in, and comes back
      const { person, teaches } = await client.directory.person(session);
      const division = teaches[0]?.division;
      const pupils = division ? (await client.directory.members(session, division.id)).pupils : []; // the socle decides
      if (division) {
        const { school, id } = division;
        const event = {
          session,
          action: 'lists.class.read',
          school,
          target: { kind: 'division', id },
          detail: { pupils: pupils.length },
        };
        await database.transaction((tx) => client.audit.append(tx, event)); // with the act, or not at all
      }
      const body = html`<ul>${pupils.map(({ displayName }) => html`<li>${displayName}</li>`)}</ul>`;
      const title = division?.name ?? person.displayName;
      return reply
        .type('text/html')
        .send(renderPage({ title, body, language: client.language(request), assets: client.assets }));
    });
  },
});
