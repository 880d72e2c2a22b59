import type { Audit, NewEvent } from '@socle/audit';
import type { SocleSession } from '@socle/identity';
import type { Socle } from '../compose.ts';
import type { PersonContext } from '../modules/person-context.ts';
import type { ViewRow } from './store.ts';

/** A view that is open in this session: who looks, and until when. */
export interface OpenView {
  readonly row: ViewRow;
  readonly viewer: SocleSession;
}

/** A session as the person seen would have it by a password, for pages to show; undefined when they have no account. */
export async function buildSeenSession(
  socle: Pick<Socle, 'identity'>,
  { row, viewer }: OpenView,
  { person }: PersonContext,
): Promise<SocleSession | undefined> {
  const account = await socle.identity.accounts.find({ personId: row.seen_id });
  if (account?.status !== 'active') return undefined;
  // the session's id stays the viewer's: no session of the person seen is made, and nothing can be opened with it
  return {
    ...viewer,
    accountId: account.id,
    personId: row.seen_id,
    person: {
      id: person.id,
      status: person.status,
      displayName: person.displayName,
      givenName: person.givenName,
      familyName: person.familyName,
      controller: person.controller,
    },
    acr: 'password',
    amr: [],
  };
}

/** The log as it is written during a view: whatever a page writes, it was the viewer, in the place of the person seen. */
export function auditInView(audit: Audit, { row }: OpenView): Audit {
  const retell = (event: NewEvent): NewEvent => ({
    ...event,
    actor: { kind: 'person', id: row.viewer_id, onBehalfOf: row.seen_id },
    session: row.session_id,
    purpose: event.purpose ?? 'view',
  });
  return {
    ...audit,
    append: (tx, event) => audit.append(tx, retell(event)),
    appendMany: (tx, events) => audit.appendMany(tx, events.map(retell)),
    record: (event) => audit.record(retell(event)),
  };
}

/** Writes that a page was seen, or that a page or form was refused. */
export async function writeSeen(
  socle: Pick<Socle, 'audit'>,
  { row }: OpenView,
  what: { readonly page: string; readonly refused?: 'page' | 'form' },
): Promise<void> {
  await socle.audit.record({
    controller: row.controller_id,
    actor: { kind: 'person', id: row.viewer_id, onBehalfOf: row.seen_id },
    action: what.refused === undefined ? 'service.view.page_seen' : 'service.view.act_refused',
    target: { kind: 'person', id: row.seen_id },
    outcome: what.refused === undefined ? 'success' : 'denied',
    session: row.session_id,
    detail: { view: row.id, page: what.page },
  });
}
