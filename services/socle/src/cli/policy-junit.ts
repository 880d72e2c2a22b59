import type { PolicyTestResult } from '@socle/authorization';

/** The outcome of the tests of policies as a JUnit report, one case for each test, invariant and rule. */
export function printJunit({ tried, failures }: PolicyTestResult): string {
  const failed = (
    check: PolicyTestResult['tried'][number],
  ): readonly PolicyTestResult['failures'][number][] =>
    failures.filter(
      ({ kind, file, line }) =>
        file === check.file && line === check.line && (kind === 'hollow' ? 'invariant' : kind) === check.kind,
    );
  const cases = tried.map((check) => {
    const told = failed(check).map(
      ({ says, expected, found }) =>
        `<failure message="${escape(says)}">expected ${escape(expected)}, found ${escape(found)}</failure>`,
    );
    return {
      failed: told.length > 0,
      text: `<testcase classname="${escape(`${check.kind} ${check.file}`)}" name="${escape(check.says)}" file="${escape(check.file)}" line="${check.line}">${told.join('')}</testcase>`,
    };
  });
  const counts = `tests="${cases.length}" failures="${cases.filter((check) => check.failed).length}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}>\n<testsuite name="policies" ${counts}>\n${cases.map(({ text }) => text).join('\n')}\n</testsuite>\n</testsuites>\n`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
