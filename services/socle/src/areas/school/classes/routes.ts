import { isUuid, type PersonId } from '@socle/base';
import {
  addToDivision,
  appointSubstitute,
  joinProject,
  loadPersonFacts,
  openDivision,
  removeFromDivision,
  searchDirectory,
  undoLocalChange,
  type LocalChangeId,
  type School,
} from '@socle/directory';
import type { AreaRoutes } from '../../area.ts';
import type { Visit } from '../../visit.ts';
import { attempt } from '../attempt.ts';
import { authorOf } from '../author-of.ts';
import { renderDivision } from './division-page.ts';
import { readLocalDecision } from './decision.ts';
import { loadOrganised, loadOrganisedDivision, requireOrganised } from './organised.ts';
import { renderClasses } from './classes-page.ts';
import { classStrings } from './strings.ts';

const PATH = '/school/classes';
const CODE = /^[\p{L}\p{N} _-]{1,20}$/u;
const FOUND = 10;
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** `/school/classes`: what a local administrator changes over the feed until a day, with a reason and a way back. */
export function classRoutes({ get, post }: AreaRoutes): void {
  get(PATH, async (visit) => {
    const schools = await requireOrganised(visit);
    const wanted = schools.find(({ id }) => id === visit.query('school')) ?? schools[0]!;
    return visit.page(renderClasses(visit, schools, await loadOrganised(visit, wanted)));
  });

  get(`${PATH}/:division`, async (visit) =>
    visit.page(renderDivision(visit, await loadOrganisedDivision(visit), {})),
  );

  // by POST: a name does not belong in an address
  post(`${PATH}/:division/find`, async (visit, fields) => {
    const organised = await loadOrganisedDivision(visit);
    const text = (fields['name'] ?? '').trim().slice(0, 100);
    const found = text === '' ? [] : await findCandidates(visit, organised.school, organised.division.kind, text);
    return visit.page(renderDivision(visit, organised, { text, found }));
  });

  post(`${PATH}/:division/add`, async (visit, fields) => {
    const { division, school } = await loadOrganisedDivision(visit);
    const words = classStrings[visit.language];
    const decision = readLocalDecision(visit, school, fields);
    const path = `${PATH}/${division.id}`;
    if ('problem' in decision) return visit.redirect(path, { kind: 'danger', title: decision.problem });
    const person = await requireCandidate(visit, fields);
    const as = fields['as'] === 'teacher' ? 'teacher' : 'pupil';
    return attempt(visit, path, { kind: 'good', title: words.added, text: words.undoBelow }, () =>
      visit.socle.database.transaction(
        (tx) =>
          division.kind === 'group'
            ? joinProject(tx, { ...decision, person, group: division.id, as }, authorOf(visit))
            : addToDivision(tx, { ...decision, person, division: division.id }, authorOf(visit)),
        { scope: ownScope(visit) },
      ),
    );
  });

  post(`${PATH}/:division/remove`, async (visit, fields) => {
    const { division, school } = await loadOrganisedDivision(visit);
    const words = classStrings[visit.language];
    const decision = readLocalDecision(visit, school, fields);
    const path = `${PATH}/${division.id}`;
    if ('problem' in decision) return visit.redirect(path, { kind: 'danger', title: decision.problem });
    const { until, reason } = decision;
    return attempt(visit, path, { kind: 'good', title: words.removed, text: words.undoBelow }, () =>
      visit.socle.database.transaction(
        (tx) =>
          removeFromDivision(
            tx,
            { until, reason, person: personOf(fields), division: division.id },
            authorOf(visit),
          ),
        { scope: [school.controller] },
      ),
    );
  });

  post(`${PATH}/schools/:school/substitute`, async (visit, fields) => {
    const school = await requireSchool(visit);
    const words = classStrings[visit.language];
    const path = `${PATH}?school=${school.id}`;
    const decision = readLocalDecision(visit, school, fields);
    if ('problem' in decision) return visit.redirect(path, { kind: 'danger', title: decision.problem });
    // whoever is not of the teachers here would be given classes that nobody gave them
    const { teachers } = await loadOrganised(visit, school);
    const replaced = teachers.find(({ id }) => id === fields['replaced'])?.id;
    const substitute = teachers.find(({ id }) => id === fields['substitute'])?.id;
    if (!replaced || !substitute)
      return visit.redirect(path, { kind: 'danger', title: words.teachersMissing });
    return attempt(visit, path, { kind: 'good', title: words.appointed, text: words.undoBelow }, () =>
      visit.socle.database.transaction(
        (tx) =>
          appointSubstitute(
            tx,
            { ...decision, school: school.id, replaced, substitute },
            authorOf(visit),
          ),
        { scope: [school.controller] },
      ),
    );
  });

  post(`${PATH}/schools/:school/groups`, async (visit, fields) => {
    const school = await requireSchool(visit);
    const words = classStrings[visit.language];
    const name = (fields['name'] ?? '').trim();
    const path = `${PATH}?school=${school.id}`;
    if (!CODE.test(name)) return visit.redirect(path, { kind: 'danger', title: words.groupNameWrong });
    const { divisions } = await loadOrganised(visit, school);
    if (divisions.some((each) => each.kind === 'group' && each.code === name))
      return visit.redirect(path, { kind: 'danger', title: words.groupExists });
    return attempt(visit, path, { kind: 'good', title: words.groupOpened(name) }, () =>
      visit.socle.database.transaction(
        (tx) => openDivision(tx, { school: school.id, kind: 'group', code: name, name }, authorOf(visit)),
        { scope: [school.controller] },
      ),
    );
  });

  post(`${PATH}/schools/:school/undo`, async (visit, fields) => {
    const school = await requireSchool(visit);
    const { changes } = await loadOrganised(visit, school);
    const change = changes.find(({ id }) => id === fields['change']);
    const path = fields['division'] && isUuid(fields['division']) ? `${PATH}/${fields['division']}` : `${PATH}?school=${school.id}`;
    const done = { kind: 'good', title: classStrings[visit.language].undone } as const;
    return attempt(visit, path, done, () =>
      visit.socle.database.transaction(
        (tx) =>
          undoLocalChange(
            tx,
            change?.id ?? (NOBODY as string as LocalChangeId),
            visit.session.personId,
            authorOf(visit),
          ),
        { scope: [school.controller] },
      ),
    );
  });
}

