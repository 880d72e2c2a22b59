// `npm run docs:images`: the pictures of the README, taken from a territory of its own with a term of marks.
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { fillSignIn, launchChromium, openVisitor } from '../test/support/chromium.ts';
import { publishTerm } from '../test/support/marks-of-a-term.ts';
import { startTerritory, type Territory } from '../test/support/territory.ts';

const FOLDER = 'docs/images';
const MAX_BYTES = 150_000;
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

const territory = await startTerritory();
const browser = await launchChromium();
try {
  await mkdir(FOLDER, { recursive: true });
  const { draft } = await publishTerm({
    gradesUrl: territory.gradesUrl,
    account: (username) => findAccount(territory, username),
  });
  await take(browser, 'portal.png', 'raphaelle.noailles', DESK, async () => {});
  await take(browser, 'marks.png', 'raphaelle.noailles', DESK, async (page) => {
    await page.goto(`${territory.gradesUrl}/`);
    await page.goto(draft);
  });
  await take(browser, 'marks-phone.png', 'helene.aubree', PHONE, async (page) => {
    await page.goto(`${territory.gradesUrl}/`);
    await page.click('main a:has-text("Zoé Lanoë")');
    await page.waitForURL(/\/children\//);
  });
} finally {
  await browser.close();
  await territory.remove();
}

/** Signs somebody in at the portal, goes where the picture is, and takes it by day. */
async function take(
  chromium: Browser,
  name: string,
  username: string,
  viewport: { readonly width: number; readonly height: number },
  go: (page: Page) => Promise<void>,
): Promise<void> {
  const visitor = await openVisitor(chromium, { viewport, colorScheme: 'light' });
  const { page } = visitor;
  await page.goto(`${territory.issuer}/`);
  await fillSignIn(page, findAccount(territory, username));
  await page.waitForURL(`${territory.issuer}/`);
  await go(page);
  await page.evaluate('document.fonts.ready.then(() => true)');
  const file = path.join(FOLDER, name);
  await page.screenshot({ path: file });
  await visitor.close();
  const { size } = await stat(file);
  console.log(`${file}  ${Math.ceil(size / 1000)} kB`);
  if (size > MAX_BYTES) {
    console.error(`${file} is larger than ${MAX_BYTES / 1000} kB`);
    process.exitCode = 1;
  }
}

function findAccount({ accounts }: Territory, username: string) {
  const found = accounts.find((account) => account.username === username);
  if (!found) throw new Error(`the demo has no account ${username}`);
  return found;
}
