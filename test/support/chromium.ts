import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { sendNextCode } from './one-time-codes.ts';
import type { DemoAccount } from './territory.ts';

/** Starts the Chromium of this machine (`CHROMIUM_PATH`, default Debian's), without a window. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--lang=fr-FR',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Someone at a screen of their own: their cookies, their language, and what their browser complained of. */
export interface Visitor {
  readonly page: Page;
  /** Another tab with the same cookies. */
  openTab(): Promise<Page>;
  /** Errors of scripts and of the content security policy, in all tabs. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Opens a browser for one person, in French on a desk unless told otherwise. */
export async function openVisitor(browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({
    locale: 'fr-FR',
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  const complaints: string[] = [];
  context.on('page', (page) => {
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // A page that answers 403 or 404 is reported as a failed resource: its status is looked at where it matters.
      const isTheAnswer =
        /^Failed to load resource/.test(message.text()) && isDocument(message.location().url);
      if (message.type() === 'error' && !isTheAnswer)
        complaints.push(`${new URL(page.url()).pathname}: ${message.text()}`);
    });
  });
  const openTab = () => context.newPage();
  return { page: await openTab(), openTab, complaints, close: () => context.close() };
}

function isDocument(url: string): boolean {
  return !/\.(css|js|woff2|svg|png|ico)$/.test(new URL(url).pathname);
}

/** Fills the sign-in page that stands open, and sends it. */
export async function fillSignIn(page: Page, { username, password, totpSecret }: DemoAccount): Promise<void> {
  await page.fill('input[name=username]', username);
  await page.fill('input[name=password]', password);
  await page.click('main form button[type=submit]');
  if (totpSecret === undefined) return;
  await page.waitForURL(/\/sign-in\/[^/]+\/code$/);
  await sendNextCode(totpSecret, async (code) => {
    await page.fill('input[name=code]', code);
    const answered = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.click('main form button[type=submit]');
    await answered;
  });
}

/** The words of the page's main part, spaces folded. */
export async function readMain(page: Page): Promise<string> {
  return (await page.locator('main').innerText()).replace(/\s+/g, ' ').trim();
}
