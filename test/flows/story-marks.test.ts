import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSocle } from '../support/command-line.ts';
import { findForm, findLink, mainText, sendForm, signIn, titleOf } from '../support/forms.ts';
import { openBrowser, type HttpBrowser, type Page } from '../support/http-browser.ts';
import { joinTerritory } from '../support/running-territory.ts';

const territory = joinTerritory();
const TITLE = 'Théorème de Thalès';

async function arrive(username: string): Promise<{ browser: HttpBrowser; page: Page }> {
  const browser = openBrowser();
  const page = await signIn(browser, `${territory.gradesUrl}/`, territory.account(username));
  return { browser, page };
}

/** The name of the field in which the sheet takes this pupil's mark. */
function fieldOf(sheet: Page, pupil: string): string {
  for (const [tag] of sheet.text.matchAll(/<input\b[^>]*name="mark\.[^>]*>/g)) {
    if (tag.includes(pupil)) return /name="([^"]*)"/.exec(tag)![1]!;
  }
  throw new Error(`the sheet has no line for that pupil: ${mainText(sheet)}`);
}

/** The first reason that the form of a correction offers. */
function reasonOf(correction: Page): string {
  const options = /<select[^>]*name="reason"[^>]*>([\s\S]*?)<\/select>/.exec(correction.text)?.[1] ?? '';
  return [...options.matchAll(/value="([^"]+)"/g)].map((match) => match[1]!)[0] ?? 'missing';
}

const socle = (...args: string[]) => runSocle(territory.env, args);

describe('a teacher who came from AAF files enters a mark, and the log proves it', () => {
  let teacher: HttpBrowser;
  let sheet: Page;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp('/tmp/socle-story-');
    const arrived = await arrive('raphaelle.noailles');
    teacher = arrived.browser;
    const book = await teacher.get(findLink(arrived.page, /^4EME A/));
    const form = await teacher.get(findLink(book, /Créer une évaluation/));
    sheet = await sendForm(teacher, form, /^\/assessments$/, { title: TITLE });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('opens a draft for her class, and enters a mark with a decimal comma', async () => {
    expect(titleOf(sheet)).toContain(TITLE);
    const saved = await sendForm(teacher, sheet, /\/marks$/, { [fieldOf(sheet, 'Zoé Lanoë')]: '14,5' });
    expect(saved.status).toBe(200);
    expect(saved.text).toContain('14,5');
  });

  it('shows nothing of a draft to the pupil nor to her parents', async () => {
    for (const username of ['zoe.lanoe', 'helene.aubree']) {
      const { browser, page } = await arrive(username);
      expect(page.status).toBe(200);
      expect(page.text).not.toContain(TITLE);
      const id = /\/assessments\/([0-9a-f-]{36})/.exec(sheet.url)![1]!;
      expect((await browser.get(`${territory.gradesUrl}/assessments/${id}`)).status).toBe(403);
    }
  });

  it('publishes, and then the pupil and both parents who share authority read the mark', async () => {
    const confirm = await sendForm(teacher, await teacher.get(sheet.url), /\/marks$/, { then: 'publish' });
    const published = await sendForm(teacher, confirm, /\/publish$/);
    expect(published.status).toBe(200);
    const pupil = await arrive('zoe.lanoe');
    expect(mainText(pupil.page)).toMatch(new RegExp(`${TITLE}.*14,5`));
    for (const username of ['helene.aubree', 'etienne.lanoe']) {
      const { browser, page } = await arrive(username);
      const child = await browser.get(findLink(page, /Zoé Lanoë/));
      expect(mainText(child)).toMatch(new RegExp(`${TITLE}.*14,5`));
    }
  });

  it('shows nothing to a parent who lost authority, to a contact, nor to anyone else', async () => {
    const { browser: mother, page } = await arrive('helene.aubree');
    const childAddress = findLink(page, /Malo Quéméneur/);
    expect((await mother.get(childAddress)).status).toBe(200); // the positive twin: she has authority over Malo
    for (const username of ['loic.quemeneur', 'berenice.aubree']) {
      const { browser, page: home } = await arrive(username);
      expect(home.text).not.toMatch(/Malo|Zoé/);
      expect(home.text).not.toContain(TITLE);
      const refused = await browser.get(childAddress);
      expect(refused.status).toBe(403);
      expect(mainText(refused)).not.toMatch(/Malo|14,5/);
    }
    for (const username of ['aicha.benchikh', 'mathilde.bellerive', 'victor.clairefontaine']) {
      const { browser } = await arrive(username);
      // 404 where even the class is none of theirs to know of
      expect([403, 404]).toContain((await browser.get(childAddress)).status);
      expect([403, 404]).toContain((await browser.get(sheet.url)).status);
    }
  });

  it('corrects the mark with a reason, and keeps what it was', async () => {
    const marks = await teacher.get(sheet.url);
    const correction = await teacher.get(findLink(marks, /Corriger.*Zoé Lanoë/));
    const corrected = await sendForm(teacher, correction, /\/pupils\//, {
      mark: '15',
      reason: reasonOf(correction),
    });
    expect(corrected.status).toBe(200);
    const history = await teacher.get(correction.url);
    expect(mainText(history)).toMatch(/14,5/);
    expect(mainText(history)).toMatch(/15/);
    const { page } = await arrive('zoe.lanoe');
    expect(mainText(page)).toMatch(new RegExp(`${TITLE}.*15`));
  });

  it('signs out of the module and of the socle at once', async () => {
    const { browser, page } = await arrive('gregoire.pelissier');
    expect(page.status).toBe(200);
    let out = await sendForm(browser, page, /^\/sign-out$/);
    if (/\/session\/end/.test(out.url))
      out = await sendForm(browser, out, /\/session\/end/, { logout: 'yes' });
    const back = await browser.follow(await browser.get(`${territory.issuer}/`));
    expect(back.url).toContain('/sign-in/');
    expect(findForm(back, /^\/sign-in\//)).toBeDefined();
    expect((await browser.follow(await browser.get(`${territory.gradesUrl}/`))).url).toContain('/sign-in/');
  });

  it('proves all of it offline, and finds one changed byte', async () => {
    await expect
      .poll(async () => (await exportLog()).includes('grades.mark.corrected'), {
        timeout: 20_000,
        interval: 500,
      })
      .toBe(true);
    const out = path.join(folder, 'last');
    expect((await socle('audit', 'export', '--out', out, '--purpose', 'test', '--json')).code).toBe(0);
    const witness = path.join(territory.dataDir, 'witness', 'checkpoints.txt');
    const verified = await socle('audit', 'verify', out, '--witness', witness);
    expect(verified, verified.stderr).toMatchObject({ code: 0 });
    const events = await readFile(path.join(out, 'events.ndjson'), 'utf8');
    expect(events).not.toMatch(/Zoé|Lanoë|Noailles|raphaelle/);
    await writeFile(
      path.join(out, 'events.ndjson'),
      events.replace('grades.mark.corrected', 'grades.mark.correcteD'),
    );
    const tampered = await socle('audit', 'verify', out, '--witness', witness);
    expect(tampered.code).toBe(1);
    expect(tampered.stdout + tampered.stderr).toMatch(/tampered/);
  });

  async function exportLog(): Promise<string> {
    const out = await mkdtemp(path.join(folder, 'export-'));
    await rm(out, { recursive: true });
    const done = await socle('audit', 'export', '--out', out, '--purpose', 'test', '--json');
    return done.code === 0 ? readFile(path.join(out, 'events.ndjson'), 'utf8') : done.stderr;
  }
});
