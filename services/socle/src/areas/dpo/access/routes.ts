import type { PersonId } from '@socle/base';
import { openLogReader } from '@socle/audit';
import { searchDirectory } from '@socle/directory';
import { html } from '@socle/pages';
import type { AreaRoutes } from '../../area.ts';
import type { Visit } from '../../visit.ts';
import { warnOfEmergency } from '../../security/emergency/open-ones.ts';
import { renderEvents } from './events-page.ts';
import { renderOverview } from './overview-page.ts';
import { renderPersonSearch } from './person-page.ts';
import { renderPurpose } from './purpose-form.ts';
import { periodOf, readQuestion } from './question.ts';
import { loadCards, openReading } from './reading.ts';

const PAGE_SIZE = 50;
const FOUND = 20;
const LONGEST_NAME = 100;

/** The log of accesses as pages. Nothing is read before a purpose was chosen, and each reading is itself in the log. */
export function registerAccessPages({ get, post }: AreaRoutes): void {
  get('/dpo/access', async (visit) => {
    const question = readQuestion(visit);
    const reading = await openReading(visit, question);
    const warning = await warnOfEmergency(visit, '/dpo');
    if (question.purpose === undefined) {
      const asked = renderPurpose(visit, question, '/dpo/access');
      return visit.page({ ...asked, body: html`${warning}${asked.body}` });
    }
    const reader = openLogReader({ database: visit.socle.database, audit: visit.socle.audit });
    const period = periodOf(question);
    const filter = { ...period, ...(question.module === undefined ? {} : { module: question.module }) };
    const counts = await reader.count(reading, filter, ['hour', 'day', 'module', 'outcome', 'actor']);
    const unusual = await reader.findUnusual(reading, period);
    const cards = await loadCards(visit, [...(counts.actor ?? []).map(asParty), ...unusual.map(asParty)]);
    const overview = renderOverview(visit, { question, counts, unusual, cards });
    return visit.page({ ...overview, body: html`${warning}${overview.body}` });
  });

  get('/dpo/access/events', async (visit) => {
    const question = readQuestion(visit);
    const reading = await openReading(visit, question);
    if (question.purpose === undefined)
      return visit.page(renderPurpose(visit, question, '/dpo/access/events'));
    const reader = openLogReader({ database: visit.socle.database, audit: visit.socle.audit });
    const { module, action, person, as, after } = question;
    const { events, next } = await reader.search(reading, {
      ...periodOf(question),
      ...(module === undefined ? {} : { module }),
      ...(action === undefined ? {} : { action }),
      ...(person === undefined ? {} : { person, as }),
      ...(after === undefined ? {} : { after }),
      limit: PAGE_SIZE,
    });
    const cards = await loadCards(visit, [
      ...events.flatMap((event) => [event.actor, event.onBehalfOf, event.target]),
      ...(person === undefined ? [] : [{ kind: 'person', id: '', personId: person }]),
    ]);
    return visit.page(renderEvents(visit, { question, events, next, cards }));
  });

  get('/dpo/access/person', async (visit) => {
    await openReading(visit, readQuestion(visit));
    return visit.page(renderPersonSearch(visit, {}));
  });

  // by POST: a name does not belong in an address
  post('/dpo/access/person', async (visit, fields) => {
    await openReading(visit, readQuestion(visit));
    const text = (fields['name'] ?? '').trim().slice(0, LONGEST_NAME);
    if (text === '') return visit.page(renderPersonSearch(visit, { missing: true }));
    return visit.page(renderPersonSearch(visit, { text, found: await findPeople(visit, text) }));
  });
}

/** Whose entries the rules let the visitor read. */
async function findPeople({ socle, facts, session, now }: Visit, text: string) {
  const asker = {
    policies: socle.decisions.policies(),
    facts,
    environment: { now, acr: session.acr },
    action: 'directory.person.read',
  } as const;
  return socle.database.transaction(
    async (tx) => {
      const { people } = await searchDirectory(tx, asker, { text, limit: FOUND });
      for (const { person } of people) {
        await socle.audit.append(tx, {
          controller: person.controller,
          actor: { kind: 'person', id: session.personId },
          action: 'directory.person.read',
          target: { kind: 'person', id: person.id },
          outcome: 'success',
          session: session.id,
        });
      }
      return people;
    },
    { scope: 'all' },
  );
}

function asParty({ personId }: { readonly personId?: string }) {
  return { kind: 'person', id: '', ...(personId === undefined ? {} : { personId: personId as PersonId }) };
}
