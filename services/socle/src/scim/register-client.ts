import { z } from 'zod';
import type { RegisteredClient } from '@socle/identity';
import { bindScimClient } from '@socle/directory';
import type { Secret } from '@socle/base';
import type { Socle } from '../compose.ts';
import { ServiceError } from '../errors.ts';

const documentSchema = z.strictObject({
  client: z.record(z.string(), z.unknown()),
  scim: z.strictObject({ controller: z.string().min(1).max(64) }),
});

/** True for the registration document of a SCIM client: `{ "client": metadata, "scim": { "controller": CODE } }`. */
export function isScimDocument(document: unknown): boolean {
  return typeof document === 'object' && document !== null && 'scim' in document;
}

/**
 * Registers a client that pushes people by SCIM, for one controller. Registering it again replaces both.
 *
 * @throws ServiceError `request_refused` for another form; DirectoryError `controller_unknown`; IdentityError for the metadata.
 */
export async function registerScimClient(
  socle: Pick<Socle, 'identity' | 'database' | 'audit' | 'clock'>,
  document: unknown,
  by: { readonly actor: { readonly kind: 'system'; readonly id: string } },
): Promise<{ readonly client: RegisteredClient; readonly secret?: Secret }> {
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success) {
    throw new ServiceError('request_refused', {
      status: 400,
      publicMessage:
        'The document of a SCIM client is { "client": metadata, "scim": { "controller": CODE } }.',
    });
  }
  const { client: metadata, scim } = parsed.data;
  const registered = await socle.identity.clients.register(
    { grant_types: ['client_credentials'], scope: 'scim', ...metadata },
    by,
  );
  const context = { audit: socle.audit, author: by.actor, at: socle.clock.now() };
  await socle.database.transaction(
    (tx) =>
      bindScimClient(tx, { clientId: registered.client.clientId, controllerCode: scim.controller }, context),
    { scope: 'all' },
  );
  return registered;
}
