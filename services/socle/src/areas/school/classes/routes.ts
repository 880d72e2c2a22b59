import {
  addToDivision,
  joinProject,
  loadDivisions,
  moveToDivision,
  removeFromDivision,
  type LocalDecision,
} from '@socle/directory';
import { ServiceError } from '../../../errors.ts';
import type { AreaRoutes } from '../../area.ts';
import type { Visit } from '../../visit.ts';
import { attempt } from '../attempt.ts';
import { authorOf } from '../author-of.ts';
import { findCandidates, ownScope, requireCandidate, type Chosen } from './candidates.ts';
import { renderAdd, renderChange } from './change-pages.ts';
import { renderClasses } from './classes-page.ts';
import { readLocalDecision, UNTYPED } from './decision.ts';
import { renderDivision } from './division-page.ts';
import {
  listClassSchools,
  listLent,
  loadDecided,
  loadOrganisedDivision,
  loadShownDivision,
  loadShownSchool,
  type ShownDivision,
} from './organised.ts';
import { schoolDecisionRoutes } from './school-routes.ts';
import { classStrings } from './strings.ts';

const PATH = '/school/classes';
const LONGEST_NAME = 100;

/**
 * `/school/classes`: who is in which class for those who may list its pupils, and what those who organise the school change
 * over the feed until a day, with a reason and a way back. Names travel in forms, never in addresses.
 */
export function classRoutes(routes: AreaRoutes): void {
  const { get, post } = routes;
  schoolDecisionRoutes(routes);

  get(PATH, async (visit) => {
    const schools = listClassSchools(visit);
    const wanted = schools.find(({ id }) => id === visit.query('school')) ?? schools[0];
    if (!wanted) {
      await visit.requireMay('directory.division.members', { type: 'directory.division' });
      throw new Error('a class without a school is nobody’s');
    }
    return visit.page(renderClasses(visit, schools, await loadShownSchool(visit, wanted)));
  });

  get(`${PATH}/:division`, async (visit) => {
    const shown = await loadShownDivision(visit);
    const decided = shown.isOrganised ? await loadDecided(visit, shown.school) : undefined;
    return visit.page(renderDivision(visit, shown, decided));
  });

  get(`${PATH}/:division/add`, async (visit) =>
    visit.page(renderAdd(visit, await loadOrganisedDivision(visit), { text: '' }, UNTYPED)),
  );

  post(`${PATH}/:division/find`, async (visit, fields) => {
    const shown = await loadOrganisedDivision(visit);
    const text = readName(fields);
    const errors = text === '' ? [{ name: 'name', message: classStrings[visit.language].findMissing }] : [];
    const candidates = text === '' ? undefined : await findCandidates(visit, shown, text);
    return visit.page(
      renderAdd(visit, shown, { text, ...(candidates ? { candidates } : {}) }, { errors, fields: {} }),
    );
  });

  post(`${PATH}/:division/add`, async (visit, fields) => {
    const shown = await loadOrganisedDivision(visit);
    const words = classStrings[visit.language];
    const chosen = await requireCandidate(visit, shown, fields['person']);
    const { decision, errors } = readLocalDecision(visit, shown.school, fields);
    if (!decision || !chosen) {
      const text = readName(fields);
      const candidates = text === '' ? [] : await findCandidates(visit, shown, text);
      const missing = chosen ? [] : [{ name: 'person', message: words.whoMissing }];
      return visit.page(
        renderAdd(visit, shown, { text, candidates }, { errors: [...missing, ...errors], fields }),
      );
    }
    const done = { kind: 'good', title: words.addedTo(shown.division.name), text: words.undoBelow } as const;
    return attempt(visit, `${PATH}/${shown.division.id}`, done, () =>
      addChosen(visit, shown, chosen, decision),
    );
  });

  get(`${PATH}/:division/people/:person`, async (visit) => {
    const shown = await loadOrganisedDivision(visit);
    const person = requireMember(visit, shown);
    return visit.page(renderChange(visit, shown, await loadOthers(visit, shown), person, UNTYPED));
  });

  post(`${PATH}/:division/people/:person`, async (visit, fields) => {
    const shown = await loadOrganisedDivision(visit);
    const { division, school } = shown;
    const person = requireMember(visit, shown);
    const words = classStrings[visit.language];
    if (listLent(await loadDecided(visit, school), division).has(person.id))
      return visit.redirect(`${PATH}/${division.id}`, { kind: 'danger', title: words.undoFirst });
    const others = await loadOthers(visit, shown);
    const target = others.find(({ id }) => id === fields['to']);
    const { decision, errors } = readLocalDecision(visit, school, fields);
    if (!decision || (!target && fields['to'] !== 'none')) {
      const missing =
        target || fields['to'] === 'none' ? [] : [{ name: 'to', message: words.destinationMissing }];
      return visit.page(
        renderChange(visit, shown, others, person, { errors: [...missing, ...errors], fields }),
      );
    }
    const title = target
      ? words.moved(person.displayName, target.name)
      : words.removed(person.displayName, division.name);
    const done = { kind: 'good', title, text: words.undoBelow } as const;
    return attempt(visit, `${PATH}/${division.id}`, done, () =>
      visit.socle.database.transaction(
        (tx) =>
          target
            ? moveToDivision(
                tx,
                { ...decision, person: person.id, leaves: division.id, division: target.id },
                authorOf(visit),
              )
            : removeFromDivision(
                tx,
                { ...decision, person: person.id, division: division.id },
                authorOf(visit),
              ),
        { scope: [school.controller] },
      ),
    );
  });
}

async function addChosen(
  visit: Visit,
  { division }: ShownDivision,
  { person, as, leaves }: Chosen,
  decision: LocalDecision,
): Promise<void> {
  await visit.socle.database.transaction(
    async (tx) => {
      if (division.kind === 'group')
        await joinProject(tx, { ...decision, person, group: division.id, as }, authorOf(visit));
      else if (leaves)
        await moveToDivision(
          tx,
          { ...decision, person, leaves: leaves.id, division: division.id },
          authorOf(visit),
        );
      else await addToDivision(tx, { ...decision, person, division: division.id }, authorOf(visit));
    },
    { scope: ownScope(visit) },
  );
}

/** Other classes of the school; of a group, other groups. */
async function loadOthers(visit: Visit, { division, school }: ShownDivision) {
  const all = await visit.socle.database.transaction((tx) => loadDivisions(tx, school.id), {
    scope: [school.controller],
    readOnly: true,
  });
  return all.filter(({ id, kind }) => kind === division.kind && id !== division.id);
}

/** @throws ServiceError `not_found` (404) for somebody who is not in the class any more. */
function requireMember(visit: Visit, { members }: ShownDivision) {
  const member = members.find(({ id }) => id === visit.params['person']);
  if (member) return member;
  throw new ServiceError('not_found', {
    status: 404,
    publicMessage: 'This person is not in this class or group.',
  });
}

function readName(fields: Readonly<Record<string, string>>): string {
  return (fields['name'] ?? '').trim().slice(0, LONGEST_NAME);
}
