import type { Clock } from '@socle/base';
import type { Database } from '@socle/db';
import { CLIENT_ID, findOpenClient, type OpenClient } from './client-store.ts';
import { lookUpToken, type LookupStatements } from './lookup-store.ts';
import type { NamedRows } from './adapter-options.ts';
import { ROW_NAME } from './provider-store.ts';
import type { RequestRows } from './request-rows.ts';

/** The client as it is at this moment, read together with the token or code that its request brings. */
export async function loadOpenClient(
  options: {
    readonly database: Database;
    readonly lookups: LookupStatements;
    readonly clock: Clock;
    readonly requestRows: () => RequestRows | undefined;
    readonly named: () => NamedRows;
  },
  id: string,
): Promise<OpenClient | undefined> {
  const request = options.requestRows();
  const known = request?.client(id);
  if (known !== undefined) return known ?? undefined;
  const { token } = options.named();
  const isLookedUp = token === undefined || request?.row(token.models[0]!, token.id) !== undefined;
  if (!request || isLookedUp || token.id.startsWith(ROW_NAME) || !CLIENT_ID.test(id)) {
    return findOpenClient(options.database, id);
  }
  request.remember(await lookUpToken(options.lookups, { ...token, clientId: id }, options.clock.now()));
  return request.client(id) ?? undefined;
}
