import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** What is known of a page before it is looked at. */
export interface LookOptions {
  /** True where a table of marks is wider than a phone, and scrolls within its own frame. */
  readonly hasWideTable?: boolean;
}

/** Pages that were looked at, and what was wrong with them. */
export interface Gallery {
  /**
   * Looks at the page as it stands: on a phone and on a desk, by day and by night, and at twice and four times the
   * size. Keeps a picture of each, and notes violations of accessibility and content beyond the right edge.
   */
  look(page: Page, name: string, options?: LookOptions): Promise<void>;
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
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
const HEIGHT = 844;
/** Phones, and a desk at 400 %. */
const NARROW = 400;
const ROOM = 'var/screenshots';

/** Opens a gallery in a folder of its own under `var/screenshots`. */
export async function openGallery(part: string): Promise<Gallery> {
  const folder = path.join(ROOM, part);
  await mkdir(folder, { recursive: true });
  const problems: string[] = [];
  const names: string[] = [];

  async function look(page: Page, name: string, options: LookOptions = {}): Promise<void> {
    if (names.includes(name)) throw new Error(`${name} was looked at already`);
    names.push(name);
    await page.evaluate('document.fonts.ready.then(() => true)');
    for (const width of widths) {
      await page.setViewportSize({ width, height: HEIGHT });
      // As tall as the page: what sticks to the screen's bottom then covers nothing in the picture.
      const height = await page.evaluate<number>('document.documentElement.scrollHeight');
      await page.setViewportSize({ width, height });
      for (const scheme of schemes) {
        await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
        problems.push(
          ...(await findViolations(page, scheme)).map((problem) => `${name} ${width} ${scheme}: ${problem}`),
        );
        await page.screenshot({ path: `${folder}/${fileName(name, width, scheme)}` });
      }
    }
    for (const width of [...widths, ...zoomed]) {
      await page.setViewportSize({ width, height: HEIGHT });
      const beyond = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      if (beyond > 0) problems.push(`${name}: ${beyond} px beyond the right edge at ${width} px`);
      if (width > NARROW || options.hasWideTable) continue;
      const scrolling = await page.evaluate<string[]>(FIND_SCROLLING);
      problems.push(...scrolling.map((part) => `${name}: ${part} scrolls sideways at ${width} px`));
    }
    problems.push(...(await page.evaluate<string[]>(FIND_UNSOUND)).map((problem) => `${name}: ${problem}`));
    await page.setViewportSize({ width: 1280, height: HEIGHT });
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  }

  return {
    look,
    problems,
    names,
    async close() {
      await writeFile(`${folder}/index.html`, buildIndex(part, names));
      await writeFile(`${ROOM}/index.html`, buildList(await readdir(ROOM, { withFileTypes: true })));
    },
  };
}

/** Parts that somebody with a phone would have to push sideways to read. As text: this program has no DOM types. */
const FIND_SCROLLING = `[...document.querySelectorAll('main *')].filter((part) => {
  const { overflowX } = getComputedStyle(part);
  return (overflowX === 'auto' || overflowX === 'scroll') && part.scrollWidth > part.clientWidth + 1;
}).map((part) => part.tagName.toLowerCase() + '.' + part.className)`;

/** What axe lets pass: more or less than one h1, a heading that skips a level, a form control without a name of its own. */
const FIND_UNSOUND = `(() => {
  const problems = [];
  const titles = document.querySelectorAll('h1').length;
  if (titles !== 1) problems.push(titles + ' headings of level 1');
  let last = 0;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    const level = Number(heading.tagName[1]);
    if (level > last + 1) problems.push('level ' + level + ' after ' + last + ': ' + heading.textContent.trim());
    last = level;
  }
  for (const control of document.querySelectorAll('input:not([type=hidden], [hidden]), select, textarea, button')) {
    const name = control.getAttribute('aria-label') ?? control.labels?.[0]?.textContent ?? control.textContent;
    if (name.trim() === '') problems.push('a control without a name: ' + control.outerHTML.slice(0, 120));
  }
  return problems;
})()`;

/** Everything by day; by night what may differ, which is colour. */
async function findViolations(page: Page, scheme: 'light' | 'dark'): Promise<string[]> {
  // without frames in our pages, axe needs no blank page beside them to gather its results
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations, passes } = await (scheme === 'light'
    ? axe.withTags(tags)
    : axe.withRules('color-contrast')
  ).analyze();
  if (passes.length < (scheme === 'light' ? 10 : 1)) throw new Error(`axe saw nothing on ${page.url()}`);
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
}

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
