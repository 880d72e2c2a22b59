import type { Client, ClientOptions, MayDecision, MayOptions, MayRequest } from '@socle/client';
import { registerModule } from '@socle/service';
import type { HttpBrowser } from './http-browser.ts';
import { openModuleUnderTest, type ModuleUnderTest } from './module-under-test.ts';
import type { SocleUnderTest, TestPerson } from './socle-under-test.ts';

/** The module `absences` beside the composed service: both real, over HTTP. */
export interface ModuleOfSocle extends ModuleUnderTest {
  /** A browser in which this person is signed in to the module, and what the module then knows of them. */
  arrive(person: TestPerson): Promise<Arrived>;
}

export interface Arrived {
  readonly browser: HttpBrowser;
  /** The person's subject in this module. */
  readonly sub: string;
  /** Asks the module's client, within a request of this person. */
  may(request: MayRequest, options?: MayOptions): Promise<MayDecision>;
}

/** Registers the module at the service, opens it, and lets it follow what changes. */
export async function openModuleOfSocle(
  socle: SocleUnderTest,
  client: Partial<ClientOptions> = {},
  options: { readonly clientId?: string } = {},
): Promise<ModuleOfSocle> {
  const answers = new Map<string, MayDecision | Error>();
  const module = await openModuleUnderTest({
    ...options,
    client,
    async register(metadata) {
      const clientId = String(metadata['client_id']);
      await registerModule(
        socle.socle,
        {
          client: { ...metadata, client_name: clientId },
          module: {
            id: clientId,
            title: { fr: 'Absences', en: 'Absences' },
            description: { fr: 'Appels et motifs', en: 'Roll calls and reasons' },
            icon: 'calendar',
            url: new URL('/', String((metadata['redirect_uris'] as string[])[0])).href,
            roles: ['teacher'],
            actions: {},
          },
        },
        { actor: { kind: 'system', id: 'test' } },
      );
      return socle.issuer;
    },
    routes(app, opened: Client) {
      app.get('/ask/:id', async (request, reply) => {
        const session = await opened.requireSession(request, reply);
        const { id } = request.params as { id: string };
        const { request: asked, may } = questions.get(id)!;
        answers.set(
          id,
          await opened
            .may(session, asked.action, asked.resource, asked.properties, may)
            .catch((error: Error) => error),
        );
        return {};
      });
    },
  });
  const questions = new Map<string, { readonly request: MayRequest; readonly may: MayOptions | undefined }>();
  module.client.startDelivery();
  return {
    ...module,
    async arrive(person) {
      const browser = await socle.signIn(person);
      const page = await browser.follow(await browser.get(`${module.baseUrl}/`));
      const { sub } = JSON.parse(page.text) as { sub: string };
      return {
        browser,
        sub,
        async may(request, may) {
          const id = crypto.randomUUID();
          questions.set(id, { request, may });
          await browser.get(`${module.baseUrl}/ask/${id}`);
          const answer = answers.get(id);
          if (answer === undefined) throw new Error('the module did not ask');
          if (answer instanceof Error) throw answer;
          return answer;
        },
      };
    },
  };
}

/** Resolves once `holds`, asked again and again. @throws when it does not within so long. */
export async function waitUntil(
  holds: () => Promise<boolean> | boolean,
  milliseconds = 10_000,
): Promise<number> {
  const start = performance.now();
  for (;;) {
    if (await holds()) return performance.now() - start;
    if (performance.now() - start > milliseconds) throw new Error(`not so within ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
