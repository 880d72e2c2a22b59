import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isSocleError } from '@socle/base';
import type { DynamicRegistration, ManagedClient } from './dynamic-registration.ts';
import { REGISTRATION_PATH } from './path.ts';

const MAX_METADATA_BYTES = 64 * 1024;

/** The endpoints of dynamic registration, in JSON, behind bearer tokens. */
export async function registerRegistrationRoutes(
  app: FastifyInstance,
  registration: DynamicRegistration,
): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: MAX_METADATA_BYTES },
    (_request, body, done) => done(null, parseJson(String(body))),
  );
  app.addHook('onRequest', async (_request, reply) => {
    void reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
  });
  app.setErrorHandler(async (error, _request, reply) => answerFailure(reply, error));

  app.post(REGISTRATION_PATH, async (request, reply) => {
    const registered = await registration.register(bearerOf(request), request.body);
    return registered ? reply.code(201).send(present(registered)) : refuseToken(reply);
  });

  type Managed = FastifyRequest<{ Params: { clientId: string } }>;
  const address = `${REGISTRATION_PATH}/:clientId`;
  app.get(address, async (request: Managed, reply) => {
    const found = await registration.read(bearerOf(request), request.params.clientId);
    return found ? reply.send(present(found)) : refuseToken(reply);
  });
  app.put(address, async (request: Managed, reply) => {
    const updated = await registration.update(bearerOf(request), request.params.clientId, request.body);
    return updated ? reply.send(present(updated)) : refuseToken(reply);
  });
  app.delete(address, async (request: Managed, reply) =>
    (await registration.remove(bearerOf(request), request.params.clientId))
      ? reply.code(204).send()
      : refuseToken(reply),
  );
}

function present(managed: ManagedClient): Record<string, unknown> {
  return {
    ...managed.metadata,
    client_id: managed.clientId,
    client_id_issued_at: Math.floor(managed.registeredAt.getTime() / 1000),
    registration_client_uri: managed.address,
    registration_access_token: managed.token.revealText(),
    ...(managed.secret && { client_secret: managed.secret.revealText(), client_secret_expires_at: 0 }),
  };
}

/** The token of `Authorization: Bearer` (RFC 6750 §2.1), or an empty text, which no token is. */
function bearerOf(request: FastifyRequest): string {
  return /^Bearer ([A-Za-z0-9._~+/=-]{1,512})$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function refuseToken(reply: FastifyReply): FastifyReply {
  return reply
    .code(401)
    .header('www-authenticate', 'Bearer error="invalid_token"')
    .send({ error: 'invalid_token', error_description: 'the access token is not valid here' });
}

function answerFailure(reply: FastifyReply, error: unknown): FastifyReply {
  if (isSocleError(error) && error.code === 'client_metadata_refused') {
    const redirect = error.publicMessage.startsWith('redirect_uris');
    return reply.code(400).send({
      error: redirect ? 'invalid_redirect_uri' : 'invalid_client_metadata',
      error_description: error.publicMessage,
    });
  }
  if (isSocleError(error) && error.code === 'registration_stopped') {
    return reply.code(503).send({ error: 'temporarily_unavailable', error_description: error.publicMessage });
  }
  const status = (error as { statusCode?: unknown }).statusCode;
  if (status === 413 || status === 415) {
    return reply
      .code(status)
      .send({ error: 'invalid_client_metadata', error_description: 'JSON, 64 KB at most' });
  }
  throw error;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
