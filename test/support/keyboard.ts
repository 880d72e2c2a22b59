import type { Page } from 'playwright-core';

/** Where the focus stands, as a person who uses the keyboard perceives it. */
export interface FocusStop {
  /** Its words, its label or the label of its field. */
  readonly name: string;
  readonly tag: string;
  readonly id: string;
  /** True when a mark of at least 2 px is drawn around it. */
  readonly visible: boolean;
  /** True when no part that sticks to the screen covers its middle. */
  readonly uncovered: boolean;
}

const MAX_STOPS = 150;

/** What has the focus, or undefined when it is nowhere in the page. */
export function readFocus(page: Page): Promise<FocusStop | undefined> {
  // As text: this program has no DOM types.
  return page.evaluate<FocusStop | undefined>(`(() => {
    const stop = document.activeElement;
    if (!stop || stop === document.body || stop === document.documentElement) return undefined;
    const label = stop.getAttribute('aria-label') ?? stop.labels?.[0]?.textContent ?? stop.textContent ?? '';
    const hasOutline = (part, pseudo) => {
      const style = getComputedStyle(part, pseudo);
      return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    };
    // a card or a tile may draw the mark of the link that fills it
    const around = [stop, stop.parentElement, stop.closest('article, li, .card, .tile')].filter(Boolean);
    const drawn = around.some((part) => hasOutline(part)) || hasOutline(stop, '::after');
    const box = stop.getBoundingClientRect();
    const found = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return {
      name: label.replace(/\\s+/g, ' ').trim(),
      tag: stop.tagName.toLowerCase(),
      id: stop.id,
      visible: drawn,
      // what is taller than half the screen shows one part or another
      uncovered: box.height > innerHeight / 2 || found !== null && (stop.contains(found) || found.contains(stop) || found.closest('label')?.contains(stop) === true),
    };
  })()`);
}

/** Presses Tab until something with this name has the focus; throws, with the way it went, when nothing has. */
export async function tabTo(page: Page, name: RegExp): Promise<FocusStop> {
  const way: string[] = [];
  for (let count = 0; count < MAX_STOPS; count += 1) {
    await page.keyboard.press('Tab');
    const stop = await readFocus(page);
    if (stop && !stop.visible) throw new Error(`the focus on "${stop.name}" cannot be seen`);
    if (stop && !stop.uncovered) throw new Error(`"${stop.name}" has the focus behind something else`);
    if (stop && name.test(stop.name)) return stop;
    way.push(stop ? stop.name : '(out of the page)');
  }
  throw new Error(`Tab never came to ${name}: ${way.slice(0, 40).join(' → ')}`);
}

/** Tabs once through the whole page from its top; gives every stop until the focus leaves. */
export async function walkByKeyboard(page: Page): Promise<FocusStop[]> {
  const stops: FocusStop[] = [];
  for (let count = 0; count < MAX_STOPS; count += 1) {
    await page.keyboard.press('Tab');
    const stop = await readFocus(page);
    if (!stop) return stops;
    stops.push(stop);
  }
  throw new Error(
    `the focus never leaves the page: ${stops
      .slice(-5)
      .map((stop) => stop.name)
      .join(' → ')}`,
  );
}
