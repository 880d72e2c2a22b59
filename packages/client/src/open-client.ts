import { silentLog, systemClock } from '@socle/base';
import { loadPageAssets } from '@socle/pages';
import type { Client, ClientOptions } from './client.ts';
import { buildCookies } from './cookies.ts';
import { decisionAction, openDecisionLog } from './decisions/decision-log.ts';
import { openFactsHolder } from './decisions/facts-holder.ts';
import { openFollower } from './decisions/follower.ts';
import { openInProcessDecisions } from './decisions/in-process.ts';
import { openPolicyHolder } from './decisions/policy-holder.ts';
import { buildErrorAnswers, languageOf } from './module/error-answers.ts';
import { openClientAssertions } from './oidc/client-assertion.ts';
import { openDiscovery } from './oidc/discovery.ts';
import { openTokenEndpoint } from './oidc/token-endpoint.ts';
import { parseIssuer, parseOrigin } from './options.ts';
import { openOutbox } from './outbox/outbox.ts';
import { buildPlugin } from './plugin.ts';
import { buildCsrfToken } from './session/csrf.ts';
import { signInRequired } from './session/require-session.ts';
import { openSessions } from './session/sessions.ts';
import { deleteSessionsOf } from './session/store.ts';
import { openSignIn } from './sign-in/sign-in.ts';
import { openDirectoryReads } from './socle/directory.ts';
import { openHttp } from './socle/http.ts';
import { openDecisions } from './socle/may.ts';
import { openSocleCalls } from './socle/module-token.ts';

const SWEEP_MS = 600_000;

/**
 * Opens the client of one module. Nothing is asked of the socle before the first need, so a module starts while the
 * socle is down.
 *
 * @throws ClientError `module_config_invalid` for an address that is neither https nor loopback, or an unusable key.
 */
export async function openClient(options: ClientOptions): Promise<Client> {
  const { clientId, database } = options;
  const clock = options.clock ?? systemClock;
  const log = options.log ?? silentLog;
  const issuer = parseIssuer(options.issuer);
  const baseUrl = parseOrigin(options.baseUrl, "the module's address");
  const http = openHttp({
    fetch: options.fetch ?? fetch,
    origin: new URL(issuer).origin,
    timeoutMs: options.requestTimeoutMs ?? 5_000,
  });
  const discovery = openDiscovery({ issuer, http, clock, log });
  const assertions = await openClientAssertions({ ...options, issuer, clock });
  const tokens = openTokenEndpoint({ http, discovery, assertions, clientId });
  const calls = openSocleCalls({ issuer, http, tokens, clock });
  const cookies = buildCookies({ clientId, baseUrl });
  const sessions = openSessions({
    database,
    cookies,
    clock,
    idleSeconds: options.sessionIdleSeconds ?? 1_800,
    absoluteSeconds: options.sessionAbsoluteSeconds ?? 36_000,
  });
  const redirectUri = `${baseUrl}/oidc/callback`;
  const signIn = openSignIn({ issuer, clientId, redirectUri, database, discovery, tokens, clock });
  const assets = loadPageAssets();
  const title = options.title ?? { fr: clientId, en: clientId };
  const answers = buildErrorAnswers({ log, baseUrl, title, assets });
  const outbox = openOutbox({
    issuer,
    clientId,
    actions: { ...options.actions, [`${clientId}.decision.made`]: decisionAction },
    database,
    calls,
    clock,
    log,
    limit: options.outboxLimit ?? 20_000,
  });
  const policies = openPolicyHolder({ issuer, http, database, clock, log, pinnedKeys: options.policyKeys });
  const facts = openFactsHolder({ issuer, calls, clock });
  const follower = openFollower({
    issuer,
    calls,
    policies,
    facts,
    clock,
    log,
    endSessions: (sids) => deleteSessionsOf(database, sids),
  });
  const decisions = openInProcessDecisions({
    remote: openDecisions({ issuer, calls }),
    policies,
    facts,
    follower,
    log: openDecisionLog({ clientId, database, outbox }),
    clock,
    limits: {
      sensitiveSeconds: options.sensitiveStaleSeconds ?? 300,
      anySeconds: options.staleSeconds ?? 3_600,
    },
  });
  await policies.loadKept();
  let sweeper: NodeJS.Timeout | undefined;

  return {
    plugin: buildPlugin({
      issuer,
      clientId,
      baseUrl,
      cookies,
      sessions,
      signIn,
      discovery,
      answers,
      clock,
      log,
    }),
    assets,
    language: languageOf,
    async requireSession(request, reply) {
      reply.header('cache-control', 'no-store');
      const session = await sessions.load(request);
      if (!session) throw signInRequired();
      return session;
    },
    loadSession: (request) => sessions.load(request),
    csrfToken: buildCsrfToken,
    async may(session, action, resource, properties, mayOptions) {
      const request = { action, resource, ...(properties === undefined ? {} : { properties }) };
      const [verdict] = await decisions.decide(session, [request], mayOptions);
      return verdict!;
    },
    mayEach: (session, requests, mayOptions) => decisions.decide(session, requests, mayOptions),
    listWhere: decisions.where,
    listIds: decisions.ids,
    decisionStatus: () => ({
      ...decisions.counts,
      policies: policies.current?.number ?? 0,
      policiesRefused: policies.refused,
      revision: follower.revision,
      people: facts.size,
      heardAt: follower.contactAt === undefined ? undefined : new Date(follower.contactAt),
    }),
    directory: openDirectoryReads({ issuer, calls }),
    audit: { append: outbox.append, deliverOnce: outbox.deliverOnce, status: outbox.status },
    startDelivery() {
      outbox.start();
      follower.start();
      sweeper ??= setInterval(() => {
        sessions.sweep().catch(() => log.warn({}, 'ended sessions could not be removed; they stay refused'));
      }, SWEEP_MS).unref();
    },
    errorHandler: answers.answerError,
    async checkSocle() {
      await discovery.load();
    },
    async close() {
      clearInterval(sweeper);
      await follower.stop();
      await outbox.stop();
    },
  };
}
