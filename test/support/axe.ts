import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

/** A rule of axe with the parts of the page that it looked at. */
export interface AxeRule {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe says of a page. */
export interface AxeFindings {
  readonly violations: readonly AxeRule[];
  /** Rules that could not tell of some parts. */
  readonly unsure: readonly AxeRule[];
  /** Rules that found nothing wrong; of their parts, one each is told. */
  readonly passes: readonly AxeRule[];
}

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** All that speaks of WCAG 2.1 A and AA, and of good practice. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];

/**
 * Asks axe about the page as it stands: by the rules of WCAG 2.1 AA and good practice, or by the named ones. Its program is put
 * into a document once, which is most of its cost. Throws when it looked at almost nothing.
 */
export async function runAxe(page: Page, rules?: readonly string[]): Promise<AxeFindings> {
  if (!(await page.evaluate<boolean>('typeof axe === "object"'))) await page.evaluate(`${SOURCE};undefined`);
  const options: RunOptions = {
    runOnly: rules === undefined ? { type: 'tag', values: TAGS } : { type: 'rule', values: [...rules] },
    resultTypes: ['violations', 'incomplete'],
  };
  const found = await page.evaluate<AxeFindings>(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations, passes, incomplete }) => {
      const tell = (list) => list.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) }));
      return { violations: tell(violations), passes: tell(passes), unsure: tell(incomplete) };
    })`,
  );
  const { violations, passes } = found;
  if (violations.length + passes.length < (rules ? 1 : 10))
    throw new Error(`axe saw nothing on ${page.url()}`);
  return found;
}
