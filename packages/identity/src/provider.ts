import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  Provider,
  errors,
  type AdapterPayload,
  type Interaction,
  type InteractionResults,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import { Secret, invariant, randomToken, sha256 } from '@socle/base';
import { OFFERED_ACR } from './acr.ts';
import { finishRequest } from './finish-request.ts';
import { loadOpenClient } from './load-client.ts';
import { isSameSender, readNamedRows } from './named-rows.ts';
import {
  INTERACTION_SECONDS,
  buildConfiguration,
  refuseSecondUse,
  toProtocolError,
  type ProviderOptions,
} from './provider-configuration.ts';
import { redrawPassingForm } from './passing-form.ts';
import { openContextSlot, keepContextsShortLived, type ContextSlot } from './provider-contexts.ts';
import { showPage, viewOf } from './provider-views.ts';
import { openRequestRows, type RequestRows } from './request-rows.ts';
import type { DirectSignIn, PendingSignIn, ProvenSignIn, ProviderGate } from './provider-gate.ts';
import { findClient, forProvider } from './client-store.ts';
import { DEVICE_GRANT } from './grant-types.ts';
import { noteSeenId } from './provider-store.ts';
import { buildCookie, loadSubject, sessionSeconds } from './provider-values.ts';
import { registerTokenExchange } from './token-exchange/register-exchange.ts';

/** Of an academy's services, those that are called within minutes of each other. */
const MOST_KEPT_CLIENTS = 500;

const EXCHANGE_ERRORS = {
  invalid_request: (text: string) => new errors.InvalidRequest(text),
  invalid_target: (text: string) => new errors.InvalidTarget(text),
  invalid_scope: (text: string) => new errors.InvalidScope(text, ''),
} as const;

/** Builds the provider for one set of signing keys. All state is in the database: a new one may replace it any time. */
export function buildProvider(options: ProviderOptions): ProviderGate {
  const requests = openContextSlot<RequestRows>('rows of the request');
  const provider = new Provider(
    options.issuer,
    buildConfiguration(options, () => provider, requests),
  );
  keepContextsShortLived(provider);
  provider.use(async (ctx, next) => {
    const rows = openRequestRows();
    requests.set(ctx, rows);
    await next();
    await finishOrRefuse(ctx as KoaContextWithOIDC, rows, options);
    await redrawPassingForm(ctx, options);
  });
  keepClients(provider, requests, options);
  // Host, scheme and client address were settled at the door (host-guard.ts); nothing else may speak for them.
  provider.proxy = true;
  hardenModels(provider, options);
  const sendLogout = leaveLogoutToNotices(provider);
  registerTokenExchange(provider, {
    refuse: ({ error, description }) => EXCHANGE_ERRORS[error](description),
    isActive: async (accountId) => (await options.findActivePerson(accountId)) !== undefined,
    subjectAt: (accountId, client) => loadSubject(options, { accountId }, client),
    onExchange: options.onExchange,
  });
  listenToProvider(provider, options);
  const answer = provider.callback();
  return {
    async handle(request, response) {
      await answer(request, response);
    },
    startDirect: (request, response, direct) => startDirect(provider, options, request, response, direct),
    findPending: (request, response) => findPending(provider, options, request, response),
    async findSession(request, response) {
      const session = await provider.Session.get(provider.createContext(request, response));
      return session.accountId === undefined ? undefined : { uid: session.uid, accountId: session.accountId };
    },
    async sendLogout(clientId, accountId, sid) {
      const client = (await provider.Client.find(clientId)) as LogoutClient | undefined;
      // one that is stopped is told later, when it is not any more
      if (!client && (await findClient(options.database, clientId)))
        throw new Error('the service is stopped');
      if (client?.backchannelLogoutUri) await sendLogout.call(client, accountId, sid);
    },
    grantsOf: (session) =>
      Object.values((session as AdapterPayload).authorizations ?? {}).flatMap((each) => each.grantId ?? []),
    checkClientMetadata(metadata) {
      try {
        // The constructor is the provider's own validation (RFC 7591 §2).
        const client = Reflect.construct(provider.Client, [forProvider(metadata), undefined]) as {
          clientId: string;
        };
        invariant(client.clientId, 'a client has an id');
        return undefined;
      } catch (error) {
        if (error instanceof errors.InvalidClientMetadata) return error.error_description ?? error.message;
        throw error;
      }
    },
  };
}

/** The end of a request; what goes wrong there is answered as the provider would have answered it. */
async function finishOrRefuse(
  ctx: KoaContextWithOIDC,
  rows: RequestRows,
  options: ProviderOptions,
): Promise<void> {
  try {
    await finishRequest(ctx, rows.takeDeferred(), {
      ...options,
      refuseSecondUse,
      isSameSender: (token) => isSameSender(ctx, token),
    });
  } catch (error) {
    const refusal = toProtocolError(error);
    if (!(refusal instanceof errors.OIDCProviderError)) throw error;
    ctx.status = refusal.statusCode;
    ctx.remove('location');
    const { error: code, error_description: description } = refusal;
    if (ctx.accepts('json', 'html') === 'html') {
      showPage(
        ctx,
        options.pages.failure({
          ...(await viewOf(ctx, options.findEntranceSchool)),
          code,
          status: ctx.status,
        }),
      );
    } else ctx.body = { error: code, ...(description !== undefined && { error_description: description }) };
  }
}

