import { isUuid } from '@socle/base';
import { declareDistinct, loadPersonCards, mergePeople, unmergePeople } from '@socle/directory';
import type { Tx } from '@socle/db';
import { ServiceError } from '../../../errors.ts';
import type { AreaRoutes } from '../../area.ts';
import type { Visit } from '../../visit.ts';
import { attempt } from '../attempt.ts';
import { authorOf } from '../author-of.ts';
import { renderDuplicates, renderUndo } from './duplicates-page.ts';
import { listJoiningSchools, loadMade, loadPairs, type Pair } from './joinable.ts';
import { duplicateStrings } from './strings.ts';

const PATH = '/school/duplicates';
const LONGEST_REASON = 300;

/** `/school/duplicates`: entries that may be one person, joined or parted by somebody of the school, never by the score. */
export function duplicateRoutes({ get, post }: AreaRoutes): void {
  get(PATH, async (visit) => {
    await requireJoining(visit);
    return visit.page(await load(visit));
  });

  post(`${PATH}/join`, async (visit, fields) => {
    const reason = (fields['reason'] ?? '').trim().slice(0, LONGEST_REASON);
    await requireJoining(visit);
    if (reason === '') return visit.page(await load(visit, { one: fields['one'], other: fields['other'] }));
    const words = duplicateStrings[visit.language];
    const done = { kind: 'good', title: words.joined, text: words.joinedText } as const;
    return attempt(visit, PATH, done, () =>
      visit.socle.database.transaction(
        async (tx) => {
          const pair = await requirePair(tx, visit, fields);
          const keepOther = fields['keep'] === pair.other.id;
          await mergePeople(
            tx,
            {
              survivor: keepOther ? pair.other.id : pair.one.id,
              absorbed: keepOther ? pair.one.id : pair.other.id,
              reason,
              by: visit.session.personId,
            },
            authorOf(visit),
            visit.socle.directoryPorts.accounts,
          );
        },
        { scope: 'all' },
      ),
    );
  });

  post(`${PATH}/distinct`, async (visit, fields) => {
    await requireJoining(visit);
    await visit.socle.database.transaction(
      async (tx) => {
        const { one, other } = await requirePair(tx, visit, fields);
        await declareDistinct(
          tx,
          { one: one.id, other: other.id, by: visit.session.personId },
          authorOf(visit),
        );
      },
      { scope: 'all' },
    );
    return visit.redirect(PATH, { kind: 'good', title: duplicateStrings[visit.language].distinct });
  });

  get(`${PATH}/:merge/part`, async (visit) => {
    const merge = await visit.socle.database.transaction((tx) => requireMade(tx, visit), {
      scope: ownScope(visit),
      readOnly: true,
    });
    return visit.page(renderUndo(visit, merge.id, false));
  });

  post(`${PATH}/:merge/part`, async (visit, fields) => {
    const reason = (fields['reason'] ?? '').trim().slice(0, LONGEST_REASON);
    const { id } = await visit.socle.database.transaction((tx) => requireMade(tx, visit), {
      scope: ownScope(visit),
      readOnly: true,
    });
    if (reason === '') return visit.page(renderUndo(visit, id, true));
    const done = { kind: 'good', title: duplicateStrings[visit.language].parted } as const;
    return attempt(visit, PATH, done, () =>
      visit.socle.database.transaction(
        (tx) =>
          unmergePeople(
            tx,
            { merge: id, reason, by: visit.session.personId },
            authorOf(visit),
            visit.socle.directoryPorts.accounts,
          ),
        { scope: 'all' },
      ),
    );
  });
}

async function load(
  visit: Visit,
  unreasoned?: { readonly one: string | undefined; readonly other: string | undefined },
) {
  const { socle, now } = visit;
  const pairs = await socle.database.transaction((tx) => loadPairs(tx, visit), {
    scope: 'all',
    readOnly: true,
  });
  const { made, cards } = await socle.database.transaction(
    async (tx) => {
      const merges = await loadMade(tx, visit);
      const people = merges.flatMap(({ survivor, absorbed, mergedBy }) => [survivor, absorbed, mergedBy]);
      return { made: merges, cards: await loadPersonCards(tx, people, now) };
    },
    { scope: ownScope(visit), readOnly: true },
  );
  return renderDuplicates(visit, { pairs, made, cards, ...(unreasoned ? { unreasoned } : {}) });
}

async function requireJoining(visit: Visit): Promise<void> {
  const [school] = [...listJoiningSchools(visit), ...visit.context.schools];
  await visit.requireMay('directory.school.join_entries', {
    type: 'directory.school',
    ...(school ? { school: school.id } : {}),
  });
}

function ownScope(visit: Visit) {
  return [...new Set(listJoiningSchools(visit).map(({ controller }) => controller))];
}

/** The pair of a form, still proposed and still this person's to decide on. */
async function requirePair(tx: Tx, visit: Visit, fields: Readonly<Record<string, string>>): Promise<Pair> {
  const pair = (await loadPairs(tx, visit)).find(
    ({ one, other }) => one.id === fields['one'] && other.id === fields['other'],
  );
  if (pair) return pair;
  throw new ServiceError('not_found', {
    status: 404,
    publicMessage: 'These two entries are not proposed any more. Open the page again.',
  });
}

async function requireMade(tx: Tx, visit: Visit) {
  await requireJoining(visit);
  const id = visit.params['merge'];
  const merge = isUuid(id) ? (await loadMade(tx, visit)).find((each) => each.id === id) : undefined;
  if (merge && merge.undoneAt === undefined) return merge;
  throw new ServiceError('not_found', { status: 404, publicMessage: 'There is nothing to take back here.' });
}
