import type { ClientMetadata } from 'oidc-provider';
import { openBrowser, type HttpBrowser, type Page } from './http-browser.ts';
import {
  openModuleUnderTest,
  type ModuleUnderTest,
  type ModuleUnderTestOptions,
} from './module-under-test.ts';
import { startReferenceProvider, type ReferenceProvider } from './reference-provider.ts';

/** A module beside a certified provider. */
export interface ModuleWorld extends ModuleUnderTest {
  readonly provider: ReferenceProvider;
  /** Signs in from `path` as the provider's `account`, to the page that is then shown. */
  signIn(browser: HttpBrowser, path?: string): Promise<Page>;
}

/** Opens the provider and the module. */
export async function openModuleWorld(
  options: Omit<ModuleUnderTestOptions, 'register'> = {},
): Promise<ModuleWorld> {
  let provider: ReferenceProvider | undefined;
  const module = await openModuleUnderTest({
    ...options,
    async register(metadata) {
      provider = await startReferenceProvider(() => [metadata as unknown as ClientMetadata]);
      return provider.issuer;
    },
  });
  return {
    ...module,
    provider: provider!,
    signIn: async (browser, path = '/') => browser.follow(await browser.get(`${module.baseUrl}${path}`)),
    async close() {
      await module.close();
      await provider!.close();
    },
  };
}

/** A browser that is signed in as `account`, with its page's form token. */
export async function openSignedInBrowser(
  world: ModuleWorld,
  account = 'camille',
): Promise<{ browser: HttpBrowser; csrf: string; sid: string }> {
  world.provider.account = account;
  const browser = openBrowser();
  const page = await world.signIn(browser);
  const { csrf, sid } = JSON.parse(page.text) as { csrf: string; sid: string };
  return { browser, csrf, sid };
}
