import { randomUUID } from 'node:crypto';
import { isSocleError, isUuid, type PersonId } from '@socle/base';
import {
  findCurrentPerson,
  findEntity,
  loadPersonCards,
  type EntityId,
  type PersonCard,
  type RoleId,
} from '@socle/directory';
import { readSubject, type AdministrationAct } from '../../administration/act.ts';
import { ServiceError } from '../../errors.ts';
import type { AreaAnswer, AreaRoutes } from '../area.ts';
import type { Visit } from '../visit.ts';
import { readAppointment, readLastDay, type AppointmentForm } from './appointment-form.ts';
import { renderAppoint, renderConfirm } from './appoint-page.ts';
import { APPOINT, listGivable, loadReadable, requireFactor, requirePlaces } from './places.ts';
import { inAll, loadAgreed, showPlace } from './show-place.ts';
import { strings } from './strings.ts';

/** Who administers a school, an academy or a region: read, given, prolonged, ended, given back; under the area of whoever does. */
export function registerAdministrators(
  { get, post }: AreaRoutes,
  area: '/school' | '/security' | '/dpo',
): void {
  const path = `${area}/administrators`;

  get(path, async (visit) => showPlace(visit, path, visit.query('place')));

  get(`${path}/new`, async (visit) => {
    const over = visit.query('place') ?? (await loadReadable(visit))[0]?.id ?? '';
    requireFactor(visit, `${path}/new?place=${encodeURIComponent(over)}`);
    return showForm(visit, path, over);
  });

  post(`${path}/check`, async (visit, fields) => {
    const over = fields['place'] ?? '';
    requireFactor(visit, path);
    const places = await requirePlaces(visit, over, APPOINT);
    const form = readAppointment(visit, fields);
    const words = strings[visit.language];
    if ('errors' in form) return showForm(visit, path, over, { fields, errors: form.errors });
    const person = await findAdult(visit, form);
    if (!person)
      return showForm(visit, path, over, { fields, errors: [{ name: 'login', message: words.wrongLogin }] });
    const card = await nameAdult(visit, person);
    const name = await nameOfNode(visit, over);
    return visit.page(
      renderConfirm(visit, { path, over, name, places, appointment: form, card, request: randomUUID() }),
    );
  });

  post(`${path}/given`, async (visit, fields) => {
    const over = fields['place'] ?? '';
    requireFactor(visit, path);
    await requirePlaces(visit, over, APPOINT);
    const form = readAppointment(visit, fields);
    if ('errors' in form) return showForm(visit, path, over, { fields, errors: form.errors });
    const person = await findAdult(visit, form);
    if (!person) throw gone();
    const { role, from, to, reason } = form;
    const act: AdministrationAct = {
      act: 'give',
      person,
      role,
      over: over as EntityId,
      ...(from === undefined || from <= visit.now ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    };
    return perform(visit, { path, fields, act, reason, done: strings[visit.language].given });
  });

  post(`${path}/:role/prolonged`, async (visit, fields) => {
    const role = requireRoleId(visit);
    requireFactor(visit, path);
    await requirePlaces(visit, fields['place'], APPOINT);
    const words = strings[visit.language];
    const to = readLastDay(fields[`to-${role}`]);
    if (to === null || (to !== undefined && to <= visit.now))
      return showPlace(visit, path, fields['place'], words.wrongDay);
    return perform(visit, {
      path,
      fields,
      act: { act: 'prolong', role, ...(to === undefined ? {} : { to }) },
      reason: fields[`reason-prolong-${role}`] ?? '',
      done: words.prolonged,
    });
  });

  post(`${path}/:role/ended`, async (visit, fields) => {
    const role = requireRoleId(visit);
    requireFactor(visit, path);
    const act = { act: 'end', role } as const;
    const reason = fields[`reason-end-${role}`] ?? '';
    return perform(visit, { path, fields, act, reason, done: strings[visit.language].ended });
  });

  post(`${path}/:role/restored`, async (visit, fields) => {
    const role = requireRoleId(visit);
    requireFactor(visit, path);
    await requirePlaces(visit, fields['place'], APPOINT);
    const words = strings[visit.language];
    const act = { act: 'restore', role } as const;
    return perform(visit, { path, fields, act, reason: words.restore, done: words.restored });
  });

  post(`${path}/agreed`, async (visit, fields) => {
    requireFactor(visit, path);
    const agreed = await inAll(visit, (tx) => loadAgreed(tx, visit));
    const row = agreed.find(({ id }) => id === fields['approval']);
    const act = row && readSubject(row.subject);
    if (!row || !act) throw gone();
    return perform(visit, {
      path,
      fields,
      act,
      reason: row.reason,
      done: strings[visit.language].doneAgreed,
    });
  });
}

/** Does an act and leads back to the place, with what became of it. */
async function perform(
  visit: Visit,
  wish: {
    readonly path: string;
    readonly fields: Readonly<Record<string, string>>;
    readonly act: AdministrationAct;
    readonly reason: string;
    readonly done: string;
  },
): Promise<AreaAnswer> {
  const { session, socle, language } = visit;
  const words = strings[language];
  const { path, fields, act, reason, done } = wish;
  const request = fields['request'];
  if (!isUuid(request)) throw gone();
  const back = await leadBack(visit, path, fields['place']);
  try {
    const outcome = await socle.administration.perform(act, {
      by: { kind: 'person', id: session.personId },
      reason,
      request,
      session: session.id,
    });
    return visit.redirect(
      back,
      outcome.done ? { kind: 'good', title: done } : { kind: 'information', title: words.asked },
    );
  } catch (error) {
    const refusals: Readonly<Record<string, string | undefined>> = words.refusals;
    const title = isSocleError(error) && error.kind === 'refusal' ? refusals[error.code] : undefined;
    if (title === undefined) throw error;
    return visit.redirect(back, { kind: 'danger', title });
  }
}

/** The page of the place, or the list when the place is several, or is no longer theirs. */
async function leadBack(visit: Visit, path: string, place: string | undefined): Promise<string> {
  const isPlace = (await loadReadable(visit)).some(({ id }) => id === place);
  return isPlace ? `${path}?place=${place}` : path;
}

async function showForm(
  visit: Visit,
  path: string,
  over: string,
  sent: Pick<Parameters<typeof renderAppoint>[1], 'fields' | 'errors'> = { fields: {}, errors: [] },
): Promise<AreaAnswer> {
  const places = await requirePlaces(visit, over, APPOINT);
  return visit.page(
    renderAppoint(visit, {
      path,
      over,
      name: await nameOfNode(visit, over),
      places,
      givable: listGivable(visit, places),
      ...sent,
    }),
  );
}

async function nameOfNode(visit: Visit, id: string): Promise<string> {
  const entity = await inAll(visit, (tx) => findEntity(tx, id as EntityId));
  return entity?.name ?? '';
}

/** The adult whom a login names; a child's is answered like one that nobody has. */
async function findAdult(visit: Visit, { login }: AppointmentForm): Promise<PersonId | undefined> {
  const account = await visit.socle.identity.accounts.find({ login });
  if (!account) return undefined;
  const facts = await visit.socle.decisions.loadFacts(account.personId);
  const isChild = facts === undefined || facts.roles.some(({ role }) => role === 'pupil');
  return isChild ? undefined : (facts.person as PersonId);
}

/** Names somebody to whoever appoints, and writes in the log that their entry was read. */
async function nameAdult(visit: Visit, id: PersonId): Promise<PersonCard> {
  const { socle, session, now } = visit;
  return socle.database.transaction(
    async (tx) => {
      const person = await findCurrentPerson(tx, id);
      const card = (await loadPersonCards(tx, [id], now)).get(id);
      if (!person || !card) throw gone();
      await socle.audit.append(tx, {
        controller: person.controller,
        actor: { kind: 'person', id: session.personId },
        action: 'directory.person.read',
        target: { kind: 'person', id },
        outcome: 'success',
        purpose: 'administration',
        session: session.id,
      });
      return card;
    },
    { scope: 'all' },
  );
}

function requireRoleId({ params }: Visit): RoleId {
  if (isUuid(params['role'])) return params['role'] as string as RoleId;
  throw gone();
}

function gone(): ServiceError {
  return new ServiceError('not_found', {
    status: 404,
    publicMessage: 'There is nothing to do about that here. Open the page again.',
  });
}
