import { ServerResponse } from 'node:http';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { silentLog, type PersonId } from '@socle/base';
import type { EventActor } from '@socle/audit';
import { findAccountById } from './account-store.ts';
import { openActivation } from './activation/activation.ts';
import { openAccounts } from './accounts.ts';
import type { Acr } from './acr.ts';
import { openColleagues } from './approvals-by-colleague/colleagues.ts';
import { openBadges } from './badges/badges.ts';
import { openClients } from './clients.ts';
import { agreeToAttributes, openReceipts } from './contracts/received.ts';
import { registerContractRoutes } from './contracts/routes.ts';
import { openCredentials } from './credentials/open-credentials.ts';
import { openDefences } from './defences/defences.ts';
import { deriveSecrets } from './derived-secrets.ts';
import { renderCodeInput } from './device-flow/pages.ts';
import { IdentityError } from './errors.ts';
import { lowerHashingPriority } from './hashing-priority.ts';
import { checkHost } from './host-guard.ts';
import type { Identity, IdentityOptions } from './identity.ts';
import { openKeyring } from './keyring.ts';
import { ensureSigningKeys, openSigningKeys } from './keys.ts';
import { buildLookups, type KnownAccount } from './lookup-store.ts';
import { openLessons } from './lessons/lessons.ts';
import { isLoopbackUrl } from './loopback.ts';
import { SCIM_RESOURCE_PATH, verifyModuleToken } from './module-token.ts';
import { openOneTimeCodes } from './one-time-codes/one-time-codes.ts';
import { openNotices } from './recovery/notices.ts';
import { openResets } from './recovery/resets.ts';
import { buildOutbound } from './outbound.ts';
import { chooseRequestLanguage } from './page-language.ts';
import { buildPages } from './pages.ts';
import { agreeOnPasswordCost, findArgon2Build } from './password-cost.ts';
import { openPasswordQueue } from './password-queue.ts';
import { openPasswords } from './passwords.ts';
import type { Person } from './ports.ts';
import { openDynamicRegistration, openRegistrationTokens } from './registration/dynamic-registration.ts';
import { registerRegistrationRoutes } from './registration/routes.ts';
import { registerFormRedirects, registerProviderRoutes } from './provider-routes.ts';
import { buildProvider } from './provider.ts';
import { idleLimitSeconds } from './session-limits.ts';
import { deliverNotices, sessionsEndedSince } from './session-notices.ts';
import { buildSealedSigner } from './signer.ts';
import { findSession, touchSession } from './session-store.ts';
import { openSessions, type SocleSession } from './sessions.ts';
import { registerSignInRoutes } from './sign-in/routes.ts';
import { buildStepUpAddress, isStrongEnough } from './step-up.ts';
import {
  findSubject,
  findSubjects,
  isSignedInTo,
  loadKnownSubjects,
  loadPairwiseSubjects,
} from './subjects.ts';
import { sweepExpired } from './sweep.ts';
import { openThrottle } from './throttle.ts';
import { openWork } from './proof-of-work/work.ts';

const TOUCH_AFTER_SECONDS = 60;

/**
 * Opens the identity provider: makes the first signing keys where there are none, and starts to watch for keys that
 * another instance rotated. Close it before the database.
 *
 * @throws IdentityError `master_key_refused`, `signing_key_unreadable`; DbError when the database does not answer.
 */
