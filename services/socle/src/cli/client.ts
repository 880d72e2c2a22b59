import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ensureClientKey } from '../modules/client-key.ts';
import { unbindScimClient } from '@socle/directory';
import { isScimDocument, registerScimClient } from '../scim/register-client.ts';
import { registerModule } from '../modules/register-module.ts';
import { removeModuleOfClient } from '../modules/store.ts';
import { ServiceError } from '../errors.ts';
import { EXIT, type Command, type CommandIo } from './command.ts';
import type { RegistrationTerms } from '@socle/identity';
import { COMMAND_LINE, withSocle } from './runtime.ts';
import { print } from './session.ts';

/** `socle client`. */
export const clientCommand: Command = {
  name: 'client',
  summary: 'Registers services',
  usage: `
Usage: socle client key <FILE>
       socle client register <FILE> [--json]
       socle client list [--json]
       socle client show|remove <client id> [--json]
       socle client token --label TEXT [--uses N] [--days N] [--terms FILE] [--json]

key makes a private key for private_key_jwt in FILE (mode 0600; one that is there is kept) and prints the
"jwks" to put into the client's metadata.
token makes an initial access token: its holder may register services at /register (RFC 7591) on the terms of FILE:
{ "profile": "fapi2", "kind": "publisher", "attributes": ["given_name"], "purpose": { "fr": …, "en": … } }, all optional.
register takes JSON: OpenID Connect client metadata (RFC 7591), or the registration document of a school module
({ "client": metadata, "module": … }), or of a client that pushes people by SCIM for one controller
({ "client": metadata, "scim": { "controller": CODE } }). Registering a client again under its client_id replaces its metadata.
`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        label: { type: 'string' },
        uses: { type: 'string' },
        days: { type: 'string' },
        terms: { type: 'string' },
      },
    });
    const [verb, name] = positionals;
    if (verb === 'token' && values.label !== undefined) return issueToken(values, io);
    if (verb === 'key' && name) {
      const { publicJwk } = await ensureClientKey(name);
      io.stdout(`${JSON.stringify({ jwks: { keys: [publicJwk] } }, null, 2)}\n`);
      return EXIT.done;
    }
    if (verb === 'register' && name) {
      const document = parseJson(await readFile(name, 'utf8').catch(() => undefined), name);
      return withSocle(io, async (socle) => {
        const registered = isModuleDocument(document)
          ? { client: await registerModule(socle, document, COMMAND_LINE) }
          : isScimDocument(document)
            ? await registerScimClient(socle, document, COMMAND_LINE)
            : await socle.identity.clients.register(document as Record<string, unknown>, COMMAND_LINE);
        const secret = 'secret' in registered ? registered.secret?.revealText() : undefined;
        print(io, values.json, { ...registered.client, ...(secret ? { clientSecret: secret } : {}) }, [
          `registered ${registered.client.clientId}`,
          ...(secret ? [`client_secret (shown this once): ${secret}`] : []),
        ]);
        return EXIT.done;
      });
    }
    if (verb === 'list') {
      return withSocle(io, async (socle) => {
        const clients = await socle.identity.clients.list();
        print(
          io,
          values.json,
          clients,
          clients.length === 0 ? ['no client is registered'] : clients.map((client) => client.clientId),
        );
        return EXIT.done;
      });
    }
    if ((verb === 'show' || verb === 'remove') && name) {
      return withSocle(io, async (socle) => {
        const client = (await socle.identity.clients.list()).find((known) => known.clientId === name);
        if (!client)
          throw new ServiceError('not_found', { status: 404, publicMessage: 'No client has that id.' });
        if (verb === 'remove') {
          await socle.database.transaction(
            async (tx) => {
              await removeModuleOfClient(tx, client.clientId);
              await unbindScimClient(tx, client.clientId);
            },
            { scope: 'all' },
          );
          await socle.identity.clients.remove(client.clientId, COMMAND_LINE);
        }
        print(io, values.json, client, [
          JSON.stringify(client, null, 2),
          ...(verb === 'remove' ? ['removed'] : []),
        ]);
        return EXIT.done;
      });
    }
    io.stderr(
      'socle client: say key FILE, register FILE, list, show ID, remove ID or token --label TEXT. See socle client --help.\n',
    );
    return EXIT.usage;
  },
};

/** Makes an initial access token of dynamic registration, and prints it this once. */
async function issueToken(
  values: { json?: boolean; label?: string; uses?: string; days?: string; terms?: string },
  io: CommandIo,
): Promise<number> {
  const terms =
    values.terms === undefined
      ? undefined
      : parseJson(await readFile(values.terms, 'utf8').catch(() => undefined), values.terms);
  return withSocle(io, async (socle) => {
    const { token, expiresAt } = await socle.identity.registrationTokens.issue(
      {
        label: values.label ?? '',
        ...(values.uses !== undefined && { uses: Number(values.uses) }),
        ...(values.days !== undefined && { ttlSeconds: Number(values.days) * 86_400 }),
        ...(terms !== undefined && { terms: terms as RegistrationTerms }),
      },
      COMMAND_LINE,
    );
    const address = `${socle.config.issuer}/register`;
    print(io, values.json, { token: token.revealText(), expiresAt, address }, [
      `token (shown this once): ${token.revealText()}`,
      `registers at ${address} until ${expiresAt.toISOString()}`,
    ]);
    return EXIT.done;
  });
}

function parseJson(text: string | undefined, file: string): unknown {
  if (text === undefined) {
    throw new ServiceError('request_refused', {
      status: 400,
      publicMessage: `The file ${file} cannot be read.`,
    });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ServiceError('request_refused', {
      status: 400,
      publicMessage: `The file ${file} is not JSON.`,
    });
  }
}

function isModuleDocument(document: unknown): boolean {
  return typeof document === 'object' && document !== null && 'module' in document;
}
