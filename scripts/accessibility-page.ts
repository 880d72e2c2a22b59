import { THEMES } from '../test/evidence/rgaa/themes.ts';
import type { Criterion } from '../test/evidence/rgaa/criterion.ts';
import {
  accessibilityLevel,
  accessibilityRate,
  type Measured,
} from '../services/socle/src/accessibility/level.ts';
import type { TestRun } from './test-run.ts';

/** The test file whose tests are named for the criteria. */
const WALK = 'test/browser/identity-pages.test.ts';

type Result = keyof Measured;

const RESULTS: Readonly<Record<Result, string>> = {
  shown: 'respected',
  failed: '**NOT RESPECTED**',
  unseen: '**not judged**',
  outside: 'does not apply',
};
const LEVELS = { full: 'fully compliant', partial: 'partially compliant', none: 'not compliant' } as const;

/** Counts the criteria by their result in this run. */
export function measureAccessibility(run: TestRun): Measured {
  const results = THEMES.flatMap(({ criteria }) => criteria.map((criterion) => resultOf(criterion, run)));
  const count = (result: Result) => results.filter((each) => each === result).length;
  return {
    shown: count('shown'),
    failed: count('failed'),
    unseen: count('unseen'),
    outside: count('outside'),
  };
}

/**
 * Renders docs/accessibility.md: each of the 106 criteria, what shows it, and its result in this run.
 * @throws Error when a criterion names a test that is not in the run.
 */
export function renderAccessibilityPage(run: TestRun, measured: Measured & { readonly on: string }): string {
  const applicable = measured.shown + measured.failed + measured.unseen;
  const themes = THEMES.map(
    ({ title, criteria }, index) => `## ${index + 1}. ${title}

| criterion | in short | shown by | result |
|---|---|---|---|
${criteria.map((criterion) => `| ${criterion.id} | ${criterion.says} | ${proofOf(criterion)} | ${RESULTS[resultOf(criterion, run)]} |`).join('\n')}
`,
  );
  return `# Accessibility: RGAA 4.1

Generated from a run by \`npm run docs:accessibility\`; do not edit. The 106 criteria of the French general accessibility
reference (RGAA 4.1, level AA), their subjects told in our own words; the reference's text counts.

${measured.on}: **${measured.shown} respected · ${measured.failed} not respected · ${measured.unseen} not judged · ${measured.outside} do not apply**.
Rate ${measured.shown} / ${applicable} = **${accessibilityRate(measured)} %**, ${LEVELS[accessibilityLevel(measured)]}.

- Pages: sign-in and all its steps, activation, badge and pictures, a parent's code, second factor, first generator, new password,
  consent to attributes, device, sign-out, refusals, the account and all its pages, site map, accessibility statement. \`${WALK}\`
  takes the list from the routes: a new page without a line in its story fails. Other pages of the house pass the same checks in
  the other galleries of \`test/browser\`.
- RGAA's rate is respected / (respected + not respected). Here a criterion that only a person can judge, and that none has judged,
  counts as not respected: the true rate is this or higher.
- A test shows what it looks for. No person has audited these pages yet and no screen reader has been listened to: an authority that
  publishes the statement should have both done, and may then correct its level.
- "does not apply" is tested too: the walk sees that nothing of the kind is on any page.

${themes.join('\n')}`;
}

function proofOf({ id, shown }: Criterion): string {
  if ('eye' in shown) return `a person’s eye: ${shown.eye}`;
  const test = `\`RGAA ${id}\``;
  return 'outside' in shown ? `${shown.outside} (${test})` : test;
}

function resultOf({ id, shown }: Criterion, run: TestRun): Result {
  if ('eye' in shown) return 'unseen';
  const tests = run.filter(({ file, title }) => file === WALK && title.startsWith(`RGAA ${id} `));
  if (tests.length !== 1) throw new Error(`criterion ${id} has ${tests.length} tests in the run`);
  if (tests[0]?.status !== 'passed') return 'failed';
  return 'outside' in shown ? 'outside' : 'shown';
}
