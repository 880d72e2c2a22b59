import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildManualClock, type ManualClock } from '@socle/base';
import { launchChromium, openVisitor, readMain } from '../support/chromium.ts';
import { openGallery, type Gallery } from '../support/gallery.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

/** What a solution of 2^18 hashes may take in a browser on a busy machine of two cores. */
const MOST_MS = 2_000;

let browser: Browser;
let gallery: Gallery;
let clock: ManualClock;
let under: SocleUnderTest;
let pupil: TestPerson;
beforeAll(async () => {
  clock = buildManualClock(new Date());
  under = await openSocleUnderTest({ clock });
  pupil = await under.add({ givenName: 'Maëlle', school: under.phare, isPupil: true });
  browser = await launchChromium();
  gallery = await openGallery('proof-of-work');
});
afterAll(async () => {
  await gallery.close();
  await browser.close();
  await under.close();
});

// a service of which 2 000 passwords were refused lately: what the two instances of a stuffing would have counted
beforeEach(async () => {
  clock.advanceSeconds(2);
  await under.database.openAdmin().query(
    `INSERT INTO identity.sign_in_pressure (one, refused, succeeded, at) VALUES (true, 2000, 10, $1)
       ON CONFLICT (one) DO UPDATE SET refused = 2000, at = $1`,
    [clock.now()],
  );
});

const fill = async (page: Page) => {
  await page.fill('input[name=username]', pupil.login);
  await page.fill('input[name=password]', pupil.password);
};
const send = (page: Page) => page.click('main form button[type=submit]');

describe('the sign-in page while passwords are stuffed, in a browser', () => {
  it('solves what is asked while the person types, under the strict policy, in less than two seconds', async () => {
    const visitor = await openVisitor(browser);
    const { page } = visitor;
    await page.goto(`${under.issuer}/sign-in`);
    expect(await page.locator('[data-work-seed]').getAttribute('data-work-zero-bits')).toBe('14');
    expect(await page.locator('[data-work-wait]').isVisible()).toBe(false);
    await page.waitForSelector('[data-work-solution]:not([value=""])', { state: 'attached' });
    const took = await page.evaluate<number>(
      `performance.now() - performance.getEntriesByType('navigation')[0].domInteractive`,
    );
    expect(took).toBeLessThan(MOST_MS);
    await gallery.look(page, 'asked');
    await fill(page);
    await send(page);
    await page.waitForURL(`${under.issuer}/`);
    expect(await readMain(page)).toContain('Maëlle');
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  });

  it('sends a form by itself that was sent too soon, and says so to those who listen', async () => {
    const visitor = await openVisitor(browser);
    const { page } = visitor;
    // a worker that is slow to come: the person is faster
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/proof-of-work-worker-*.js', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${under.issuer}/sign-in`);
    await fill(page);
    await page.keyboard.press('Enter');
    expect(await page.locator('.work [role=status]').innerText()).toContain('Petite vérification');
    await gallery.look(page, 'working');
    release();
    await page.waitForURL(`${under.issuer}/`);
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  });

  it('lets those without JavaScript wait, tells how long, and keeps to it', async () => {
    const visitor = await openVisitor(browser, { javaScriptEnabled: false });
    const { page } = visitor;
    await page.goto(`${under.issuer}/sign-in`);
    expect(await readMain(page)).toContain('attendez 20 secondes');
    await fill(page);
    await send(page);
    expect(await readMain(page)).toContain('un peu trop tôt');
    clock.advanceSeconds(20);
    await fill(page);
    await send(page);
    await page.waitForURL(`${under.issuer}/`);
    await visitor.close();
  });

  it('shows the wait where a worker cannot start, and asks nothing of a browser that is known', async () => {
    const visitor = await openVisitor(browser);
    const { page } = visitor;
    await page.route('**/proof-of-work-worker-*.js', (route) => route.abort());
    await page.goto(`${under.issuer}/sign-in`);
    await page.locator('[data-work-wait]').waitFor();
    await gallery.look(page, 'waiting-instead');
    await fill(page);
    clock.advanceSeconds(20);
    await send(page);
    await page.waitForURL(`${under.issuer}/`);
    await page.context().clearCookies({ name: 'socle_session' });
    await page.goto(`${under.issuer}/sign-in`);
    expect(await page.locator('[data-work-seed]').count()).toBe(0);
    await fill(page);
    await send(page);
    await page.waitForURL(`${under.issuer}/`);
    await visitor.close();
  });

  it('finds no violation of accessibility and nothing beyond the right edge', () => {
    expect(gallery.names).toEqual(['asked', 'working', 'waiting-instead']);
    expect(gallery.problems).toEqual([]);
  });
});
