import { openLogReader, type FoundEvent } from '@socle/audit';
import { loadPhrases } from '@socle/authorization';
import { isUuid, type ControllerId, type PersonId, type SchoolId } from '@socle/base';
import { loadControllersOf, loadSchools } from '@socle/directory';
import type { AreaRoutes } from '../../area.ts';
import { loadCards } from '../../dpo/access/reading.ts';
import { strings as purposes } from '../../dpo/access/strings.ts';
import { placesWhere } from '../../may-anywhere.ts';
import type { Visit } from '../../visit.ts';
import { renderDecisionPage, type ExplainedDecision } from './page.ts';
import { readDecisionQuestion, type DecisionQuestion } from './question.ts';
import { decideAgain, readLoggedDecision } from './retell.ts';

const TYPE = 'security.system';
const ACTION = 'security.system.read';

/** `/security/decisions`: one sensitive decision explained by its number in the log. The reading is itself in the log. */
export function registerDecisionPages({ get }: AreaRoutes): void {
  get('/security/decisions', async (visit) => {
    const places = placesWhere(visit, ACTION, TYPE);
    await visit.requireMay(ACTION, places[0] ?? { type: TYPE });
    const question = readDecisionQuestion(visit);
    if (question.number === undefined || question.purpose === undefined)
      return visit.page(renderDecisionPage(visit, question));
    const event = await findEvent(visit, question);
    const explained = event && (await explainEvent(visit, event));
    return visit.page(renderDecisionPage(visit, question, explained ?? 'none'));
  });
}

/** Reads it in the controllers of the places that the visitor watches over. */
async function findEvent(
  visit: Visit,
  { number, purpose }: DecisionQuestion,
): Promise<FoundEvent | undefined> {
  const { socle, session, language } = visit;
  const scope = await socle.database.transaction(
    async (tx) => {
      const found = new Set<ControllerId>();
      for (const place of placesWhere(visit, ACTION, TYPE))
        for (const each of await loadControllersOf(tx, place)) found.add(each);
      return [...found];
    },
    { scope: 'all', readOnly: true },
  );
  return openLogReader(socle).find(
    {
      reader: { kind: 'person', id: session.personId },
      controller: session.person.controller ?? scope[0] ?? 'platform',
      purpose: purposes[language][`purpose_${purpose!}`],
      scope,
    },
    number!,
  );
}

async function explainEvent(visit: Visit, event: FoundEvent): Promise<ExplainedDecision | undefined> {
  const { socle, now } = visit;
  const { engine } = socle.policies;
  const logged = readLoggedDecision(event, engine);
  if (logged === undefined) return undefined;
  const facts = logged.person && (await socle.decisions.loadFacts(logged.person as PersonId));
  const { school, pupil, owner } = logged.resource ?? {};
  const [known] = isUuid(school)
    ? await socle.database.transaction((tx) => loadSchools(tx, { ids: [school as SchoolId] }), {
        scope: 'all',
        readOnly: true,
      })
    : [];
  return {
    logged,
    isPersonKnown: Boolean(facts),
    again: facts ? decideAgain(engine, logged, facts, now) : undefined,
    policies: engine.policies,
    phrases: await loadPhrases(socle.config.policiesDir, engine.policies),
    cards: await loadCards(visit, [
      event.actor,
      event.onBehalfOf,
      ...[pupil, owner].flatMap((id) => (id === undefined ? [] : [{ kind: 'person', id: '', personId: id }])),
    ]),
    school: known?.name,
  };
}
