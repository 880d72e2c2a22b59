import { beforeAll, describe, expect, it } from 'vitest';
import { findForm, findLink, mainText, sendForm, signIn, titleOf } from '../support/forms.ts';
import { openBrowser, type HttpBrowser, type Page } from '../support/http-browser.ts';
import { joinTerritory } from '../support/running-territory.ts';

const territory = joinTerritory();

async function arrive(username: string, language = 'fr'): Promise<{ browser: HttpBrowser; page: Page }> {
  const browser = openBrowser({ language });
  const page = await signIn(browser, `${territory.gradesUrl}/`, territory.account(username));
  return { browser, page };
}

/** Names of the fields of a sheet's cells, in the order of the page. */
function cellsOf(sheet: Page): string[] {
  const names = [...sheet.text.matchAll(/<input\b[^>]*name="(mark\.[^"]*)"/g)].map((match) => match[1]!);
  expect(names.length).toBeGreaterThan(5);
  return names;
}

/** What a cell holds. */
function valueOf(sheet: Page, name: string): string | undefined {
  return findForm(sheet, /\/marks$/).fields[name];
}

describe('entering the marks of a class', () => {
  let teacher: HttpBrowser;
  let home: Page;
  let sheet: Page;
  let cells: string[];
  let first: string;
  let second: string;

  async function makeDraft(title: string): Promise<void> {
    const book = await teacher.get(findLink(home, /^4EME A/));
    const form = await teacher.get(findLink(book, /Créer une évaluation/));
    sheet = await sendForm(teacher, form, /^\/assessments$/, { title });
    cells = cellsOf(sheet);
    [first, second] = cells as [string, string];
  }

  beforeAll(async () => {
    ({ browser: teacher, page: home } = await arrive('raphaelle.noailles'));
  });

  it('refuses a form with problems, says all of them, and loses nothing', async () => {
    const form = await teacher.get(`${territory.gradesUrl}/assessments/new`);
    const typed = { place: '', title: '', coefficient: 'deux', heldOn: '2026-02-31' };
    const refused = await sendForm(teacher, form, /^\/assessments$/, typed);
    expect(refused.status).toBe(422);
    expect(mainText(refused)).toMatch(/4 points à corriger.*Choisissez une classe.*Écrivez un titre/);
    for (const name of ['place', 'title', 'heldOn', 'coefficient']) {
      expect(refused.text).toContain(`href="#field-${name}"`);
      expect(refused.text).toMatch(new RegExp(`id="field-${name}"[^>]*aria-invalid="true"`));
    }
    expect(findForm(refused, /^\/assessments$/).fields.coefficient).toBe('deux');
  });

  it('refuses a sheet with values that are no marks, links each to its cell, and keeps all that was typed', async () => {
    await makeDraft('Valeurs étranges');
    const refused = await sendForm(teacher, sheet, /\/marks$/, {
      [first]: 'douze',
      [second]: '25',
      [cells[2]!]: '12,5',
    });
    expect(refused.status).toBe(422);
    expect([valueOf(refused, first), valueOf(refused, second), valueOf(refused, cells[2]!)]).toEqual([
      'douze',
      '25',
      '12,5',
    ]);
    expect(mainText(refused)).toMatch(/2 points à corriger.*ce n’est pas une note.*la note dépasse 20/);
    const anchors = [...refused.text.matchAll(/href="#(field-mark-[^"]*)"/g)].map((match) => match[1]);
    expect(anchors).toHaveLength(2);
    for (const anchor of anchors) expect(refused.text).toContain(`id="${anchor}"`);
    expect(valueOf(await teacher.get(sheet.url), cells[2]!)).toBe('');
    const saved = await sendForm(teacher, refused, /\/marks$/, { [first]: 'ABS', [second]: '20' });
    expect([valueOf(saved, first), valueOf(saved, second), valueOf(saved, cells[2]!)]).toEqual([
      'abs',
      '20',
      '12,5',
    ]);
  });

  it('shows both values when two tabs changed one mark, and saves the one that is chosen', async () => {
    await makeDraft('Deux fenêtres');
    const saved = await sendForm(teacher, sheet, /\/marks$/, { [first]: '10', [second]: '11' });
    const tab = await teacher.get(saved.url);
    const otherTab = await teacher.get(saved.url);
    await sendForm(teacher, tab, /\/marks$/, { [first]: '15' });
    const conflict = await sendForm(teacher, otherTab, /\/marks$/, { [first]: '8', [second]: '12' });
    expect(conflict.status).toBe(409);
    expect(mainText(conflict)).toMatch(/Une note a changé.*10 \/ 20.*Garder 15 \/ 20.*Mettre 8 \/ 20/);
    const current = await teacher.get(saved.url);
    expect([valueOf(current, first), valueOf(current, second)]).toEqual(['15', '12']);
    const choice = `choice.${first.slice('mark.'.length)}`;
    const kept = await sendForm(teacher, conflict, /\/marks$/, { [choice]: 'theirs' });
    expect(valueOf(kept, first)).toBe('15');
    const put = await sendForm(teacher, conflict, /\/marks$/, { [choice]: 'mine' });
    expect(valueOf(put, first)).toBe('8');
  });

  it('does not publish a sheet that changed after its confirmation, nor an empty one', async () => {
    await makeDraft('Changée entre-temps');
    const empty = await teacher.get(`${sheet.url.split('?')[0]}/publish`);
    expect(mainText(empty)).toContain('Pas encore de note à publier');
    const confirm = await sendForm(teacher, sheet, /\/marks$/, { [first]: '10', then: 'publish' });
    expect(mainText(confirm)).toMatch(/n’ont pas de note/);
    await sendForm(teacher, await teacher.get(sheet.url), /\/marks$/, { [first]: '11' });
    const again = await sendForm(teacher, confirm, /\/publish$/);
    expect(again.status).toBe(409);
    expect(mainText(again)).toContain('Des notes ont changé');
    const published = await sendForm(teacher, again, /\/publish$/);
    expect(mainText(published)).toContain('C’est publié');
    const late = await sendForm(teacher, sheet, /\/marks$/, { [first]: '3' });
    expect(mainText(late)).toContain('L’évaluation a été publiée pendant votre saisie');
  });

  it('shows whose correction won when two are made at once', async () => {
    const correction = await teacher.get(findLink(await teacher.get(sheet.url), /^Corriger/));
    const without = await sendForm(teacher, correction, /\/pupils\//, { mark: '14', reason: '' });
    expect(without.status).toBe(422);
    expect(mainText(without)).toContain('Dites pourquoi la note change');
    const won = await sendForm(teacher, correction, /\/pupils\//, { mark: '14', reason: 'recount' });
    expect(won.status).toBe(200);
    const lost = await sendForm(teacher, correction, /\/pupils\//, { mark: '16', reason: 'recount' });
    expect(lost.status).toBe(409);
    expect(mainText(lost)).toMatch(/elle vaut maintenant 14 \/ 20/);
  });

  it('hides a class’s figures until five marks are there', async () => {
    await makeDraft('Peu de notes');
    const zoe = /name="(mark\.[^"]*)"[^>]*aria-label="[^"]*Zoé Lanoë/.exec(sheet.text)![1]!;
    const four = [zoe, ...cells.filter((name) => name !== zoe).slice(0, 3)];
    const confirm = await sendForm(teacher, sheet, /\/marks$/, {
      ...Object.fromEntries(four.map((name) => [name, '9'])),
      then: 'publish',
    });
    await sendForm(teacher, confirm, /\/publish$/);
    const rowOf = (page: Page) => /Peu de notes(?:(?!<tr).)*/s.exec(page.text)?.[0] ?? '';
    const before = rowOf((await arrive('zoe.lanoe')).page);
    expect(before).toContain('9 / 20');
    expect(before).not.toContain('moyenne');
    const fifth = cells.find((name) => !four.includes(name))!.slice('mark.'.length);
    const correction = await teacher.get(`${sheet.url.split('?')[0]}/pupils/${fifth}`);
    await sendForm(teacher, correction, /\/pupils\//, { mark: '19', reason: 'late_work' });
    expect(rowOf((await arrive('zoe.lanoe')).page)).toContain('moyenne 11, notes de 9 à 19');
  });

  it('brings a deleted draft back with its marks', async () => {
    await makeDraft('Supprimée trop vite');
    await sendForm(teacher, sheet, /\/marks$/, { [first]: '10' });
    const sheetPath = new URL(sheet.url).pathname;
    const confirm = await teacher.get(`${territory.gradesUrl}${sheetPath}/delete`);
    expect(mainText(confirm)).toMatch(/contient 1 note/);
    const gone = await sendForm(teacher, confirm, /\/delete$/);
    expect((await teacher.get(sheet.url)).status).toBe(404);
    const back = await sendForm(teacher, gone, /\/restore$/);
    expect(valueOf(back, first)).toBe('10');
  });

  it('speaks English to those who read it, with a decimal point', async () => {
    const { browser, page } = await arrive('raphaelle.noailles', 'en');
    expect(titleOf(page)).toBe('My classes');
    await makeDraft('Fractions');
    const english = await browser.get(sheet.url);
    const saved = await sendForm(browser, english, /\/marks$/, { [first]: '12.5', [second]: 'exc' });
    expect([valueOf(saved, first), valueOf(saved, second)]).toEqual(['12.5', 'exc']);
    expect(valueOf(await teacher.get(sheet.url), first)).toBe('12,5');
    expect(valueOf(await teacher.get(sheet.url), second)).toBe('disp');
  });

  it('lets the head teacher read every subject of the class, and writes it in the log', async () => {
    const { browser, page } = await arrive('gregoire.pelissier');
    const overview = await browser.get(findLink(page, /^4EME A$/));
    expect(mainText(overview)).toMatch(/toutes les matières.*inscrite au journal/);
    const pupil = await browser.get(findLink(overview, /Zoé Lanoë/));
    expect(titleOf(pupil)).toContain('Zoé Lanoë');
    expect(mainText(pupil)).toContain('Peu de notes');
    expect(mainText(pupil)).not.toContain('Deux fenêtres');
  });
});
