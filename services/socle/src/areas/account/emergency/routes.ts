import { isSocleError, isUuid, type SchoolId } from '@socle/base';
import { loadSchools, type RoleId, type School } from '@socle/directory';
import { formatTime } from '@socle/pages';
import type { AreaRoutes } from '../../area.ts';
import { emergencyOf, gone } from '../../security/emergency/open-ones.ts';
import { strings } from '../../security/emergency/strings.ts';
import type { Visit } from '../../visit.ts';
import { renderEmergency } from './page.ts';

const PATH = '/account/emergency';
const ACTION = 'security.emergency.open';
/** Seconds for which a proof is recent enough to open emergency access. */
const RECENT_SECONDS = 300;
const STRONGEST = 'passkey';

/** Opening emergency access for oneself, and closing one's own. */
export function registerEmergencyPages({ get, post }: AreaRoutes): void {
  get(PATH, async (visit) => {
    // nobody is asked to prove who they are for a page that has nothing to open
    if ((await loadOpenable(visit, STRONGEST)).length > 0) await requireStrongest(visit);
    return show(visit, {});
  });

  post(PATH, async (visit, fields) => {
    await requireStrongest(visit);
    const { socle, session, language } = visit;
    const words = strings[language];
    const given = {
      school: fields['school'] ?? '',
      reason: fields['reason'] ?? '',
      minutes: fields['minutes'] ?? '',
    };
    if (!isUuid(given.school)) return show(visit, given, { name: 'school', message: words.wrongSchool });
    await visit.requireMay(ACTION, emergencyOf(given.school));
    try {
      const access = await socle.emergency.open({
        person: session.personId,
        session: session.id,
        school: given.school as SchoolId,
        reason: given.reason,
        minutes: Number(given.minutes),
      });
      return visit.redirect(PATH, {
        kind: 'warning',
        title: words.opened,
        text: words.openedText(formatTime(language, access.to)),
      });
    } catch (error) {
      if (isSocleError(error, 'emergency_refused'))
        return show(visit, given, { name: 'reason', message: words.wrongReason });
      if (isSocleError(error, 'emergency_limit')) return show(visit, given, { message: words.limit }, 429);
      if (isSocleError(error, 'role_already_held')) return show(visit, given, { message: words.held }, 409);
      throw error;
    }
  });

  // closing gives up a right: no proof is asked for
  post(`${PATH}/:id/closed`, async (visit) => {
    const { socle, session, params, language } = visit;
    const id = params['id'] ?? '';
    const access = isUuid(id) ? await socle.emergency.find(id as RoleId) : undefined;
    if (access?.person !== session.personId) throw gone();
    await socle.emergency.close(access.id, { person: session.personId, session: session.id });
    return visit.redirect('/account', { kind: 'good', title: strings[language].closed });
  });
}

/** Lets pass whoever proved in the last five minutes who they are, with the strongest factor that they have. */
async function requireStrongest({ socle, session }: Visit): Promise<void> {
  const passkeys = await socle.identity.passkeys.list(session.accountId);
  socle.identity.requireAcr(session, {
    acr: passkeys.length > 0 ? 'passkey' : 'factor',
    maxAgeSeconds: RECENT_SECONDS,
    returnTo: PATH,
  });
}

async function show(
  visit: Visit,
  given: { readonly school?: string; readonly reason?: string; readonly minutes?: string },
  problem?: { readonly name?: string; readonly message: string },
  status = 422,
) {
  const { socle, session, now } = visit;
  const schools = await loadOpenable(visit);
  const ofDay = await socle.emergency.listOfDay(session.personId);
  const page = renderEmergency(visit, {
    schools,
    given,
    ofDay: ofDay.length,
    mine: ofDay.filter(({ to }) => to > now),
    ...(problem === undefined ? {} : { problem }),
  });
  return visit.page({ ...page, ...(problem === undefined ? {} : { status }) });
}

/** The schools in which the rules let the visitor open it, with the proof of this session or with another. */
async function loadOpenable(visit: Visit, acr = visit.session.acr): Promise<readonly School[]> {
  const { facts, socle } = visit;
  const schools = await socle.database.transaction(
    (tx) => loadSchools(tx, { ids: [...facts.schools.keys()] as SchoolId[] }),
    { scope: 'all', readOnly: true },
  );
  return schools.filter(
    ({ id }) => socle.decisions.decide(facts, { action: ACTION, resource: emergencyOf(id), acr }).allowed,
  );
}