export async function openIdentity(options: IdentityOptions): Promise<Identity> {
  const { database, audit, clock, people } = options;
  const log = options.log ?? silentLog;
  const platformController = options.platformController ?? 'platform';
  const issuer = parseIssuer(options.issuer);
  const allowLoopback = isLoopbackUrl(issuer);
  const secrets = deriveSecrets(options.masterKey);
  const pages = buildPages(options.pages, options.footerLinks);
  const throttle = openThrottle({ secret: secrets.throttle, clock });
  const parameters = options.passwordParameters ?? (await agreeOnPasswordCost(database));
  const passwords = await openPasswords({
    pepper: secrets.passwordPepper,
    queue: openPasswordQueue(),
    parameters,
  });
  await lowerHashingPriority();
  const codes = openOneTimeCodes({ secret: secrets.codes, clock });
  const events = { audit, platformController, log, database, clock };
  const work = openWork({ ...events, throttle, secret: secrets.throttle });

  async function findPerson(accountId: string): Promise<Person | undefined> {
    const account = await findAccountById(database, accountId);
    return account && people.findPerson(account.person_id as PersonId);
  }

  async function findActivePerson(
    accountId: string,
    known?: KnownAccount | null,
  ): Promise<Person | undefined> {
    const account = known === undefined ? await findAccountById(database, accountId) : known;
    if (account?.status !== 'active') return undefined;
    const card = known?.person;
    const person = card ?? (await people.findPerson(account.person_id as PersonId));
    return person?.status === 'active' ? person : undefined;
  }

  async function appendSystemEvent(action: string, event: SystemEvent): Promise<void> {
    const person = event.accountId === undefined ? undefined : await findPerson(event.accountId);
    await database.transaction(
      (tx) =>
        audit.append(tx, {
          controller: person?.controller ?? platformController,
          actor: person ? { kind: 'person', id: person.id } : { kind: 'system', id: 'identity' },
          action,
          ...(person && { target: { kind: 'person', id: person.id } }),
          outcome: event.outcome,
          ...(event.detail && { detail: event.detail }),
        }),
      { scope: 'all' },
    );
  }

  const signer = options.signer ?? buildSealedSigner(secrets.keyWrapping);
  const keyOptions = { ...events, signer, controller: platformController };
  await ensureSigningKeys(keyOptions);
  const keyring = await openKeyring({
    database,
    log,
    signer,
    build: (keys, moduleScopes) =>
      buildProvider({
        moduleScopes,
        database,
        clock,
        log,
        keys,
        pages,
        findEntranceSchool: options.findEntranceSchool,
        findActivePerson,
        issuer: options.issuer,
        cookieKey: secrets.cookies,
        dpopNonceKey: secrets.dpopNonce,
        answersKey: secrets.answers,
        lookups: buildLookups(database, people.card),
        outbound: buildOutbound({ allowLoopback }),
        endSession: (uid) => sessions.endByUid(uid),
        onReplay: (artefact, client) =>
          appendSystemEvent('identity.grant.replayed', { outcome: 'denied', detail: { artefact, client } }),
        onSessionEnded: (sessionId) => deliverNotices(delivery, { sessionId }),
        onExchange: ({ accountId, from, to }) =>
          appendSystemEvent('identity.token.exchanged', {
            accountId,
            outcome: 'success',
            detail: { from, to },
          }),
        onSignedOut: (accountId) =>
          appendSystemEvent('identity.session.ended', { accountId, outcome: 'success' }),
      }),
  });
  const gate = keyring.gate;
  const delivery = { ...events, gate };
  const sessions = openSessions({ ...events, gate, findPerson });
  const clients = openClients({
    ...events,
    allowLoopback,
    controller: platformController,
    checkMetadata: (metadata) => gate().checkClientMetadata(metadata),
    onChange: keyring.reload,
  });
  const keys = openSigningKeys({ ...keyOptions, onChange: keyring.reload });
  const registration = {
    ...events,
    clients,
    allowLoopback,
    issuer: options.issuer,
    controller: platformController,
  };
  const contracts = { ...events, findPerson };

  const endSessions = (accountId: string, actor: EventActor, except?: string) =>
    sessions.endAll(accountId, { actor }, except === undefined ? {} : { except });
  const accounts = openAccounts({ ...events, passwords, people, throttle, endSessions });
  const activation = openActivation({ audit, clock, codes, issuer: options.issuer, platformController });
  const notices = openNotices({ database, clock });
  const colleagues = openColleagues({ ...events, secret: secrets.codes, notices });
  const badges = openBadges({
    ...events,
    secret: secrets.codes,
    issuer: options.issuer,
    sessions,
  });
  const credentials = openCredentials({
    ...events,
    people,
    passwords,
    accounts,
    issuer,
    endSessions,
    sealingKey: secrets.factors,
    leakedPasswords: options.leakedPasswords,
  });

  async function loadSession(request: FastifyRequest): Promise<SocleSession | undefined> {
    const found = await gate().findSession(request.raw, new ServerResponse(request.raw));
    const entry = found && (await findSession(database, { uid: found.uid }, clock.now()));
    if (!entry) return undefined;
    const person = await findActivePerson(entry.account_id);
    if (!person) {
      await sessions.endByUid(entry.provider_uid);
      return undefined;
    }
    if (clock.now().getTime() - entry.last_seen_at.getTime() > TOUCH_AFTER_SECONDS * 1000) {
      await touchSession(database, entry.provider_uid, clock.now(), idleLimitSeconds(entry.shared_computer));
    }
    return {
      id: entry.id,
      accountId: entry.account_id,
      personId: person.id,
      person,
      acr: entry.acr as Acr,
      amr: entry.amr,
      sharedComputer: entry.shared_computer,
      authenticatedAt: entry.authenticated_at,
      expiresAt: entry.absolute_expires_at,
    };
  }

  const signInAddress = (returnTo: string) =>
    `/sign-in?${new URLSearchParams({ 'return-to': returnTo }).toString()}`;

  const routes: FastifyPluginAsync = async (app) => {
    app.addHook('onRequest', async (request, reply) => {
      if (checkHost(issuer, request.raw.headers) === 'expected') return undefined;
      if ((request.headers.accept ?? '').includes('text/html')) {
        const language = chooseRequestLanguage(request.raw);
        const page = pages.wrongHost({ language, issuer: `${issuer.origin}/` });
        return reply.code(421).type('text/html').send(page.html);
      }
      return reply
        .code(421)
        .type('application/problem+json')
        .send({ type: 'about:blank', title: 'Misdirected Request', status: 421, code: 'host_not_served' });
    });
    await app.register(async (scope) =>
      registerProviderRoutes(scope, {
        gate,
        issuer,
        reserveUserCode: (address) => throttle.reserveUserCode(database, address),
        showThrottledCode: async (request) =>
          renderCodeInput(pages, {
            language: chooseRequestLanguage(request),
            school: await options.findEntranceSchool?.(request),
            xsrf: '',
            code: '',
            problem: 'throttled',
          }),
      }),
    );
    await app.register((scope) => registerRegistrationRoutes(scope, openDynamicRegistration(registration)));
    await app.register((scope) =>
      registerContractRoutes(scope, {
        gate,
        issuer,
        pages,
        clients,
        findPerson,
        findEntranceSchool: options.findEntranceSchool,
        agree: (agreement) => agreeToAttributes(contracts, agreement),
      }),
    );
    await app.register(async (scope) => registerFormRedirects(scope));
    await app.register((scope) =>
      registerSignInRoutes(scope, {
        gate,
        findEntranceSchool: options.findEntranceSchool,
        tools: {
          ...events,
          issuer,
          pages,
          people,
          passwords,
          ...credentials,
          throttle,
          work,
          throttleSecret: secrets.throttle,
          codes,
          badges,
          colleagues,
          endSessions,
        },
        describeClient: async (clientId, language) => {
          const { metadata } = (await clients.find(clientId)) ?? {};
          const name = metadata?.[`client_name#${language}`] ?? metadata?.['client_name'];
          return typeof name === 'string' ? { name } : undefined;
        },
        findSession: async (request) => {
          const session = await loadSession(request);
          const account = session && (await findAccountById(database, session.accountId));
          return session && account && { ...session, login: account.login };
        },
      }),
    );
  };

  return {
    passwordHashing: { ...parameters, build: findArgon2Build() },
    routes,
    checkSession: loadSession,
    async requireSession(request) {
      const session = await loadSession(request);
      if (session) return session;
      throw new IdentityError('sign_in_required', {
        status: 401,
        publicMessage: 'Sign in first.',
        details: { signIn: signInAddress(request.method === 'GET' ? request.url : '/') },
      });
    },
    signInAddress,
    stepUpAddress: (returnTo, acr, maxAgeSeconds) =>
      buildStepUpAddress(returnTo, { acr, maxAge: maxAgeSeconds }),
    requireAcr(session, { acr, maxAgeSeconds, returnTo }) {
      const wanted = { acr, maxAge: maxAgeSeconds };
      if (isStrongEnough(session, wanted, clock.now())) return;
      throw new IdentityError('step_up_required', {
        status: 401,
        publicMessage: 'Prove again who you are to go on.',
        details: { signIn: buildStepUpAddress(returnTo, wanted) },
      });
    },
    ...credentials,
    accounts,
    badges,
    colleagues,
    notices,
    resets: openResets({ audit, clock, activation, notices }),
    lessons: openLessons({ database, audit, clock, sessions }),
    activation,
    workStatus: () => work.status(),
    defences: openDefences({
      ...events,
      grantsOf: (session) => gate().grantsOf(session),
      deliver: () => deliverNotices(delivery),
    }),
    clients,
    registrationTokens: openRegistrationTokens(registration),
    receipts: openReceipts(contracts),
    keys,
    sessions,
    pairwiseSubjects: (tx, sector, personIds) => loadPairwiseSubjects(tx, sector, personIds, clock.now()),
    knownSubjects: loadKnownSubjects,
    isSignedInTo: (tx, clientId, person) => isSignedInTo(tx, clientId, person, clock.now()),
    resolveSubject: findSubject,
    resolveSubjects: findSubjects,
    verifyModuleToken: (token) =>
      verifyModuleToken(token, { issuer: options.issuer, keys: keyring.publicKeys(), clock }),
    verifyScimToken: (token) =>
      verifyModuleToken(token, {
        issuer: options.issuer,
        keys: keyring.publicKeys(),
        clock,
        path: SCIM_RESOURCE_PATH,
      }),
    sessionsEndedSince,
    async runDueWork() {
      const told = await deliverNotices(delivery);
      const { steps, retired } = await keys.keepSchedule();
      return {
        servicesTold: told.notified,
        servicesSilent: told.unreachable,
        keysMoved: steps.filter((each) => each.step !== 'waiting').length,
        keysRetired: retired.length,
      };
    },
    sweepExpired: () => sweepExpired(database, clock.now()),
    close: async () => keyring.close(),
  };
}

interface SystemEvent {
  readonly accountId?: string;
  readonly outcome: 'success' | 'denied';
  readonly detail?: Readonly<Record<string, string>>;
}

function parseIssuer(text: string): URL {
  const url = new URL(text);
  if (url.origin !== text || (url.protocol !== 'https:' && !isLoopbackUrl(url))) {
    throw new IdentityError('issuer_refused', {
      status: 503,
      publicMessage:
        'The issuer is an origin without a path or final slash, with https outside the loopback range.',
    });
  }
  return url;
}
