import type { Client, ModuleEvent, ModuleSession, Tx } from '@socle/client';
import type { GradesAction } from '../actions.ts';
import type { Mark } from '../domain/mark.ts';

/** The one member of the client library that acts use; it writes in the caller's transaction. */
type EventAppender = Pick<Client['audit'], 'append'>;

/** Who acts, when, and in which transaction: the change and its event commit together or not at all. */
export interface Act {
  readonly tx: Tx;
  readonly audit: EventAppender;
  readonly session: ModuleSession;
  readonly at: Date;
  /** The request's id. */
  readonly correlation?: string;
}

/** Puts one event of this module in the act's transaction. */
export async function appendEvent(
  act: Act,
  event: { readonly action: GradesAction } & Pick<
    ModuleEvent,
    'target' | 'school' | 'detail' | 'reason' | 'purpose'
  >,
): Promise<void> {
  await act.audit.append(act.tx, {
    ...event,
    at: act.at,
    session: act.session,
    ...(act.correlation ? { correlation: act.correlation } : {}),
  });
}

/** An assessment as the target of an event. */
export function assessmentTarget(id: string): { kind: string; id: string } {
  return { kind: 'grades.assessment', id };
}

/** A pupil as the target of an event: the log keeps a pseudonym. */
export function pupilTarget(sub: string): { kind: string; id: string } {
  return { kind: 'person', id: sub };
}

/** What a mark is, for an event: `value`, a status, or `none`; never the value. */
export function describeState(mark: Mark | undefined): string {
  if (mark === undefined) return 'none';
  return mark.kind === 'value' ? 'value' : mark.status;
}
