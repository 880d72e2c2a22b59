import { randomUUID } from 'node:crypto';
import type { Tx } from '@socle/db';
import {
  loadAdministrationActs,
  loadAdministrators,
  loadPersonCards,
  loadUnadministered,
  type AdministeredPlace,
} from '@socle/directory';
import { emptyState } from '@socle/pages';
import type { ApprovalRow } from '../../approvals/store.ts';
import type { AreaAnswer } from '../area.ts';
import type { Visit } from '../visit.ts';
import { placeForm, renderList } from './list-page.ts';
import {
  administratorsOf,
  APPOINT,
  listGivable,
  loadReadable,
  loadTerritories,
  READ,
  requirePlaces,
} from './places.ts';
import { strings } from './strings.ts';

const KINDS: readonly string[] = ['directory.administrator.give', 'directory.administrator.end_last'];

/** The page of a place: the one that was asked for, the widest of theirs, or the choice of one. */
export async function showPlace(
  visit: Visit,
  path: string,
  asked: string | undefined,
  problem?: string,
): Promise<AreaAnswer> {
  const words = strings[visit.language];
  const readable = await loadReadable(visit);
  const id =
    asked ?? (readable.length === 1 || readable[0]?.scope !== 'school' ? readable[0]?.id : undefined);
  if (id === undefined) {
    return visit.page({
      title: words.chooseTitle,
      lead: words.lead,
      body:
        readable.length === 0
          ? emptyState({ icon: 'users', title: words.noPlaceTitle, text: words.noPlaceText })
          : placeForm(visit, readable, path),
    });
  }
  const [place] = await requirePlaces(visit, id, READ);
  // a node that stands for several schools has no page of its own
  if (place!.id !== id) return visit.redirect(path);
  const territories = await loadTerritories(visit, place!);
  return inAll(visit, async (tx) => {
    const administrators = await loadAdministrators(tx, id, visit.now);
    const acts = await loadAdministrationActs(tx, id, visit.now);
    const agreed = await loadAgreed(tx, visit);
    const named = [
      ...administrators.flatMap(({ givenBy, agreedBy }) => [givenBy, agreedBy]),
      ...acts.flatMap(({ by, agreedBy }) => [by, agreedBy]),
      ...agreed.map(({ about }) => about ?? undefined),
    ].filter((person) => person !== undefined);
    const missing = await loadMissing(tx, visit, place!);
    return visit.page(
      renderList(visit, {
        path,
        place: place!,
        places: readable,
        administrators,
        acts,
        agreed,
        names: await loadPersonCards(tx, [...new Set(named)], visit.now),
        givable: visit.may(APPOINT, administratorsOf(place!)) ? listGivable(visit, [place!]) : [],
        ...(missing === undefined ? {} : { missing }),
        territories,
        request: randomUUID,
        ...(problem === undefined ? {} : { problem }),
      }),
    );
  });
}

async function loadMissing(tx: Tx, { now }: Visit, { scope, academy, region }: AdministeredPlace) {
  if (scope === 'school') return undefined;
  return loadUnadministered(tx, scope === 'academy' ? { academy: academy! } : { region }, now);
}

/** What a second person agreed to for this person, not done yet. */
export async function loadAgreed(
  tx: Tx,
  { socle, facts, session, now }: Visit,
): Promise<readonly ApprovalRow[]> {
  const rows = await socle.approvals.listFor(tx, facts, session.acr);
  return rows.filter(
    (row) =>
      KINDS.includes(row.kind) &&
      row.asked_by === session.personId &&
      row.verdict === 'confirmed' &&
      row.used_at === null &&
      row.expires_at > now,
  );
}

/** Reads in every controller's rows: who administers is shown by the rules, not by the controller. */
export function inAll<T>({ socle }: Visit, work: (tx: Tx) => Promise<T>): Promise<T> {
  return socle.database.transaction(work, { scope: 'all', readOnly: true });
}
