import { beforeAll, describe, expect, it } from 'vitest';
import { findForm, findLink, mainText, sendForm, signIn } from '../support/forms.ts';
import { openBrowser, type HttpBrowser, type Page } from '../support/http-browser.ts';
import { joinTerritory } from '../support/running-territory.ts';

const territory = joinTerritory();
const url = (path: string) => new URL(path, territory.gradesUrl).href;
const ours = { origin: territory.gradesUrl, 'sec-fetch-site': 'same-origin' };

async function arrive(username: string): Promise<{ browser: HttpBrowser; page: Page }> {
  const browser = openBrowser();
  return { browser, page: await signIn(browser, url('/'), territory.account(username)) };
}

/** A form token of this person's own session: an attacker has one too. */
function tokenOf(page: Page): string {
  return findForm(page, /^\/sign-out$/).fields._csrf!;
}

/** The field of a pupil's mark in a sheet. */
function fieldOf(sheet: Page, pupil: string): string {
  const tag = [...sheet.text.matchAll(/<input\b[^>]*name="mark\.[^>]*>/g)]
    .map(([found]) => found)
    .find((found) => found.includes(pupil));
  return /name="([^"]*)"/.exec(tag ?? '')?.[1] ?? 'missing';
}

async function makeDraft(
  teacher: HttpBrowser,
  home: Page,
  title: string,
): Promise<{ id: string; sheet: Page }> {
  const book = await teacher.get(findLink(home, /^4EME A/));
  const form = await teacher.get(findLink(book, /Créer une évaluation/));
  const sheet = await sendForm(teacher, form, /^\/assessments$/, { title });
  return { id: /\/assessments\/([0-9a-f-]{36})/.exec(sheet.url)![1]!, sheet };
}

