import { describe, expect, it } from 'vitest';
import { lintPolicies } from './lint-policies.ts';
import { loadPolicies } from './load-policies.ts';
import { POLICIES_FOLDER, PUPIL_READS, buildSmallPolicies } from './testing/small-policies.ts';

function errorsOf(...rows: readonly string[]): readonly string[] {
  return lintPolicies(buildSmallPolicies(rows))
    .findings.filter((finding) => finding.severity === 'error')
    .map((finding) => `${finding.kind} ${finding.line}`);
}

const rule = (id: string, change: (row: string) => string = (row) => row): string =>
  change(PUPIL_READS).replace('GRA-014', id);

describe('lint finds', () => {
  it('a rule that says what another says, at the second', () => {
    expect(errorsOf(PUPIL_READS, rule('GRA-015'))).toEqual(['duplicate 2']);
  });

  it('a rule that another covers, by relation, condition or role', () => {
    expect(
      errorsOf(
        PUPIL_READS,
        rule('GRA-015', (row) => row.replace('published', 'always')),
      ),
    ).toEqual(['subsumed 1']);
    expect(
      errorsOf(
        PUPIL_READS,
        rule('GRA-015', (row) => row.replace('self', 'any')),
      ),
    ).toEqual(['subsumed 1']);
    expect(
      errorsOf(
        PUPIL_READS,
        rule('GRA-015', (row) => row.replace('pupil', 'anyone')),
      ),
    ).toEqual(['subsumed 1']);
  });

  it('a rule that a denial always beats', () => {
    const denial = rule('DNY-015', (row) => row.replace('published, allow', 'always, deny'));
    expect(errorsOf(PUPIL_READS, denial)).toEqual(['overridden 1']);
  });

  it('wildcards that allow, and everybody whatever the relation', () => {
    expect(errorsOf(rule('GRA-015', (row) => row.replace('grades.mark.read', '*')))).toEqual(['wildcard 1']);
    expect(errorsOf(rule('GRA-015', (row) => row.replace('pupil', 'anyone').replace('self', 'any')))).toEqual(
      ['wildcard 1'],
    );
  });

  it('nothing in rules that differ in role, scope, action or condition, nor in a denial with wildcards', () => {
    expect(
      errorsOf(
        PUPIL_READS,
        rule('GRA-015', (row) => row.replace('pupil', 'staff')),
        rule('GRA-016', (row) => row.replace('school', 'academy')),
        rule('GRA-017', (row) => row.replace('.read', '.write')),
        rule('GRA-018', (row) => row.replace('published', 'not_closed')),
        rule('DNY-019', (row) =>
          row.replace('self, published, allow', 'child_authority_removed, always, deny'),
        ),
      ),
    ).toEqual([]);
  });

  it('no error in the policies of the repository, and compares every pair of them', async () => {
    const { findings, rules, pairs } = lintPolicies(await loadPolicies(POLICIES_FOLDER));
    expect(rules).toBeGreaterThanOrEqual(58);
    expect(pairs).toBe(rules * (rules - 1));
    expect(findings.filter((finding) => finding.severity === 'error')).toEqual([]);
    expect(findings.map((finding) => finding.kind)).toContain('unused');
  });
});
