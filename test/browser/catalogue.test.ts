import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { catalogueNames, loadPageAssets, renderCatalogue, securityHeaders } from '@socle/pages';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAxe } from '../support/axe.ts';

const folder = 'var/screenshots/catalogue';
const widths = [390, 768, 1280] as const;
const schemes = ['light', 'dark'] as const;
const pages = ['', ...catalogueNames];
const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

let server: Server;
let origin: string;
let browser: Browser;

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  server = serveCatalogue();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
});

afterAll(async () => {
  await writeFile(`${folder}/index.html`, buildIndex());
  await browser.close();
  await new Promise((resolve) => server.close(resolve));
});

describe('catalogue of pages', () => {
  it('has the pages that the check walks', () => {
    expect(pages.length).toBeGreaterThan(12);
  });

  for (const scheme of schemes) {
    // the night changes colours alone: a phone and a desk show them all
    for (const width of widths.filter((each) => scheme === 'light' || each !== 768)) {
      it(`stands at ${width} px, ${scheme}: axe clean, nothing beyond the edge, nothing against the policy`, async () => {
        const context = await openContext(scheme, width);
        const problems: string[] = [];
        const checks = await walk(context, async (page, name) => {
          problems.push(...(await problemsOf(page, name, width !== 768)));
          await page.screenshot({ path: `${folder}/${fileName(name, width, scheme)}`, fullPage: true });
        });
        await context.close();
        expect(problems).toEqual([]);
        expect(checks).toBe(pages.length);
      });
    }
  }

  it('keeps its content at 400 % zoom (320 px) in both languages', async () => {
    const problems: string[] = [];
    for (const language of ['fr', 'en']) {
      const context = await browser.newContext({ viewport: { width: 320, height: 640 }, locale: language });
      await walk(context, async (page, name) => {
        if ((await overflow(page)) > 0) problems.push(`${name} ${language}`);
        expect(await page.getAttribute('html', 'lang')).toBe(language);
      });
      await context.close();
    }
    expect(problems).toEqual([]);
  });

  it('gives touch targets of at least 44 px', async () => {
    const context = await openContext('light', 390);
    const small: string[] = [];
    await walk(context, async (page, name) => {
      small.push(...(await smallTargets(page)).map((target) => `${name}: ${target}`));
    });
    await context.close();
    expect(small).toEqual([]);
  });

  it('is walked by keyboard: skip link first, dialog opens, keeps the focus and gives it back', async () => {
    const context = await openContext('light', 1280);
    const page = await context.newPage();
    await page.goto(`${origin}/pages/dialogs`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip-link');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(`document.getElementById('suspend').open`)).toBe(true);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Ne rien changer');
    expect(await violationsOf(page, 'dialog')).toEqual([]);
    await page.screenshot({ path: `${folder}/dialog-open.png` });
    await page.keyboard.press('Escape');
    expect(await page.evaluate('document.activeElement.dataset.opensDialog')).toBe('suspend');
    await context.close();
  });

  it('lets a password be shown, and hides it again before sending', async () => {
    const context = await openContext('light', 390);
    const page = await context.newPage();
    await page.goto(`${origin}/pages/sign-in`);
    const field = page.locator('#field-password');
    await field.fill('école');
    await page.locator('[data-reveals]').click();
    expect(await field.getAttribute('type')).toBe('text');
    await page.locator('[data-reveals]').click();
    expect(await field.getAttribute('type')).toBe('password');
    await context.close();
  });

  it('shows every page without JavaScript', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const checks = await walk(context, async (page) => {
      expect(await page.locator('h1').count()).toBe(1);
    });
    expect(checks).toBe(pages.length);
    await context.close();
  });

  it.each([
    ['choices', '#field-photos', 'photos=off'],
    ['codes', 'button[value="cat"]', 'picture=cat'],
    ['messages', '.flash-undo button', ''],
    ['portal', '.sign-out button', ''],
    ['list', '.language-switch button', 'returnTo=%2Fpages&language=en'],
  ])('sends the form of %s without JavaScript', async (name, selector, wanted) => {
    const context = await browser.newContext({ javaScriptEnabled: false, locale: 'fr-FR' });
    const page = await context.newPage();
    await page.goto(`${origin}/pages${name === 'list' ? '' : `/${name}`}`);
    const sent = page.waitForRequest((request) => request.method() === 'POST');
    await page.locator(selector).click();
    expect((await sent).postData() ?? '').toBe(wanted);
    await context.close();
  });
});

