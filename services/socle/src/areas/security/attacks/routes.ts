import { isUuid, type PersonId } from '@socle/base';
import { ServiceError } from '../../../errors.ts';
import type { AreaRoutes } from '../../area.ts';
import type { Visit } from '../../visit.ts';
import { warnOfEmergency } from '../emergency/open-ones.ts';
import { ACT, requireFactor } from '../switches/targets.ts';
import { loadAttacks } from './load-attacks.ts';
import { renderAttacks } from './page.ts';
import { strings } from './strings.ts';

/** The overview of the defences, and the button that lets somebody try again. */
export function registerAttackPages({ get, post }: AreaRoutes): void {
  get('/security', async (visit) =>
    visit.page(renderAttacks(visit, await loadAttacks(visit), await warnOfEmergency(visit, '/security'))),
  );

  post('/security/unlocked', async (visit, fields) => {
    requireFactor(visit, '/security');
    const { socle, session, language } = visit;
    const account = isUuid(fields['person'] ?? '')
      ? await socle.identity.accounts.find({ personId: fields['person'] as PersonId })
      : undefined;
    if (!account)
      throw new ServiceError('not_found', { status: 404, publicMessage: 'There is no such account.' });
    await requireWatched(visit, account.personId);
    await socle.identity.accounts.unlock(account.id, { actor: { kind: 'person', id: session.personId } });
    return visit.redirect('/security', { kind: 'good', title: strings[language].unlocked });
  });
}

/** Lets pass who may act on one of the places where that person holds a role. @throws ServiceError `access_denied` (403). */
async function requireWatched(visit: Visit, person: PersonId): Promise<void> {
  const facts = await visit.socle.decisions.loadFacts(person);
  const places = (facts?.roles ?? []).map(({ scope, domain }) => ({
    type: 'security.system',
    [scope]: domain,
  }));
  const allowed = places.find((place) => visit.may(ACT, place));
  await visit.requireMay(ACT, allowed ?? { type: 'security.system' });
}
