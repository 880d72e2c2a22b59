import type { TestDatabase } from '@socle/db/testing';

/** An event as it stands in the log. */
export interface LoggedEvent {
  readonly id: string;
  readonly action: string;
  readonly actor: { readonly kind: string; readonly id: string };
  readonly target?: { readonly kind: string; readonly id: string };
  readonly outcome: string;
  readonly reason?: string;
  readonly purpose?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** The events of one action, in the order of their ids, read past the service. */
export async function loadLoggedEvents(
  database: TestDatabase,
  action: string,
): Promise<readonly LoggedEvent[]> {
  const rows = await database
    .openAdmin()
    .query<{ event: LoggedEvent }>(
      `SELECT convert_from(payload, 'UTF8')::jsonb AS event FROM audit.events WHERE action = $1 ORDER BY id`,
      [action],
    );
  return rows.map(({ event }) => event);
}
