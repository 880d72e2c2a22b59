import type { Chapter, Requirement } from '../test/evidence/requirement.ts';
import type { TestRun } from './test-run.ts';

/** Counts of one page. */
export interface EvidenceCounts {
  readonly shown: number;
  readonly failed: number;
  readonly open: number;
  readonly outside: number;
}

/**
 * Renders one page of docs/evidence: each requirement, the tests that show it, and their result in this run.
 * @throws Error when a test that is named does not exist in the run.
 */
export function renderEvidencePage(chapter: Chapter, run: TestRun): { text: string; counts: EvidenceCounts } {
  const rows = chapter.requirements.map((requirement) => renderRow(requirement, run));
  const count = (result: string) => rows.filter((row) => row.result === result).length;
  const counts = {
    shown: count('passed'),
    failed: count('FAILED'),
    open: count('**open**'),
    outside: count('does not apply'),
  };
  const text = `# ${chapter.title}

Generated from a run by \`npm run docs:evidence\`; do not edit. Requirements are told in our own words; the standard's text
counts. A requirement is shown by tests that attack it and by their positive twins; what nothing shows yet is **open**.

${counts.shown} shown · ${counts.open} open · ${counts.outside} do not apply${counts.failed > 0 ? ` · ${counts.failed} FAILED` : ''}

| id | level | requirement | shown by | result |
|---|---|---|---|---|
${rows.map((row) => row.text).join('\n')}
`;
  return { text, counts };
}

function renderRow(requirement: Requirement, run: TestRun): { text: string; result: string } {
  const { shown } = requirement;
  const [by, result] =
    'by' in shown
      ? [
          shown.by.map(([file, title]) => `${title} (\`${file}\`)`).join('<br>'),
          shown.by.every(([file, title]) => hasPassed(requirement.id, file, title, run))
            ? 'passed'
            : 'FAILED',
        ]
      : 'open' in shown
        ? [shown.open, '**open**']
        : [shown.outside, 'does not apply'];
  const level = requirement.level === undefined ? '' : String(requirement.level);
  return { text: `| ${requirement.id} | ${level} | ${requirement.says} | ${by} | ${result} |`, result };
}

function hasPassed(id: string, file: string, title: string, run: TestRun): boolean {
  const tests = run.filter((test) => test.file === file && test.title.startsWith(title));
  if (tests.length === 0) throw new Error(`${id} names a test that does not exist: ${file}: ${title}`);
  return tests.every((test) => test.status === 'passed');
}
