import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { AxeFindings } from './axe.ts';
import { CRITERIA } from '../evidence/rgaa/themes.ts';

/** What was looked at for one criterion of RGAA 4.1 on all pages, and what is wrong. */
export interface Finding {
  readonly seen: number;
  readonly wrong: readonly string[];
}

/** Gathers what pages show for each criterion. */
export interface Findings {
  /**
   * Runs our own checks on the page as it stands; gives the new problems, but for what is only to be absent from the pages of
   * sign-in and account: charts and downloads are no fault elsewhere.
   */
  look(page: Page, name: string): Promise<readonly string[]>;
  /** Takes over what axe saw. */
  takeAxe(results: AxeFindings, name: string): void;
  /** Notes one thing that was looked at elsewhere. */
  note(criterion: string, name: string, problems: readonly string[]): void;
  of(criterion: string): Finding;
}

/** A module of the browser as text without what ties it to the others: they are put into one expression here. */
function readModule(name: string): string {
  const text = readFileSync(path.join(import.meta.dirname, 'browser', name), 'utf8');
  return text.replace(/^import .*$/gm, '').replace(/^export /gm, '');
}

/** One expression, whose value is what the checks found. */
const CHECKS = `(() => {\n${readModule('colours.js')}\nreturn (${readModule('rgaa-checks.js').trim().replace(/;$/, '')});\n})()`;

const ABSENT: ReadonlySet<string> = new Set(
  CRITERIA.filter(({ shown }) => 'outside' in shown).map(({ id }) => id),
);

/** Rules of axe, and the criterion that each speaks for. */
const AXE_RULES: Readonly<Record<string, string>> = {
  'image-alt': '1.1',
  'role-img-alt': '1.1',
  'svg-img-alt': '1.1',
  'color-contrast': '3.2',
  'link-name': '6.2',
  'aria-allowed-attr': '7.1',
  'aria-allowed-role': '7.1',
  'aria-required-attr': '7.1',
  'aria-roles': '7.1',
  'aria-valid-attr': '7.1',
  'aria-valid-attr-value': '7.1',
  'button-name': '7.1',
  'nested-interactive': '7.1',
  'duplicate-id-aria': '8.2',
  'html-has-lang': '8.3',
  'html-lang-valid': '8.4',
  'valid-lang': '8.8',
  'document-title': '8.5',
  'empty-heading': '9.1',
  'heading-order': '9.1',
  'landmark-one-main': '9.2',
  'landmark-unique': '9.2',
  region: '9.2',
  list: '9.3',
  listitem: '9.3',
  'definition-list': '9.3',
  'meta-viewport': '10.4',
  'link-in-text-block': '10.6',
  'aria-hidden-focus': '10.8',
  'avoid-inline-spacing': '10.12',
  label: '11.1',
  'select-name': '11.1',
  'form-field-multiple-labels': '11.1',
  'autocomplete-valid': '11.13',
  'skip-link': '12.7',
  tabindex: '12.8',
  'meta-refresh': '13.1',
};

/** Starts with nothing seen. */
export function openFindings(): Findings {
  const byCriterion = new Map<string, { seen: number; wrong: string[] }>();
  const entry = (criterion: string) => {
    const known = byCriterion.get(criterion) ?? { seen: 0, wrong: [] };
    byCriterion.set(criterion, known);
    return known;
  };
  return {
    async look(page, name) {
      const found = await page.evaluate<Record<string, Finding>>(CHECKS);
      const problems: string[] = [];
      for (const [criterion, { seen, wrong }] of Object.entries(found)) {
        entry(criterion).seen += seen;
        const told = [...new Set(wrong)].map((problem) => `${name}: RGAA ${criterion}: ${problem}`);
        entry(criterion).wrong.push(...told);
        if (!ABSENT.has(criterion)) problems.push(...told);
      }
      return problems;
    },
    takeAxe({ violations, passes, unsure }, name) {
      // a contrast that axe could not compute is not shown
      for (const { id, nodes } of unsure)
        if (id === 'color-contrast')
          entry('3.2').wrong.push(...nodes.map(({ html }) => `${name}: unknown contrast: ${html}`));
      for (const { id, nodes } of passes) if (AXE_RULES[id]) entry(AXE_RULES[id]).seen += nodes.length;
      for (const { id, nodes } of violations) {
        const criterion = AXE_RULES[id];
        if (criterion) entry(criterion).wrong.push(...nodes.map(({ html }) => `${name}: ${id}: ${html}`));
      }
    },
    note(criterion, name, problems) {
      entry(criterion).seen += 1;
      entry(criterion).wrong.push(...problems.map((problem) => `${name}: ${problem}`));
    },
    of: (criterion) => byCriterion.get(criterion) ?? { seen: 0, wrong: [] },
  };
}