/**
 * A client is read at every request, since it may have been changed or stopped by another instance; the object that the
 * provider makes of it, with its keys, is kept while the row is the same.
 */
function keepClients(provider: Provider, requests: ContextSlot<RequestRows>, options: ProviderOptions): void {
  type Client = Awaited<ReturnType<typeof find>>;
  const kept = new Map<string, { readonly version: string; readonly client: Client }>();
  const find = provider.Client.find.bind(provider.Client);
  provider.Client.find = async (id) => {
    const ctx = Provider.ctx ?? undefined;
    const row = await loadOpenClient(
      { ...options, requestRows: () => ctx && requests.get(ctx), named: () => readNamedRows(ctx) },
      id,
    ).catch((error: unknown) => {
      throw toProtocolError(error);
    });
    const known = kept.get(id);
    if (row && known?.version === row.version) return known.client;
    kept.delete(id);
    const client = await find(id);
    if (row && client) kept.set(id, { version: row.version, client });
    if (kept.size > MOST_KEPT_CLIENTS) kept.delete(kept.keys().next().value!);
    return client;
  };
}

/** Model methods whose default is check-then-act, or keeps a secret in clear. */
function hardenModels(provider: Provider, options: ProviderOptions): void {
  provider.ReplayDetection.unique = (issuer, id, exp) =>
    noteSeenId(options.database, issuer, id, new Date(exp * 1000));

  // The default destroys the old id, then inserts the new one; here one statement replaces the key.
  const { save } = provider.Session.prototype;
  provider.Session.prototype.save = function saveInOneStatement(ttl) {
    Reflect.set(this, 'oldId', undefined);
    return save.call(this, ttl);
  };

  const { grantTypeAllowed } = provider.Client.prototype;
  provider.Client.prototype.grantTypeAllowed = function allowDeviceFlow(type) {
    if (type === DEVICE_GRANT) return Reflect.get(this, 'socle_device_flow') === true;
    return grantTypeAllowed.call(this, type);
  };

  // Registered secrets are 256 random bits and are kept as their SHA-256.
  provider.Client.prototype.compareClientSecret = function compareDigest(actual) {
    return (
      this.clientSecret !== undefined &&
      new Secret(sha256(actual).toString('base64url')).equals(new Secret(this.clientSecret))
    );
  };
}

/**
 * The sign-out page would call services itself, once, before the session is gone. The notices that the end of the
 * session leaves (session-notices.ts) do it instead, also after a crash; leaving one service alone stays as it was.
 * @returns the provider's own call.
 */
function leaveLogoutToNotices(provider: Provider): LogoutClient['backchannelLogout'] {
  const prototype = provider.Client.prototype as unknown as LogoutClient;
  const { backchannelLogout } = prototype;
  Reflect.set(
    prototype,
    'backchannelLogout',
    async function sendUnlessAllEnds(this: LogoutClient, accountId: string, sid: string | undefined) {
      if (Provider.ctx?.oidc.params?.['logout'] !== undefined) return;
      await backchannelLogout.call(this, accountId, sid);
    },
  );
  return backchannelLogout;
}

function listenToProvider(provider: Provider, { log, onSignedOut }: ProviderOptions): void {
  provider.on('end_session.success', (ctx) => {
    const { session } = ctx.oidc;
    // The answer "stay signed in" ends one service's part only.
    if (!session?.accountId || Reflect.get(session, 'destroyed') !== true) return;
    onSignedOut(session.accountId).catch(() => log.error({}, 'a sign-out could not be written to the log'));
  });
  provider.on('server_error', (ctx, error) => {
    // Frames without the message: a message may quote what was sent.
    const frames = (error.stack ?? '').split('\n').slice(1, 6).join(' ');
    log.error({ route: ctx.oidc?.route, kind: error.name, frames }, 'the identity provider failed');
  });
  provider.on('backchannel.error', (_ctx, _error, client) => {
    log.warn({ client: client.clientId }, 'a service did not answer the sign-out');
  });
}

