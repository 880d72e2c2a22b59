import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/http-browser.ts';
import { openModuleWorld, type ModuleWorld } from '../support/module-world.ts';

describe('T-CLI-04 open redirect through return_to', () => {
  let world: ModuleWorld;
  beforeAll(async () => {
    world = await openModuleWorld();
    world.provider.account = 'camille';
  });
  afterAll(() => world.close());

  async function landing(returnTo: string): Promise<URL> {
    const browser = openBrowser();
    const url = `${world.baseUrl}/sign-in?return_to=${encodeURIComponent(returnTo)}`;
    const answer = await browser.follow(await browser.get(url), (location) => {
      const isInside = [world.baseUrl, world.provider.issuer].includes(location.origin);
      return !isInside || ['/', '/lists/6B', '/lists/x'].includes(location.pathname);
    });
    return new URL(answer.location!);
  }

  it('comes back to a path of this module (positive twin)', async () => {
    expect((await landing('/lists/6B?sort=name&by=%C3%A9t%C3%A9')).href).toBe(
      `${world.baseUrl}/lists/6B?sort=name&by=%C3%A9t%C3%A9`,
    );
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/%09/evil.example\n',
    ' //evil.example',
    '/.//evil.example',
    '/lists/..//evil.example',
    '/./..//evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'evil.example',
    '@evil.example',
    '/\u0000/evil.example',
    '/sign-in?return_to=/',
    '/sign-out',
    '/oidc/callback?code=x',
    `/${'a'.repeat(3_000)}`,
    '',
  ])('falls back to the start page for %j', async (returnTo) => {
    expect((await landing(returnTo)).href).toBe(`${world.baseUrl}/`);
  });
});
