import { readFile, readdir } from 'node:fs/promises';
import type { Page } from 'playwright-core';

// As text: this program has no DOM types.

/** Buttons and fields without an edge of their own: in forced colours nothing else tells where they are. */
export function findBareEdges(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(
    `[...document.querySelectorAll('.button, .control')].filter((part) => { const { borderTopStyle, borderTopWidth } = getComputedStyle(part); return borderTopStyle === 'none' || parseFloat(borderTopWidth) < 1; }).map((part) => part.outerHTML.slice(0, 100))`,
  );
}

/** Parts that move for longer than a blink. */
export function findMoving(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(
    `[...document.querySelectorAll('*')].filter((part) => Math.max(...[getComputedStyle(part).transitionDuration, getComputedStyle(part).animationDuration].flatMap((each) => each.split(',').map(parseFloat))) > 0.01).map((part) => part.outerHTML.slice(0, 100))`,
  );
}

/** Paths of the links that this selector finds. */
export function readPaths(page: Page, selector: string): Promise<string[]> {
  return page.evaluate<string[]>(
    `[...document.querySelectorAll('${selector}')].map((link) => new URL(link.href).pathname)`,
  );
}

/** Focuses, clicks and changes every field of the page; gives their number. */
export function changeEveryField(page: Page): Promise<number> {
  return page.evaluate<number>(
    `(() => { const fields = [...document.querySelectorAll('input:not([type=hidden]), select')]; for (const field of fields) { field.focus(); field.click(); for (const type of ['input', 'change']) field.dispatchEvent(new Event(type, { bubbles: true })); } return fields.length; })()`,
  );
}

/** Events that the scripts of the page kit listen to. */
export async function listHeardEvents(): Promise<readonly string[]> {
  const folder = 'packages/pages/browser';
  const scripts = (await readdir(folder)).filter((file) => file.endsWith('.js'));
  const sources = await Promise.all(scripts.map((file) => readFile(`${folder}/${file}`, 'utf8')));
  return sources.flatMap((source) =>
    [...source.matchAll(/addEventListener\(\s*'(\w+)'/g)].map(([, type]) => type!),
  );
}
