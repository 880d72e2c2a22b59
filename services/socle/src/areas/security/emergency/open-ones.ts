import { isUuid } from '@socle/base';
import type { RoleId } from '@socle/directory';
import { flashMessage, html, type Fragment } from '@socle/pages';
import type { EmergencyAccess } from '../../../emergency/emergency.ts';
import { ServiceError } from '../../../errors.ts';
import type { AreaRoutes } from '../../area.ts';
import type { Visit } from '../../visit.ts';
import { renderOpenOnes } from './open-ones-page.ts';
import { strings } from './strings.ts';

const ACTION = 'security.emergency.close';

/** The thing that the rules decide about. */
export function emergencyOf(school: string) {
  return { type: 'security.emergency', school } as const;
}

/** The open emergency accesses that the rules let the visitor close. */
async function loadWatched(visit: Visit): Promise<readonly EmergencyAccess[]> {
  const open = await visit.socle.emergency.listOpen();
  return open.filter((access) => visit.may(ACTION, emergencyOf(access.domain)));
}

/** A warning that emergency accesses are open, with where to look; nothing when none is. */
export async function warnOfEmergency(visit: Visit, area: '/security' | '/dpo'): Promise<Fragment> {
  const open = await loadWatched(visit);
  if (open.length === 0) return html``;
  const words = strings[visit.language];
  return html`${flashMessage({ kind: 'warning', title: words.warning(open.length), text: words.warningText }, visit.language)}<p><a href="${area}/emergency">${words.seeOpen}</a></p>`;
}

/** What is open now, under the area of those who watch it, with a button that closes each. */
export function registerOpenOnes({ get, post }: AreaRoutes, area: '/security' | '/dpo'): void {
  get(`${area}/emergency`, async (visit) =>
    visit.page(renderOpenOnes(visit, await loadWatched(visit), area)),
  );

  post(`${area}/emergency/:id/closed`, async (visit) => {
    const { socle, session, params, language } = visit;
    const id = params['id'] ?? '';
    const access = isUuid(id) ? await socle.emergency.find(id as RoleId) : undefined;
    if (!access) throw gone();
    await visit.requireMay(ACTION, emergencyOf(access.domain));
    await socle.emergency.close(access.id, { person: session.personId, session: session.id });
    return visit.redirect(`${area}/emergency`, { kind: 'good', title: strings[language].closed });
  });
}

/** It is over, or never was: the same answer. */
export function gone(): ServiceError {
  return new ServiceError('not_found', { status: 404, publicMessage: 'There is no such emergency access.' });
}
