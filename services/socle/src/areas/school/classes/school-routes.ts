import { isUuid } from '@socle/base';
import {
  appointSubstitute,
  loadDivisions,
  openDivision,
  undoLocalChange,
  type LocalChangeId,
} from '@socle/directory';
import type { AreaRoutes } from '../../area.ts';
import { attempt } from '../attempt.ts';
import { authorOf } from '../author-of.ts';
import { renderGroup, renderSubstitute } from './classes-page.ts';
import { readLocalDecision, UNTYPED } from './decision.ts';
import { loadDecided, requireOrganisedSchool } from './organised.ts';
import { classStrings } from './strings.ts';

const PATH = '/school/classes';
const GROUP_NAME = /^[\p{L}\p{N}][\p{L}\p{N} _-]{0,19}$/u;
const NO_CHANGE = '00000000-0000-0000-0000-000000000000' as string as LocalChangeId;

/** What is decided of a school as a whole: substitutes, new groups, and taking a decision back. */
export function schoolDecisionRoutes({ get, post }: AreaRoutes): void {
  get(`${PATH}/schools/:school/substitute`, async (visit) => {
    const school = await requireOrganisedSchool(visit);
    return visit.page(renderSubstitute(visit, school, await loadDecided(visit, school), UNTYPED));
  });

  post(`${PATH}/schools/:school/substitute`, async (visit, fields) => {
    const school = await requireOrganisedSchool(visit);
    const words = classStrings[visit.language];
    const decided = await loadDecided(visit, school);
    const teacher = (name: string) => decided.teachers.find(({ id }) => id === fields[name])?.id;
    const [replaced, substitute] = [teacher('replaced'), teacher('substitute')];
    const { decision, errors } = readLocalDecision(visit, school, fields);
    if (!decision || !replaced || !substitute || replaced === substitute) {
      const missing = [
        ...(replaced ? [] : [{ name: 'replaced', message: words.replacedMissing }]),
        ...(substitute && substitute !== replaced
          ? []
          : [{ name: 'substitute', message: words.substituteMissing }]),
      ];
      return visit.page(
        renderSubstitute(visit, school, decided, { errors: [...missing, ...errors], fields }),
      );
    }
    const done = { kind: 'good', title: words.appointed, text: words.undoBelow } as const;
    return attempt(visit, `${PATH}?school=${school.id}`, done, () =>
      visit.socle.database.transaction(
        (tx) =>
          appointSubstitute(tx, { ...decision, school: school.id, replaced, substitute }, authorOf(visit)),
        { scope: [school.controller] },
      ),
    );
  });

  get(`${PATH}/schools/:school/group`, async (visit) =>
    visit.page(renderGroup(visit, await requireOrganisedSchool(visit), UNTYPED)),
  );

  post(`${PATH}/schools/:school/group`, async (visit, fields) => {
    const school = await requireOrganisedSchool(visit);
    const words = classStrings[visit.language];
    const name = (fields['name'] ?? '').trim();
    const opened = await visit.socle.database.transaction(
      async (tx) => {
        if (!GROUP_NAME.test(name)) return words.groupNameWrong;
        const existing = await loadDivisions(tx, school.id);
        if (existing.some(({ kind, code }) => kind === 'group' && code === name)) return words.groupExists;
        const id = await openDivision(
          tx,
          { school: school.id, kind: 'group', code: name, name },
          authorOf(visit),
        );
        return { id };
      },
      { scope: [school.controller] },
    );
    if (typeof opened === 'string') {
      const errors = [{ name: 'name', message: opened }];
      return visit.page(renderGroup(visit, school, { errors, fields }));
    }
    return visit.redirect(`${PATH}/${opened.id}`, { kind: 'good', title: words.groupOpened(name) });
  });

  post(`${PATH}/schools/:school/undo`, async (visit, fields) => {
    const school = await requireOrganisedSchool(visit);
    const { changes } = await loadDecided(visit, school);
    // what another school decided is not found among this one's
    const change = changes.find(({ id }) => id === fields['change'])?.id ?? NO_CHANGE;
    const path = isUuid(fields['division']) ? `${PATH}/${fields['division']}` : `${PATH}?school=${school.id}`;
    const done = { kind: 'good', title: classStrings[visit.language].undone } as const;
    return attempt(visit, path, done, () =>
      visit.socle.database.transaction(
        (tx) => undoLocalChange(tx, change, visit.session.personId, authorOf(visit)),
        { scope: [school.controller] },
      ),
    );
  });
}
