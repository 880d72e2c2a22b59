import path from 'node:path';

/** One test of a run. */
export interface RunTest {
  /** From the repository's root. */
  readonly file: string;
  readonly title: string;
  /** The titles of what is around it, then its own. */
  readonly fullTitle: string;
  readonly status: string;
}

export type TestRun = readonly RunTest[];

interface JsonReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly fullName: string;
      readonly status: string;
    }[];
  }[];
}

/** Reads what vitest's JSON reporter wrote. Throws when it holds no test. */
export function readTestRun(text: string, root: string): TestRun {
  const report = JSON.parse(text) as JsonReport;
  const tests = report.testResults.flatMap((result) =>
    result.assertionResults.map(({ title, fullName, status }) => ({
      file: path.relative(root, result.name),
      title,
      fullTitle: fullName.trim(),
      status,
    })),
  );
  if (tests.length === 0) throw new Error('the run holds no test');
  return tests;
}