async function requireSchool(visit: Visit): Promise<School> {
  const schools = await requireOrganised(visit);
  const school = schools.find(({ id }) => id === visit.params['school']);
  if (school) return school;
  const given = visit.params['school'];
  await visit.requireMay('directory.school.organise', {
    type: 'directory.school',
    ...(isUuid(given) ? { school: given } : {}),
  });
  throw new Error('a school that the rules open is among this person’s');
}

/** Pupils of the school, for a class; for a project, pupils and teachers of every school where this person may search. */
async function findCandidates(visit: Visit, school: School, kind: 'class' | 'group', text: string) {
  const { socle, facts, session, now } = visit;
  const asker = {
    policies: socle.decisions.policies(),
    facts,
    environment: { now, acr: session.acr },
  } as const;
  const { people } = await socle.database.transaction(
    (tx) =>
      searchDirectory(tx, asker, {
        text,
        ...(kind === 'class' ? { school: school.id } : {}),
        roles: kind === 'class' ? ['pupil'] : ['pupil', 'teacher'],
        limit: FOUND,
      }),
    { scope: ownScope(visit), readOnly: true },
  );
  return people;
}

/** @throws ServiceError `access_denied` (403), logged, for somebody whom this person may not even search. */
async function requireCandidate(
  visit: Visit,
  fields: Readonly<Record<string, string>>,
): Promise<PersonId> {
  const person = personOf(fields);
  const { roles } = await visit.socle.database.transaction(
    (tx) => loadPersonFacts(tx, person, visit.now),
    { scope: 'all', readOnly: true },
  );
  const places = roles
    .filter(({ scope }) => scope === 'school')
    .map(({ domain }) => ({ type: 'directory.person', id: person, pupil: person, school: domain }));
  const open = places.find((place) => visit.may('directory.person.search', place));
  await visit.requireMay('directory.person.search', open ?? places[0] ?? { type: 'directory.person' });
  return person;
}

function ownScope({ context }: Visit) {
  return [...new Set(context.schools.map(({ controller }) => controller))];
}

/** The person of a form; an id of nobody for what is no id. */
function personOf({ person }: Readonly<Record<string, string>>): PersonId {
  return (isUuid(person) ? person : NOBODY) as string as PersonId;
}
