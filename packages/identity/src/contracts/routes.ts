import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { button, form, html, join, nothing, type Language } from '@socle/pages';
import { pinHeaders } from '../host-guard.ts';
import { chooseRequestLanguage } from '../page-language.ts';
import type { IdentityPages } from '../pages.ts';
import type { PendingSignIn, ProviderGate } from '../provider-gate.ts';
import { isSameOrigin, showPage } from '../sign-in/desk.ts';
import type { Clients } from '../clients.ts';
import type { FindEntranceSchool, Person } from '../ports.ts';
import { attributesOf, claimsOf } from './attribute-contract.ts';
import { namesOf } from './received.ts';
import { CONTRACT_TEXTS } from './texts.ts';

/** Where the page "what this service receives" stands; the sign-in's cookie has this path. */
export const RECEIVES_PATH = '/receives';

interface ContractRoutesOptions {
  readonly gate: () => ProviderGate;
  readonly issuer: URL;
  readonly pages: IdentityPages;
  readonly clients: Clients;
  readonly findEntranceSchool: FindEntranceSchool | undefined;
  readonly findPerson: (accountId: string) => Promise<Person | undefined>;
  readonly agree: (agreement: {
    accountId: string;
    clientId: string;
    attributes: readonly string[];
  }) => Promise<void>;
}

type Asked = PendingSignIn & { readonly clientId: string; readonly accountId: string };
type Request = FastifyRequest<{ Params: { uid: string } }>;

/** The page that shows a person what a service outside the school receives, before anything is given. */
export async function registerContractRoutes(
  app: FastifyInstance,
  options: ContractRoutesOptions,
): Promise<void> {
  const { issuer, pages } = options;
  await app.register(formbody, { bodyLimit: 1_024 });

  app.get(`${RECEIVES_PATH}/:uid`, async (request: Request, reply) => {
    const asked = await findAsked(request, reply);
    return asked ? show(request, reply, asked) : reply;
  });

  app.post(`${RECEIVES_PATH}/:uid`, async (request: Request, reply) => {
    const asked = isSameOrigin(request, issuer) ? await findAsked(request, reply) : expired(request, reply);
    if (!asked) return reply;
    const answer = (request.body as { answer?: unknown } | undefined)?.answer;
    if (answer === 'refuse') return leave(reply, await asked.fail('access_denied'));
    if (answer !== 'agree') return show(request, reply, asked);
    const client = await options.clients.find(asked.clientId);
    await options.agree({
      accountId: asked.accountId,
      clientId: asked.clientId,
      attributes: attributesOf(client?.metadata ?? {}),
    });
    return leave(reply, await asked.proceed());
  });

  async function findAsked(request: Request, reply: FastifyReply): Promise<Asked | undefined> {
    pinHeaders(issuer, request.raw.headers);
    const pending = await options.gate().findPending(request.raw, reply.raw);
    const { clientId, accountId } = pending ?? {};
    if (pending?.uid !== request.params.uid || pending.prompt !== 'attributes') {
      return expired(request, reply);
    }
    if (clientId === undefined || accountId === undefined) return expired(request, reply);
    return { ...pending, clientId, accountId };
  }

  function expired(request: Request, reply: FastifyReply): undefined {
    showPage(reply, 400, pages.expired({ language: chooseRequestLanguage(request.raw) }));
  }

  async function show(request: Request, reply: FastifyReply, asked: Asked): Promise<FastifyReply> {
    const language: Language = chooseRequestLanguage(request.raw);
    const t = CONTRACT_TEXTS[language];
    const client = await options.clients.find(asked.clientId);
    const metadata = client?.metadata ?? {};
    const person = await options.findPerson(asked.accountId);
    const claims = person ? claimsOf(person, attributesOf(metadata)) : {};
    const purpose = (metadata['socle_purpose'] as Record<Language, string> | undefined)?.[language];
    const action = `${RECEIVES_PATH}/${asked.uid}`;
    const items = Object.entries(claims).map(
      ([name, value]) =>
        html`<li>${t[name as 'name']}${language === 'fr' ? '\u00a0: ' : ': '}<strong>${String(value)}</strong></li>`,
    );
    const page = pages.sheet({
      language,
      title: t.title,
      school: await options.findEntranceSchool?.(request.raw, person?.id),
      lead: t.lead(namesOf(asked.clientId, metadata)[language]),
      returnTo: action,
      formTargets: asked.redirectUri === undefined ? [] : [new URL(asked.redirectUri).origin],
      body: html`<h2>${t.list}</h2>
        <ul>
          <li>${t.pseudonym}</li>
          ${join(items)}
        </ul>
        ${purpose === undefined ? nothing : html`<h2>${t.purpose}</h2><p>${purpose}</p>`}
        <p class="muted">${t.nothingElse}</p>
        ${form({
          action,
          body: [
            button({ label: t.agree, name: 'answer', value: 'agree', wide: true }),
            button({ label: t.refuse, name: 'answer', value: 'refuse', kind: 'secondary', wide: true }),
          ],
        })}`,
    });
    return showPage(reply, 200, page);
  }
}

function leave(reply: FastifyReply, address: string): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(address, 303);
}
