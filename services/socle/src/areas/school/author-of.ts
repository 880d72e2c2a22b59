import type { WriteContext } from '@socle/directory';
import type { Visit } from '../visit.ts';

/** The visitor as the author of what they change, at the instant of the request. */
export function authorOf({ socle, session, now }: Visit): WriteContext {
  return { audit: socle.audit, author: { kind: 'person', id: session.personId }, at: now };
}
