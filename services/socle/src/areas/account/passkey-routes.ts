import { isSocleError } from '@socle/base';
import type { Area } from '../area.ts';
import type { AreaPage, Visit } from '../visit.ts';
import { renderPasskeys } from './passkeys-page.ts';
import { byMyself, requireRecent } from './require-recent.ts';
import { strings } from './strings.ts';

const PATH = '/account/passkeys';

/** `/account/passkeys`. Adding and removing asks for a recent sign-in. */
export function registerPasskeyRoutes({ get, post }: Parameters<Area['routes']>[0]): void {
  get(PATH, async (visit) => {
    await requireRecent(visit, PATH);
    return visit.page(await load(visit));
  });

  post(PATH, async (visit, { response = '', name = '' }) => {
    await requireRecent(visit, PATH);
    const { session, socle, language } = visit;
    try {
      const answer = { response, name, place: session.id };
      await socle.identity.passkeys.register(session.accountId, answer, byMyself(visit));
    } catch (error) {
      if (!isSocleError(error) || error.code !== 'passkey_refused') throw error;
      return visit.page(await load(visit, true));
    }
    return visit.redirect(PATH, { kind: 'good', title: strings[language].passkeyAdded });
  });

  post(`${PATH}/:id/removed`, async (visit) => {
    await requireRecent(visit, PATH);
    const { session, socle, params, language } = visit;
    await socle.identity.passkeys.remove(session.accountId, params['id'] ?? '', byMyself(visit));
    return visit.redirect(PATH, { kind: 'good', title: strings[language].passkeyRemoved });
  });
}

async function load({ socle, session, ...visit }: Visit, refused = false): Promise<AreaPage> {
  const { passkeys, accounts } = socle.identity;
  const account = await accounts.find({ id: session.accountId });
  const options = await passkeys.offer(
    { id: session.accountId, login: account?.login ?? '', displayName: session.person.displayName },
    session.id,
  );
  const entries = await passkeys.list(session.accountId);
  return renderPasskeys({ ...visit, socle, session }, { passkeys: entries, options, refused });
}
