import { describe, expect, it } from 'vitest';
import { diffPolicies, sayChange } from './diff-policies.ts';
import { loadPolicies } from './load-policies.ts';
import { loadPhrases } from './phrases.ts';
import {
  DENY_SUSPENDED,
  POLICIES_FOLDER,
  PUPIL_READS,
  buildSmallPolicies,
} from './testing/small-policies.ts';

const DENY_AUTHORITY = 'p, DNY-002, anyone, school, *, *, child_authority_removed, always, deny';
const GUARDIAN_READS =
  'p, GRA-015, guardian, school, grades.mark, grades.mark.read, own_child_legal, published, allow';
const phrases = await loadPhrases(POLICIES_FOLDER, await loadPolicies(POLICIES_FOLDER));

describe('diffPolicies', () => {
  it('says nothing of policies that decide alike, whatever their order and their ids', () => {
    const before = buildSmallPolicies([PUPIL_READS, GUARDIAN_READS]);
    const after = buildSmallPolicies([GUARDIAN_READS.replace('GRA-015', 'GRA-025'), PUPIL_READS]);
    expect(diffPolicies(before, after)).toEqual([]);
  });

  it('tells who gains and who loses by a rule, in French and in English', () => {
    const before = buildSmallPolicies([PUPIL_READS]);
    const after = buildSmallPolicies([GUARDIAN_READS]);
    const changes = diffPolicies(before, after, { depth: 1 });
    expect(changes.map((change) => sayChange(change, phrases, 'fr'))).toEqual(
      [
        'Un élève de l’établissement, à son propre sujet, une fois publié, ne pourra plus lire des notes (GRA-014 → –).',
        'Un parent ou responsable de l’établissement, pour un enfant sur lequel son autorité s’exerce, une fois publié, pourra désormais lire des notes (– → GRA-015).',
      ].map((sentence) => sentence.replaceAll('’', "'")),
    );
    expect(sayChange(changes[0]!, phrases, 'en')).toBe(
      'A pupil of the school, about themselves, once published, may no longer read marks (GRA-014 → –).',
    );
  });

  it('sees what a dropped denial opens, which only two facts together show', () => {
    const before = buildSmallPolicies([GUARDIAN_READS], { deny: [DENY_SUSPENDED, DENY_AUTHORITY] });
    const after = buildSmallPolicies([GUARDIAN_READS]);
    expect(diffPolicies(before, after, { depth: 1 })).toEqual([]);
    const [change, ...others] = diffPolicies(before, after);
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      change: 'gains',
      action: 'grades.mark.read',
      before: 'DNY-002',
      after: 'GRA-015',
    });
    expect(sayChange(change!, phrases, 'en')).toBe(
      'A parent or guardian of the school, for a child over whom they hold authority, once published, and also for a child over whom their authority was removed, may from now on read marks (DNY-002 → GRA-015).',
    );
    expect(diffPolicies(after, before)).toMatchObject([{ change: 'loses', after: 'DNY-002' }]);
  });

  it('knows that who teaches a subject teaches the class', () => {
    const rule = 'p, GRA-030, teacher, school, grades.mark, grades.mark.read, teaches, always, allow';
    const before = buildSmallPolicies([rule]);
    const after = buildSmallPolicies([rule.replace('teaches', 'teaches_division')]);
    const gains = diffPolicies(before, after);
    expect(gains.map(({ change, facts }) => [change, facts.map(({ relation }) => relation)])).toEqual([
      ['gains', ['teaches_division']],
    ]);
  });

  it('tells every action of a new object, and none of them as lost', async () => {
    const all = await loadPolicies(POLICIES_FOLDER);
    const less = { ...all, rules: all.rules.filter((rule) => !rule.file.startsWith('modules/mail/')) };
    const changes = diffPolicies(less, all, { depth: 1 });
    expect(new Set(changes.map(({ change }) => change))).toEqual(new Set(['gains']));
    expect(new Set(changes.map(({ action }) => action))).toEqual(
      new Set([...all.vocabulary.actions.keys()].filter((action) => action.startsWith('mail.'))),
    );
  });
});
