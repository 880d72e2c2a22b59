import type { RegisteredClient } from '@socle/identity';
import type { EventActor } from '@socle/audit';
import type { Socle } from '../compose.ts';
import { parseModuleDocument } from './document.ts';
import { saveModule } from './store.ts';

/**
 * Registers a school module: its OIDC client, its tile on the portal, and the events it may append.
 * Registering it again replaces all three.
 *
 * @throws ServiceError `module_document_refused`, IdentityError for the client's metadata.
 */
export async function registerModule(
  socle: Socle,
  document: unknown,
  by: { readonly actor: EventActor },
): Promise<RegisteredClient> {
  const { client: metadata, module } = parseModuleDocument(document);
  const { client } = await socle.identity.clients.register(metadata, by);
  await socle.database.transaction(async (tx) => {
    await saveModule(tx, module, client.clientId, socle.clock.now());
    await socle.audit.append(tx, {
      controller: 'platform',
      actor: by.actor,
      action: 'service.module.registered',
      target: { kind: 'client', id: client.clientId },
      outcome: 'success',
      detail: { module: module.id },
    });
  });
  socle.audit.declare(module.actions);
  return client;
}
