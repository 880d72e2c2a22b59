import { findForm, findLink, sendForm, signIn } from './forms.ts';
import { openBrowser, type Page } from './http-browser.ts';
import type { DemoAccount } from './territory.ts';

/** Work that teachers of the fourth class A have marked and published: enough for averages, charts and the book. */
interface Work {
  readonly teacher: string;
  readonly title: string;
  readonly kind: string;
  readonly daysAgo: number;
  readonly coefficient: string;
  /** Zoé's mark; the others' follow from their place in the class. */
  readonly zoe: string;
}

const WORKS: readonly Work[] = [
  work('raphaelle.noailles', 'Nombres relatifs', 'test', 68, '1', '11'),
  work('raphaelle.noailles', 'Calcul littéral', 'homework', 47, '0,5', '12,5'),
  work('raphaelle.noailles', 'Théorème de Pythagore', 'test', 26, '2', '14'),
  work('raphaelle.noailles', 'Proportionnalité', 'test', 9, '1', '16,5'),
  work('gregoire.pelissier', 'Lecture : Le Horla', 'test', 40, '1', '15'),
  work('gregoire.pelissier', 'Exposé sur la presse', 'oral', 17, '1', 'abs'),
  work('gregoire.pelissier', 'Dictée', 'test', 5, '1', '13,5'),
];

const SPREAD = ['12,5', '9', '15', 'abs', '17,25', '8,5', '14', '11', '6', '13', '19', '10,5'];

function work(
  teacher: string,
  title: string,
  kind: string,
  daysAgo: number,
  coefficient: string,
  zoe: string,
): Work {
  return { teacher, title, kind, daysAgo, coefficient, zoe };
}

/** A whole term of marks for the fourth class A, and one draft of the mathematics teacher; gives the draft's address. */
export async function publishTerm(territory: {
  readonly gradesUrl: string;
  account(username: string): DemoAccount;
}): Promise<{ readonly draft: string; readonly published: string }> {
  let published = '';
  let draft = '';
  for (const username of new Set(WORKS.map(({ teacher }) => teacher))) {
    const browser = openBrowser();
    const home = await signIn(browser, `${territory.gradesUrl}/`, territory.account(username));
    const createUrl = findLink(await browser.get(findLink(home, /^4EME A/)), /Créer une évaluation/);
    for (const { title, kind, daysAgo, coefficient, zoe } of WORKS.filter(
      (one) => one.teacher === username,
    )) {
      const sheet = await sendForm(browser, await browser.get(createUrl), /^\/assessments$/, {
        title,
        kind,
        coefficient,
        heldOn: dayInYear(daysAgo),
      });
      const confirm = await sendForm(browser, sheet, /\/marks$/, {
        ...marksFor(sheet, title, zoe),
        then: 'publish',
      });
      published = (await sendForm(browser, confirm, /\/publish$/)).url;
    }
    if (username !== 'raphaelle.noailles') continue;
    const sheet = await sendForm(browser, await browser.get(createUrl), /^\/assessments$/, {
      title: 'Statistiques',
    });
    const half = Object.entries(marksFor(sheet, 'Statistiques', '15')).slice(0, 9);
    draft = (await sendForm(browser, sheet, /\/marks$/, Object.fromEntries(half))).url;
  }
  return { draft: withoutQuery(draft), published: withoutQuery(published) };
}

function marksFor(sheet: Page, title: string, zoe: string): Record<string, string> {
  const names = Object.keys(findForm(sheet, /\/marks$/).fields).filter((name) => name.startsWith('mark.'));
  return Object.fromEntries(
    names.map((name, index) => {
      const isZoe = new RegExp(`name="${name.replace(/[.]/g, '\\.')}"[^>]*Zoé Lanoë`).test(sheet.text);
      return [name, isZoe ? zoe : (SPREAD[(index + title.length) % SPREAD.length] ?? '10')];
    }),
  );
}

/** A day of this school year, so many days ago or its first of September. */
function dayInYear(daysAgo: number): string {
  const now = new Date();
  const first = Date.UTC(now.getUTCFullYear() - (now.getUTCMonth() < 8 ? 1 : 0), 8, 1);
  const wanted = now.getTime() - daysAgo * 86_400_000;
  return new Date(Math.max(wanted, first)).toISOString().slice(0, 10);
}

function withoutQuery(address: string): string {
  return address.replace(/[?#].*$/, '');
}
