import { mkdir, writeFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** Pages that were looked at, and what was wrong with them. */
export interface Gallery {
  /**
   * Looks at the page as it stands: on a phone and on a desk, by day and by night, and at twice and four times the
   * size. Keeps a picture of each, and notes violations of accessibility and content beyond the right edge.
   */
  look(page: Page, name: string): Promise<void>;
  /** One line for each thing that is wrong. */
  readonly problems: readonly string[];
  readonly names: readonly string[];
  /** Writes `index.html` with all pictures. */
  close(): Promise<void>;
}

const widths = [390, 1280] as const;
const schemes = ['light', 'dark'] as const;
/** What is left of a desk's 1280 px at 200 % and 400 %. */
const zoomed = [640, 320] as const;
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
const HEIGHT = 844;

/** Opens a gallery in a folder of its own. */
export async function openGallery(folder: string): Promise<Gallery> {
  await mkdir(folder, { recursive: true });
  const problems: string[] = [];
  const names: string[] = [];

  async function look(page: Page, name: string): Promise<void> {
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
    }
    await page.setViewportSize({ width: 1280, height: HEIGHT });
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  }

  return {
    look,
    problems,
    names,
    close: () => writeFile(`${folder}/index.html`, buildIndex(names)),
  };
}

/** Everything by day; by night what may differ, which is colour. */
async function findViolations(page: Page, scheme: 'light' | 'dark'): Promise<string[]> {
  const axe = new AxeBuilder({ page });
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

function buildIndex(names: readonly string[]): string {
  const sections = names.map((name) => {
    const pictures = schemes.flatMap((scheme) => widths.map((width) => fileName(name, width, scheme)));
    const shown = pictures.map(
      (file) =>
        `<a href="${file}"><img loading="lazy" height="480" alt="${file.slice(0, -4)}" src="${file}"></a>`,
    );
    return `<h2 id="${name}">${name}</h2>\n${shown.join('\n')}`;
  });
  const list = names.map((name) => `<a href="#${name}">${name}</a>`).join(' · ');
  return `<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Pages of Socle</title>\n<h1>Pages of Socle</h1>\n<p>${list}</p>\n${sections.join('\n')}\n</html>\n`;
}