function serveCatalogue(): Server {
  const assets = loadPageAssets();
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://catalogue');
    const asset = assets.find(pathname);
    if (asset) {
      response.writeHead(200, { 'content-type': asset.contentType, 'cache-control': asset.cacheControl });
      response.end(asset.body);
      return;
    }
    const language = request.headers['accept-language']?.startsWith('en') ? 'en' : 'fr';
    const [, , name] = pathname.split('/');
    const body = renderCatalogue({ language, assets, ...(name ? { name } : {}) });
    response.writeHead(body === undefined ? 404 : 200, {
      ...securityHeaders(),
      'content-type': 'text/html; charset=utf-8',
    });
    response.end(body ?? '');
  });
}

async function openContext(colorScheme: 'light' | 'dark', width: number): Promise<BrowserContext> {
  return browser.newContext({
    colorScheme,
    viewport: { width, height: 844 },
    locale: 'fr-FR',
    reducedMotion: 'reduce',
  });
}

/** Opens every page of the catalogue in turn; gives back how many. */
async function walk(
  context: BrowserContext,
  check: (page: Page, name: string) => Promise<void>,
): Promise<number> {
  const page = await context.newPage();
  const refused: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') refused.push(message.text());
  });
  for (const name of pages) {
    const answer = await page.goto(`${origin}/pages${name === '' ? '' : `/${name}`}`);
    expect(answer?.status()).toBe(200);
    await check(page, name || 'list');
  }
  expect(refused).toEqual([]);
  return pages.length;
}

async function problemsOf(page: Page, name: string, withAxe: boolean): Promise<string[]> {
  await page.evaluate('document.fonts.ready.then(() => true)');
  const isDark = await page.evaluate<boolean>("matchMedia('(prefers-color-scheme: dark)').matches");
  const found = withAxe ? await violationsOf(page, name, isDark ? ['color-contrast'] : undefined) : [];
  const beyond = await overflow(page);
  if (beyond > 0) found.push(`${name}: ${beyond} px beyond the right edge`);
  return found;
}

/** What axe finds: by all its rules, or by those that may fail at night when they passed by day. */
async function violationsOf(page: Page, name: string, rules?: readonly string[]): Promise<string[]> {
  const { violations } = await runAxe(page, rules);
  return violations.map(
    ({ id, nodes }) =>
      `${name}: ${id} ${nodes
        .map((node) => node.html)
        .join(' | ')
        .slice(0, 400)}`,
  );
}

async function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

// The page runs these as text: this program has no DOM types.
async function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`
    [...document.querySelectorAll('button, summary, select, input:not([type=hidden]), a[href]')]
      .filter((target) => !target.matches('p a, dd a, .skip-link, dialog *') && target.checkVisibility())
      .map((target) => ({ target, box: (target.closest('.choice, .tile, .card-head, .row-choice') ?? target).getBoundingClientRect() }))
      .filter(({ box }) => box.height > 0 && box.height < 43.5)
      .map(({ target, box }) => target.outerHTML.slice(0, 120) + ' is ' + Math.round(box.height) + ' px high')
  `);
}

function fileName(name: string, width: number, scheme: string): string {
  return `${name}-${width}-${scheme}.png`;
}

function buildIndex(): string {
  const sections = pages.map((page) => {
    const name = page || 'list';
    const shots = schemes.flatMap((scheme) =>
      widths
        .filter((width) => scheme === 'light' || width !== 768)
        .map((width) => fileName(name, width, scheme)),
    );
    return `<h2>${name}</h2>${shots.map((shot) => `<a href="${shot}"><img loading="lazy" height="420" alt="${shot}" src="${shot}"></a>`).join(' ')}`;
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Screenshots</title>${sections.join('')}</html>`;
}
