import type { Page } from 'playwright-core';
import type { Gallery } from './gallery.ts';
import { findInvalid } from './invalid-html.ts';
import { readFocus, tabTo, walkByKeyboard } from './keyboard.ts';

/** What of a page is looked at besides. */
export interface SeeOptions {
  /** It came after a form, so it cannot be asked for again in English. */
  readonly afterForm?: true;
}

/** Pages that a story goes through, each looked at whole. */
export interface WalkedPages {
  /** Looks at the page, in French and English, and tabs through it. `route` is its pattern, where it has an address. */
  see(page: Page, name: string, route?: string, options?: SeeOptions): Promise<void>;
  /** Tabs to a control of this name and presses Enter; waits for the page that answers. */
  pressTo(page: Page, name: RegExp): Promise<void>;
  /** Tabs to a field of this name, empties it, and types. */
  type(page: Page, name: RegExp, text: string): Promise<void>;
  /** Fails unless the summary of errors has the focus and leads to the wrong field, which says what is wrong. */
  requireTiedError(page: Page, field: string): Promise<void>;
  /** Patterns that were seen. */
  readonly routes: ReadonlySet<string>;
}

interface PageFacts {
  readonly title: string;
  readonly heading: string;
  readonly labels: readonly (readonly [purpose: string, label: string])[];
  readonly nav: string;
}

/** Walks pages for a gallery, and notes there what the keyboard met and what pages have in common. */
export function openWalk(gallery: Gallery): WalkedPages {
  const { findings } = gallery;
  const routes = new Set<string>();
  const headings = new Map<string, string>();
  const labels = new Map<string, string>();
  const navs = new Map<string, string>();

  function compare(facts: PageFacts, name: string, visitor: string): void {
    const known = headings.get(facts.title);
    const isSame = known === undefined || known === facts.heading;
    findings.note('8.6', name, isSame ? [] : [`the title of another page: ${facts.title}`]);
    headings.set(facts.title, facts.heading);
    for (const [purpose, label] of facts.labels) {
      const other = labels.get(purpose) ?? label;
      labels.set(purpose, other);
      findings.note('11.3', name, other === label ? [] : [`${purpose} is called "${label}" and "${other}"`]);
    }
    if (facts.nav === '') return;
    const place = navs.get(visitor) ?? facts.nav;
    navs.set(visitor, place);
    findings.note(
      '12.2',
      name,
      place === facts.nav ? [] : [`the navigation is ${facts.nav}, and was ${place}`],
    );
  }

  const walk: WalkedPages = {
    routes,
    async see(page, name, route, options = {}) {
      if (route !== undefined) routes.add(route);
      await gallery.look(page, name);
      const facts = await page.evaluate<PageFacts>(READ_FACTS);
      const who = await page.locator('.person-name').allInnerTexts();
      compare(facts, name, who.join());
      await page.evaluate('document.activeElement?.blur()');
      const stops = await walkByKeyboard(page);
      findings.note('12.9', name, []);
      findings.note('7.3', name, stops.length < 3 ? ['the keyboard reaches almost nothing'] : []);
      const unseen = stops.filter((stop) => !stop.visible || !stop.uncovered).map((stop) => stop.name);
      findings.note('10.7', name, unseen);
      const unordered = await page.evaluate<string[]>(FIND_UNREACHED);
      findings.note('12.8', name, unordered);
      if (options.afterForm) return;
      const source = await page.evaluate<string>('fetch(location.href).then((answer) => answer.text())');
      findings.note('8.2', name, await findInvalid(source));
      await gallery.lookInEnglish(page, name);
    },
    async pressTo(page, name) {
      await tabTo(page, name);
      await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    },
    async type(page, name, text) {
      await tabTo(page, name);
      await page.keyboard.press('Control+A');
      await page.keyboard.type(text);
    },
    async requireTiedError(page, field) {
      if (!/, (à corriger|to correct)( ·|$)/.test(await page.title()))
        throw new Error(`the title of ${page.url()} does not say that something is to correct`);
      const summary = await page.evaluate<boolean>('document.activeElement.matches("[data-error-summary]")');
      if (!summary) throw new Error(`the focus is not on the summary of errors of ${page.url()}`);
      await tabTo(page, /./);
      await page.keyboard.press('Enter');
      const stop = await readFocus(page);
      if (stop?.id !== `field-${field}`) throw new Error(`the error leads to ${stop?.id}, not to ${field}`);
      const told = await page.locator(`#field-${field}-error`).innerText();
      const described = await page.getAttribute(`#field-${field}`, 'aria-describedby');
      if (told.length < 10 || !described?.split(' ').includes(`field-${field}-error`))
        throw new Error(`the field ${field} does not say what is wrong`);
    },
  };
  return walk;
}

/** As text: this program has no DOM types. */
const READ_FACTS = `(() => {
  const words = (part) => (part?.textContent ?? '').replace(/\\s+/g, ' ').trim();
  const rail = document.querySelector('.area-rail');
  const box = rail?.getBoundingClientRect();
  return {
    title: document.title,
    heading: words(document.querySelector('h1')) + ' ' + words(document.querySelector('.lead')).slice(0, 20),
    labels: [...document.querySelectorAll('input[autocomplete=username]:not([hidden], [type=hidden]), input[autocomplete=current-password], [name=shared]')]
      .map((field) => [field.getAttribute('autocomplete') ?? field.name, words(field.labels?.[0])]),
    nav: rail && box.width > 0 ? Math.round(box.x) + ' from the left: ' + [...rail.querySelectorAll('a')].map(words).join(', ') : '',
  };
})()`;

/** Controls that stand before the one that comes next by Tab: an order that is not the page's. */
const FIND_UNREACHED = `[...document.querySelectorAll('main a[href], main button, main input:not([type=hidden]), main select, main textarea, main summary')]
  .filter((part) => part.checkVisibility() && part.tabIndex < 0 && part.type !== 'radio')
  .map((part) => 'never reached by Tab: ' + part.outerHTML.slice(0, 120))`;