describe('T-GRD marks of others', () => {
  let teacher: HttpBrowser;
  let home: Page;
  let draft: { id: string; sheet: Page };
  let published: { id: string; sheet: Page };
  let zoe: string;
  let malo: string;

  beforeAll(async () => {
    ({ browser: teacher, page: home } = await arrive('raphaelle.noailles'));
    draft = await makeDraft(teacher, home, 'Brouillon secret');
    zoe = fieldOf(draft.sheet, 'Zoé Lanoë').slice('mark.'.length);
    malo = fieldOf(draft.sheet, 'Malo Quéméneur').slice('mark.'.length);
    await sendForm(teacher, draft.sheet, /\/marks$/, { [`mark.${zoe}`]: '17', [`mark.${malo}`]: '7' });
    published = await makeDraft(teacher, home, 'Épreuve publiée');
    const saved = { [`mark.${zoe}`]: '13,25', [`mark.${malo}`]: '6,75', then: 'publish' };
    await sendForm(teacher, await sendForm(teacher, published.sheet, /\/marks$/, saved), /\/publish$/);
  });

  /** Every act on an assessment, with the fields that its own page would send. */
  const acts = (id: string): [string, Record<string, string>][] => [
    [`/assessments/${id}/marks`, { [`mark.${zoe}`]: '20', [`seen.${zoe}`]: '1' }],
    [`/assessments/${id}/publish`, { revision: '2' }],
    [
      `/assessments/${id}/edit`,
      { revision: '2', title: 'Pris', heldOn: '2026-11-20', scale: '20', coefficient: '9', kind: 'test' },
    ],
    [`/assessments/${id}/delete`, {}],
    [`/assessments/${id}/restore`, {}],
    [`/assessments/${id}/pupils/${zoe}`, { version: '1', mark: '20', reason: 'recount' }],
  ];
  const pages = (id: string) =>
    ['', '/edit', '/publish', '/delete', `/pupils/${zoe}`].map((end) => `/assessments/${id}${end}`);

  async function readState(): Promise<string[]> {
    const sheets = [
      await teacher.get(url(`/assessments/${draft.id}`)),
      await teacher.get(url(`/assessments/${published.id}`)),
    ];
    return sheets.map(
      (sheet) =>
        mainText(sheet) +
        [...sheet.text.matchAll(/ value="([\d,]+|abs)" inputmode/g)].map((match) => match[1]).join(' '),
    );
  }

  describe('T-GRD-01 somebody who does not teach the class in the subject posts marks', () => {
    it.each([
      'gregoire.pelissier',
      'mathilde.bellerive',
      'zoe.lanoe',
      'helene.aubree',
      'aicha.benchikh',
      'francoise.chateau-gaillard',
      'edouard.vaucresson',
    ])('refuses every act of %s, and changes nothing', async (username) => {
      const before = await readState();
      const { browser, page } = await arrive(username);
      const _csrf = tokenOf(page);
      let refused = 0;
      for (const { id } of [draft, published]) {
        for (const [path, fields] of acts(id)) {
          const answer = await browser.post(url(path), { ...fields, _csrf }, ours);
          // 404 where the assessment is of a school they do not belong to: not even its existence is told.
          expect([403, 404], `${username} ${path}`).toContain(answer.status);
          refused += 1;
        }
      }
      expect(refused).toBe(12);
      expect(await readState()).toEqual(before);
    });

    it('lets the class’s own teacher do the same acts', async () => {
      const mine = await makeDraft(teacher, home, 'À moi');
      const saved = await sendForm(teacher, mine.sheet, /\/marks$/, { [`mark.${zoe}`]: '20' });
      expect(saved.status).toBe(200);
      const removed = await sendForm(
        teacher,
        await teacher.get(url(`/assessments/${mine.id}/delete`)),
        /\/delete$/,
      );
      expect(removed.status).toBe(200);
      const back = await sendForm(teacher, removed, /\/restore$/);
      expect(back.url).toContain(mine.id);
      await sendForm(teacher, await teacher.get(url(`/assessments/${mine.id}/delete`)), /\/delete$/);
    });

    it('refuses a mark for a pupil who is not of the class, and takes one for a pupil who is', async () => {
      const other = await teacher.get(findLink(home, /^(?!4EME A)\d\w* \w+ · /i));
      const form = await teacher.get(findLink(other, /Créer une évaluation/));
      const elsewhere = await sendForm(teacher, form, /^\/assessments$/, { title: 'Autre classe' });
      const { action, fields } = findForm(elsewhere, /\/marks$/);
      const forged = { ...fields, [`mark.${zoe}`]: '20', [`seen.${zoe}`]: '0' };
      expect((await teacher.post(action, forged, ours)).status).toBe(403);
      expect((await teacher.post(action, fields, ours)).status).toBe(303);
    });

    it('refuses to make an assessment for a class one does not teach', async () => {
      const { browser, page } = await arrive('gregoire.pelissier');
      const form = await browser.get(url('/assessments/new'));
      const { fields } = findForm(form, /^\/assessments$/);
      const place = /value="([^"|]+\|[^"]+)"/.exec((await teacher.get(url('/assessments/new'))).text)![1]!;
      const forged = { ...fields, place, title: 'Pas ma classe', _csrf: tokenOf(page) };
      const answer = await browser.post(url('/assessments'), forged, ours);
      expect([403, 422]).toContain(answer.status);
      expect((await browser.get(url(`/assessments/${fields.id}`))).status).toBe(404);
    });
  });

  describe('T-GRD-02 a pupil reads what is not theirs', () => {
    it('refuses the sheet, the class, another pupil’s marks and the history of a mark', async () => {
      const { browser, page } = await arrive('zoe.lanoe');
      const book = new URL(findLink(home, /^4EME A/));
      for (const path of [
        ...pages(published.id),
        book.pathname,
        `${book.pathname}${book.search}`,
        `${book.pathname}/pupils/${malo}`,
        `${book.pathname}/pupils/${zoe}`,
        `/children/${malo}`,
        `/children/${zoe}`,
      ]) {
        const answer = await browser.get(url(path));
        expect([403, 404], path).toContain(answer.status);
        expect(answer.text).not.toMatch(/6,75|Malo/);
      }
      expect(mainText(page)).toMatch(/Épreuve publiée.*13,25/);
      expect(page.text).not.toContain('6,75');
    });
  });

  describe('T-GRD-03 a relative without authority reads a child’s marks', () => {
    it.each(['loic.quemeneur', 'berenice.aubree'])('refuses %s, and says whom to ask', async (username) => {
      const { browser, page } = await arrive(username);
      expect(page.text).not.toMatch(/Malo|6,75/);
      const refused = await browser.get(url(`/children/${malo}`));
      expect(refused.status).toBe(403);
      expect(mainText(refused)).toMatch(/autorité parentale.*secrétariat/);
      expect(refused.text).not.toMatch(/Malo|6,75/);
      for (const path of pages(published.id))
        expect([403, 404], path).toContain((await browser.get(url(path))).status);
    });

    it('shows the mark to the parent who has authority', async () => {
      const { browser } = await arrive('helene.aubree');
      expect(mainText(await browser.get(url(`/children/${malo}`)))).toMatch(/Épreuve publiée.*6,75/);
    });
  });

  describe('T-GRD-04 a draft reaches those it is not for', () => {
    it.each(['zoe.lanoe', 'helene.aubree', 'gregoire.pelissier', 'francoise.chateau-gaillard'])(
      'shows %s neither its title nor its marks',
      async (username) => {
        const { browser, page } = await arrive(username);
        expect(page.text).not.toMatch(/Brouillon secret/);
        const paths = [
          `/assessments/${draft.id}`,
          `/children/${zoe}`,
          new URL(findLink(home, /^4EME A/)).pathname,
        ];
        for (const path of paths)
          expect((await browser.get(url(path))).text, path).not.toMatch(/Brouillon secret|value="17"/);
      },
    );

    it('shows its teacher both', async () => {
      const sheet = await teacher.get(url(`/assessments/${draft.id}`));
      expect(sheet.text).toMatch(/Brouillon secret[\s\S]*value="17"/);
    });
  });

  describe('T-GRD-01 the averages of a class', () => {
    it.each(['naivo.rakotoarisoa', 'aicha.benchikh', 'edouard.vaucresson', 'mathilde.bellerive'])(
      'are refused to %s',
      async (username) => {
        const { browser, page } = await arrive(username);
        expect(mainText(page)).not.toContain('4EME A');
        const answer = await browser.get(url(new URL(findLink(home, /^4EME A/)).pathname));
        expect([403, 404]).toContain(answer.status);
        expect(answer.text).not.toMatch(/Zoé|Malo/);
      },
    );

    it('are shown to the head of the school, what is published only', async () => {
      const { browser, page } = await arrive('francoise.chateau-gaillard');
      const overview = await browser.get(findLink(page, /^4EME A/));
      expect(overview.status).toBe(200);
      expect(mainText(overview)).toMatch(/Zoé Lanoë/);
      expect(overview.text).not.toMatch(/Brouillon secret/);
    });
  });

  describe('T-GRD-05 a page of another site acts in a teacher’s name', () => {
    it.each([
      ['without a token', 'no token', ours],
      ['with a token of the attacker’s own session', 'another token', ours],
      [
        'from a page of another origin',
        'own token',
        { origin: 'https://exemple.test', 'sec-fetch-site': 'cross-site' },
      ],
    ] as const)('refuses every act %s, and changes nothing', async (_, kind, headers) => {
      const before = await readState();
      const tokens = {
        'no token': {},
        'another token': { _csrf: tokenOf((await arrive('gregoire.pelissier')).page) },
        'own token': { _csrf: tokenOf(await teacher.get(url('/'))) },
      };
      let refused = 0;
      for (const [path, fields] of [
        ...acts(draft.id),
        ['/assessments', { title: 'Forgée' }] as [string, Record<string, string>],
      ]) {
        const answer = await teacher.post(url(path), { ...fields, ...tokens[kind] }, { ...headers });
        expect(answer.status, path).toBe(403);
        refused += 1;
      }
      expect(refused).toBe(7);
      expect(await readState()).toEqual(before);
    });

    it('takes the same act from the teacher’s own page', async () => {
      const sheet = await teacher.get(url(`/assessments/${draft.id}`));
      expect((await sendForm(teacher, sheet, /\/marks$/, { [`mark.${malo}`]: '8' })).status).toBe(200);
    });
  });
});