async function startDirect(
  provider: Provider,
  options: ProviderOptions,
  request: IncomingMessage,
  response: ServerResponse,
  direct: DirectSignIn,
): Promise<string> {
  const uid = randomToken(16);
  const waiting = {
    returnTo: direct.returnTo,
    prompt: { name: 'login', reasons: ['no_session'], details: {} },
    params: {
      ...(direct.acr !== undefined && { acr_values: direct.acr }),
      ...(direct.loginHint !== undefined && { login_hint: direct.loginHint }),
    },
    trusted: [],
    cid: randomToken(16),
  };
  const interaction = Reflect.construct(provider.Interaction, [uid, waiting]) as Interaction;
  await interaction.save(INTERACTION_SECONDS);
  const path = `/sign-in/${uid}`;
  provider.createContext(request, response).cookies.set(provider.cookieName('interaction'), uid, {
    ...buildCookie(options.issuer),
    path,
    maxAge: INTERACTION_SECONDS * 1000,
  });
  return path;
}

async function findPending(
  provider: Provider,
  options: ProviderOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<PendingSignIn | undefined> {
  let interaction: Interaction;
  try {
    interaction = await provider.interactionDetails(request, response);
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return undefined;
    throw error;
  }
  const { params, prompt, uid } = interaction;
  const finish = async (result: InteractionResults) => {
    interaction.result = result;
    await interaction.persist();
    return interaction.returnTo;
  };
  const text = (name: string) => (typeof params[name] === 'string' ? { [name]: params[name] } : {});
  const { client_id, redirect_uri, ui_locales, login_hint } = {
    ...text('client_id'),
    ...text('redirect_uri'),
    ...text('ui_locales'),
    ...text('login_hint'),
  } as Record<string, string | undefined>;
  const { accountId } = interaction.session ?? {};
  return {
    uid,
    prompt: prompt.name,
    ...(accountId !== undefined && { accountId }),
    ...(client_id !== undefined && { clientId: client_id }),
    ...(redirect_uri !== undefined && { redirectUri: redirect_uri }),
    ...(ui_locales !== undefined && { uiLocales: ui_locales }),
    ...(login_hint !== undefined && { loginHint: login_hint }),
    unreachableAcr: isOutOfReach(prompt),
    ...findWantedAcr(interaction),
    async succeed(signIn) {
      if (client_id === undefined) {
        await openDirectSession(provider, options, request, response, signIn);
        await interaction.destroy();
        return interaction.returnTo;
      }
      return finish({
        login: {
          accountId: signIn.accountId,
          acr: signIn.acr,
          amr: [...signIn.amr],
          remember: !signIn.shared,
        },
      });
    },
    proceed: () => finish({}),
    fail: (error) => finish({ error }),
  };
}

/** True when the relying party demands an acr (OpenID Connect Core §5.5.1.1) and every one it names is beyond us. */
function isOutOfReach(prompt: Interaction['prompt']): boolean {
  return demandsAcr(prompt) && !namedAcrs(prompt).some((each) => OFFERED_ACR.some((acr) => acr === each));
}

function demandsAcr(prompt: Interaction['prompt']): boolean {
  return prompt.reasons.some((reason) => reason === 'essential_acr' || reason === 'essential_acrs');
}

function namedAcrs(prompt: Interaction['prompt']): unknown[] {
  const { value, values } = (prompt.details['acr'] ?? {}) as { value?: unknown; values?: unknown };
  return [value, ...(Array.isArray(values) ? (values as unknown[]) : [])];
}

/** What is asked for: by an essential claim, by `acr_values`, or by a page of the socle. */
function findWantedAcr({ prompt, params }: Interaction): Pick<PendingSignIn, 'wantedAcr' | 'acrIsEssential'> {
  const essential = demandsAcr(prompt);
  const wished = typeof params['acr_values'] === 'string' ? params['acr_values'].split(' ') : [];
  const named = essential ? namedAcrs(prompt) : wished;
  const wantedAcr = OFFERED_ACR.find((acr) => named.includes(acr));
  return {
    acrIsEssential: essential || (params['client_id'] === undefined && wantedAcr !== undefined),
    ...(wantedAcr !== undefined && { wantedAcr }),
  };
}

/** Signs in to the socle itself: the same session and cookie that the authorization endpoint would make. */
async function openDirectSession(
  provider: Provider,
  options: ProviderOptions,
  request: IncomingMessage,
  response: ServerResponse,
  signIn: ProvenSignIn,
): Promise<void> {
  const context = provider.createContext(request, response);
  let session = await provider.Session.get(context);
  if (session.accountId !== undefined && session.accountId !== signIn.accountId) {
    await options.endSession(session.uid);
    session = Reflect.construct(provider.Session, []) as typeof session;
  }
  session.loginAccount({
    accountId: signIn.accountId,
    acr: signIn.acr,
    amr: [...signIn.amr],
    transient: signIn.shared,
  });
  session.resetIdentifier();
  await session.save(sessionSeconds(session, options.clock));
  context.cookies.set(provider.cookieName('session'), session.jti, {
    ...buildCookie(options.issuer),
    ...(!signIn.shared && { expires: new Date(session.exp * 1000) }),
  });
}

/** What @types/oidc-provider leaves out of Client. */
interface LogoutClient {
  readonly backchannelLogoutUri?: string;
  backchannelLogout(accountId: string, sid: string | undefined): Promise<unknown>;
}
