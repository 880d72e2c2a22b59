import { readFile, readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findForm, findLink, mainText, sendForm, signIn } from '../support/forms.ts';
import { openBrowser, type HttpBrowser, type Page } from '../support/http-browser.ts';
import { startTerritory, type Territory } from '../support/territory.ts';

/** The process of the socle itself, by its command line and its data folder. */
async function findSocle(dataDir: string): Promise<number> {
  for (const name of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const commandLine = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
    if (commandLine.includes('services/socle/src/main.ts') && environment.includes(dataDir))
      return Number(name);
  }
  throw new Error('the socle does not run');
}

describe('the grades module while the socle does not answer', () => {
  let territory: Territory;
  let teacher: HttpBrowser;
  let sheet: Page;
  let socle: number;

  beforeAll(async () => {
    territory = await startTerritory();
    socle = await findSocle(territory.dataDir);
    teacher = openBrowser();
    const account = territory.accounts.find(({ username }) => username === 'raphaelle.noailles')!;
    const home = await signIn(teacher, `${territory.gradesUrl}/`, account);
    const book = await teacher.get(findLink(home, /^4EME A/));
    const form = await teacher.get(findLink(book, /Créer une évaluation/));
    sheet = await sendForm(teacher, form, /^\/assessments$/, { title: 'Pendant la panne' });
  }, 120_000);
  afterAll(() => territory.remove(), 60_000);

  it('keeps what was typed, saves nothing undecided, and saves it by one button once the socle is back', async () => {
    const names = Object.keys(findForm(sheet, /\/marks$/).fields).filter((name) => name.startsWith('mark.'));
    expect(names.length).toBeGreaterThan(5);
    const typed = Object.fromEntries(names.map((name, index) => [name, `${index % 20},5`]));
    process.kill(socle, 'SIGSTOP');
    let kept: Page;
    let page: Page;
    try {
      kept = await sendForm(teacher, sheet, /\/marks$/, typed);
      page = await teacher.get(sheet.url);
    } finally {
      process.kill(socle, 'SIGCONT');
    }
    expect(page.status).toBe(503);
    expect(mainText(page)).not.toMatch(/Zoé|exception|undefined/);
    expect(kept.status).toBe(503);
    expect(mainText(kept)).toContain(`vos ${names.length} cases sont gardées`);
    expect((await teacher.get(sheet.url)).text).not.toContain('value="1,5"');
    const saved = await sendForm(teacher, kept, /\/marks$/);
    expect(saved.status).toBe(200);
    expect(mainText(saved)).toContain(`${names.length} notes enregistrées`);
    expect(saved.text).toContain('value="1,5"');
  });
});
