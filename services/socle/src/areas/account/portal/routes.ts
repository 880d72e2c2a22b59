import type { Tx } from '@socle/db';
import { loadModules } from '../../../modules/store.ts';
import { applyAct, arrange, arrangementActs } from '../../../portal/arrangement.ts';
import { changeArrangement, clearArrangement, loadArrangement } from '../../../portal/store.ts';
import { listTiles, type PortalTile } from '../../../portal/tiles.ts';
import type { AreaRoutes } from '../../area.ts';
import type { Visit } from '../../visit.ts';
import { anchorOf, PORTAL_PATH, renderArranging } from './page.ts';
import { portalStrings } from './strings.ts';

/** Controller of what concerns no school or academy. */
const PLATFORM = 'platform';

/** Arranging one's own portal. */
export function registerPortalPages({ get, post }: AreaRoutes): void {
  const offered = async (tx: Tx, visit: Visit): Promise<PortalTile[]> =>
    listTiles(visit.context, visit.language, { modules: await loadModules(tx), areas: visit.openAreas });

  get(PORTAL_PATH, async (visit) => {
    const arranged = await visit.socle.database.transaction(
      async (tx) => arrange(await offered(tx, visit), await loadArrangement(tx, visit.session.personId)),
      { scope: 'all', readOnly: true },
    );
    return visit.page(renderArranging(visit, arranged));
  });

  post(PORTAL_PATH, async (visit, fields) => {
    const { socle, session, now, language } = visit;
    const act = arrangementActs.find((each) => each === fields['act']);
    const tile = await socle.database.transaction(
      async (tx) => {
        const tiles = await offered(tx, visit);
        const found = tiles.find(({ id }) => id === fields['tile']);
        if (!act || !found) return undefined;
        const owner = { person: session.personId, controller: session.person.controller ?? PLATFORM };
        await changeArrangement(tx, owner, now, (before) => applyAct(tiles, before, act, found.id));
        return found;
      },
      { scope: 'all' },
    );
    if (!act || !tile) return visit.redirect(PORTAL_PATH);
    return visit.redirect(`${PORTAL_PATH}#${anchorOf(tile.id)}`, {
      kind: 'good',
      title: portalStrings[language].done[act](tile.title),
    });
  });

  post(`${PORTAL_PATH}/reset`, async (visit) => {
    await visit.socle.database.transaction((tx) => clearArrangement(tx, visit.session.personId), {
      scope: 'all',
    });
    return visit.redirect(PORTAL_PATH, {
      kind: 'good',
      title: portalStrings[visit.language].resetDone,
    });
  });
}
