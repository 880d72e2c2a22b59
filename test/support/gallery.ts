import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { languageCookieName } from '@socle/pages';
import type { Page } from 'playwright-core';
import { runAxe } from './axe.ts';
import { openFindings, type Findings } from './rgaa-findings.ts';

/** What is known of a page before it is looked at. */
export interface LookOptions {
  /** True where a table of marks is wider than a phone, and scrolls within its own frame. */
  readonly hasWideTable?: boolean;
}

/** Pages that were looked at, and what was wrong with them. */
export interface Gallery {
  /**
   * Looks at the page as it stands: on a phone and on a desk, by day and by night, and at twice and four times the
   * size, with wider letters, and held across. Keeps a picture of each, and notes violations of accessibility and content
   * that is cut or beyond the right edge.
   */
  look(page: Page, name: string, options?: LookOptions): Promise<void>;
  /** Looks at the same address in English: what axe says of it on a phone, and what stays in French. Comes back in French. */
  lookInEnglish(page: Page, name: string): Promise<void>;
  /** By criterion of RGAA 4.1. */
  readonly findings: Findings;
  /** One line for each thing that is wrong. */
  readonly problems: readonly string[];
  readonly names: readonly string[];
  /** Writes `index.html` with all pictures, and the list of all galleries above it. */
  close(): Promise<void>;
}

const widths = [390, 1280] as const;
const schemes = ['light', 'dark'] as const;
/** What is left of a desk's 1280 px at 200 % and 400 %. */
const zoomed = [640, 320] as const;
const HEIGHT = 844;
/** A phone that is held across. */
const ACROSS = [844, 390] as const;
/** Criteria that a width speaks for. */
const REFLOW: ReadonlyMap<number, readonly string[]> = new Map([
  [640, ['10.4']],
  [320, ['10.11']],
  [844, ['13.9']],
]);
/** Phones, and a desk at 400 %. */
const NARROW = 400;
const ROOM = 'var/screenshots';

/** Opens a gallery in a folder of its own under `var/screenshots`. */
export async function openGallery(part: string): Promise<Gallery> {
  const folder = path.join(ROOM, part);
  await mkdir(folder, { recursive: true });
  const problems: string[] = [];
  const names: string[] = [];
  const findings = openFindings();

  async function look(page: Page, name: string, options: LookOptions = {}): Promise<void> {
    if (names.includes(name)) throw new Error(`${name} was looked at already`);
    names.push(name);
    await page.evaluate('document.fonts.ready.then(() => true)');
    for (const width of widths) {
      await standWhole(page, width);
      for (const scheme of schemes) {
        await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
        await page.screenshot({ path: `${folder}/${fileName(name, width, scheme)}` });
        // colours are the same at every width: by night, once
        if (scheme === 'dark' && width !== widths[0]) continue;
        problems.push(
          ...(await findViolations(page, scheme)).map((problem) => `${name} ${width} ${scheme}: ${problem}`),
        );
      }
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      problems.push(...(await findings.look(page, `${name} ${width}`)));
      const cut = await page.evaluate<string[]>(FIND_CUT);
      findings.note('10.12', `${name} ${width}`, cut);
      problems.push(...cut.map((part) => `${name} ${width}: with wider letters, ${part}`));
    }
    for (const [width, height] of [...[...widths, ...zoomed].map((each) => [each, HEIGHT]), ACROSS]) {
      await page.setViewportSize({ width: width!, height: height! });
      const beyond = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      const told = beyond > 0 ? [`${name}: ${beyond} px beyond the right edge at ${width} px`] : [];
      problems.push(...told);
      for (const criterion of REFLOW.get(width!) ?? []) findings.note(criterion, name, told);
      if (width! > NARROW || options.hasWideTable) continue;
      const scrolling = await page.evaluate<string[]>(FIND_SCROLLING);
      problems.push(...scrolling.map((part) => `${name}: ${part} scrolls sideways at ${width} px`));
    }
    const unnamed = await page.evaluate<string[]>(FIND_UNNAMED);
    problems.push(...unnamed.map((problem) => `${name}: ${problem}`));
    await page.setViewportSize({ width: 1280, height: HEIGHT });
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  }

  async function lookInEnglish(page: Page, name: string): Promise<void> {
    const texts = await page.evaluate<string[]>(READ_SENTENCES);
    const cookie = { name: languageCookieName, url: new URL('/', page.url()).href };
    await page.context().addCookies([{ ...cookie, value: 'en' }]);
    await page.reload();
    await standWhole(page, widths[0]);
    const english = `${name} in English`;
    const wrong =
      (await page.getAttribute('html', 'lang')) === 'en' ? [] : ['the page is not marked as English'];
    const kept = new Set(texts);
    for (const text of await page.evaluate<string[]>(READ_SENTENCES))
      if (kept.has(text)) wrong.push(`stays in French: ${text}`);
    findings.note('8.8', english, wrong);
    problems.push(...wrong.map((problem) => `${english}: ${problem}`));
    problems.push(...(await findViolations(page, 'light')).map((problem) => `${english}: ${problem}`));
    problems.push(...(await findings.look(page, english)));
    await page.setViewportSize({ width: zoomed[1], height: HEIGHT });
    const beyond = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    if (beyond > 0) problems.push(`${english}: ${beyond} px beyond the right edge`);
    await page.setViewportSize({ width: 1280, height: HEIGHT });
    await page.context().addCookies([{ ...cookie, value: 'fr' }]);
    await page.reload();
  }

  /** Everything by day; by night what may differ, which is colour. */
  async function findViolations(page: Page, scheme: 'light' | 'dark'): Promise<string[]> {
    const found = await runAxe(page, scheme === 'dark' ? ['color-contrast'] : undefined);
    findings.takeAxe(found, page.url());
    return found.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
    );
  }

  return {
    look,
    lookInEnglish,
    findings,
    problems,
    names,
    async close() {
      await writeFile(`${folder}/index.html`, buildIndex(part, names));
      await writeFile(`${ROOM}/index.html`, buildList(await readdir(ROOM, { withFileTypes: true })));
    },
  };
}

