import { isSocleError, isUuid } from '@socle/base';
import type { Stop, StopKind } from '@socle/identity';
import type { AreaRoutes } from '../../area.ts';
import type { Visit } from '../../visit.ts';
import { ServiceError } from '../../../errors.ts';
import { renderSwitches } from './page.ts';
import { registerForcedReset } from './forced-reset.ts';
import { strings } from './strings.ts';
import {
  ACT,
  loadActable,
  loadPeopleOf,
  mayActOnPlatform,
  orderOf,
  requireActable,
  requireFactor,
} from './targets.ts';

const PATH = '/security/switches';
const PLATFORM = 'platform';
const REASON = { least: 10, most: 500 } as const;
const LONGEST_MESSAGE = 300;

/** Emergency stops: what is stopped, and the forms that stop and open again. */
export function registerSwitches(routes: AreaRoutes): void {
  const { get, post } = routes;
  get(PATH, async (visit) => show(visit));

  post(`${PATH}/stopped`, async (visit, fields) => {
    requireFactor(visit);
    const kind = fields['kind'] as StopKind;
    const words = strings[visit.language];
    const reason = (fields[`reason-${kind}`] ?? '').trim();
    const { target, controller } = await requireTarget(visit, kind, fields[`target-${kind}`] ?? '');
    if (target === undefined) return show(visit, words.wrongTarget);
    if (reason.length < REASON.least || reason.length > REASON.most) return show(visit, words.wrongReason);
    const message = (fields['message'] ?? '').trim().slice(0, LONGEST_MESSAGE);
    try {
      await visit.socle.identity.defences.stop({
        ...orderOf(visit, controller),
        kind,
        target,
        reason,
        ...(message === '' ? {} : { message }),
      });
    } catch (error) {
      if (isSocleError(error, 'already_stopped')) return show(visit, words.already);
      throw error;
    }
    return visit.redirect(PATH, { kind: 'warning', title: words.stopped });
  });

  post(`${PATH}/:id/lifted`, async (visit) => {
    requireFactor(visit);
    const { defences } = visit.socle.identity;
    const id = visit.params['id'] ?? '';
    const stop = isUuid(id) ? (await defences.list()).find((each) => each.id === id) : undefined;
    if (!stop) throw new ServiceError('not_found', { status: 404, publicMessage: 'It is not stopped.' });
    const { controller } = await requireTarget(visit, stop.kind, stop.target);
    await defences.lift(stop.id, orderOf(visit, controller));
    return visit.redirect(PATH, { kind: 'good', title: strings[visit.language].lifted });
  });

  post(`${PATH}/sessions-ended`, async (visit, fields) => {
    requireFactor(visit);
    const school = await requireActable(visit, fields['target-sessions'] ?? '');
    const ended = await visit.socle.identity.defences.endSessions(await loadPeopleOf(visit, school.id), {
      ...orderOf(visit, school.controller),
      place: school.id,
    });
    return visit.redirect(PATH, { kind: 'good', title: strings[visit.language].ended(ended) });
  });

  registerForcedReset(routes);
}

/** What is to be stopped or opened again, if the rules let the visitor; no target when there is no such thing. */
async function requireTarget(
  visit: Visit,
  kind: StopKind,
  target: string,
): Promise<{ readonly target?: string; readonly controller: string }> {
  if (kind === 'school') {
    if (!isUuid(target)) return { controller: PLATFORM };
    const school = await requireActable(visit, target);
    return { target: school.id, controller: school.controller };
  }
  // what serves everybody is nobody's school: a place above schools is demanded
  if (!mayActOnPlatform(visit)) await visit.requireMay(ACT, { type: 'security.system' });
  const controller = visit.session.person.controller ?? PLATFORM;
  if (kind === 'registration') return { target: 'all', controller };
  const client = await visit.socle.identity.clients.find(target);
  return client ? { target: client.clientId, controller } : { controller };
}

async function show(visit: Visit, problem?: string) {
  const { defences, clients } = visit.socle.identity;
  const schools = await loadActable(visit);
  const ids = new Set<string>(schools.map(({ id }) => id));
  const onPlatform = mayActOnPlatform(visit);
  const isMine = (stop: Stop) => (stop.kind === 'school' ? ids.has(stop.target) : onPlatform);
  const services = await clients.list();
  return visit.page(
    renderSwitches(visit, {
      stops: (await defences.list()).filter(isMine),
      schools,
      services: services.map(({ clientId, metadata }) => ({
        id: clientId,
        name: String(metadata[`client_name#${visit.language}`] ?? metadata['client_name'] ?? clientId),
      })),
      onPlatform,
      ...(problem === undefined ? {} : { problem }),
    }),
  );
}