/** Makes the window as tall as the page: what sticks to the screen's bottom then covers nothing. */
async function standWhole(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: HEIGHT });
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  await page.setViewportSize({ width, height });
}

/** Parts that somebody with a phone would have to push sideways to read. As text: this program has no DOM types. */
const FIND_SCROLLING = `[...document.querySelectorAll('main *')].filter((part) => {
  const { overflowX } = getComputedStyle(part);
  return (overflowX === 'auto' || overflowX === 'scroll') && part.scrollWidth > part.clientWidth + 1;
}).map((part) => part.tagName.toLowerCase() + '.' + part.className)`;

/** What axe lets pass: a form control without a name of its own. */
const FIND_UNNAMED = `[...document.querySelectorAll('input:not([type=hidden], [hidden]), select, textarea, button')].filter((control) =>
  (control.getAttribute('aria-label') ?? control.labels?.[0]?.textContent ?? control.textContent).trim() === ''
).map((control) => 'a control without a name: ' + control.outerHTML.slice(0, 120))`;

/** Texts of four words and more, outside what is marked as another language. */
const READ_SENTENCES = `(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const { textContent, parentElement } = walker.currentNode;
    const text = textContent.replace(/\\s+/g, ' ').trim();
    const isOther = parentElement.closest('[lang]')?.getAttribute('lang') !== document.documentElement.lang;
    if (text.split(' ').length > 3 && !isOther && !parentElement.closest('code')) texts.push(text);
  }
  return texts;
})()`;

/** What is cut, or leaves the page, when letters, words and lines stand as far apart as a reader may ask (RGAA 10.12). */
const FIND_CUT = `(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }');
  document.adoptedStyleSheets.push(sheet);
  const cut = [...document.querySelectorAll('body *')].filter((part) => {
    if (part.closest('svg, input, .visually-hidden') || !part.checkVisibility()) return false;
    const { overflowX, overflowY, position, width } = getComputedStyle(part);
    if (position === 'absolute' && parseFloat(width) <= 1) return false;
    const hides = (value) => value === 'hidden' || value === 'clip';
    return hides(overflowX) && part.scrollWidth > part.clientWidth + 1 || hides(overflowY) && part.scrollHeight > part.clientHeight + 1;
  }).map((part) => part.tagName.toLowerCase() + '.' + part.className + ' is cut');
  const beyond = document.documentElement.scrollWidth - innerWidth;
  if (beyond > 0) cut.push(beyond + ' px are beyond the right edge');
  document.adoptedStyleSheets.pop();
  return cut;
})()`;

function fileName(name: string, width: number, scheme: string): string {
  return `${name}-${width}-${scheme}.png`;
}

function buildIndex(part: string, names: readonly string[]): string {
  const sections = names.map((name) => {
    const pictures = schemes.flatMap((scheme) => widths.map((width) => fileName(name, width, scheme)));
    const shown = pictures.map(
      (file) =>
        `<a href="${file}"><img loading="lazy" height="480" alt="${file.slice(0, -4)}" src="${file}"></a>`,
    );
    return `<h2 id="${name}">${name}</h2>\n${shown.join('\n')}`;
  });
  const list = names.map((name) => `<a href="#${name}">${name}</a>`).join(' · ');
  return wrap(`Socle: ${part}`, `<p>${list}</p>\n${sections.join('\n')}`);
}

function buildList(
  entries: readonly { readonly name: string; readonly isDirectory: () => boolean }[],
): string {
  const parts = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const links = parts.map((part) => `<li><a href="${part}/index.html">${part}</a></li>`);
  return wrap('Pages of Socle', `<ul>${links.join('')}</ul>`);
}

function wrap(title: string, body: string): string {
  return `<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>${title}</title>\n<h1>${title}</h1>\n${body}\n</html>\n`;
}
