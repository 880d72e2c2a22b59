import type { PersonId } from '@socle/base';
import type { AuthorityRecord } from '@socle/directory';
import { describe, expect, it } from 'vitest';
import { selectKnown } from './known-page.ts';

const adult = '018f3c1e-7a00-7000-8000-000000000001' as string as PersonId;
const record = (change: Partial<AuthorityRecord>): AuthorityRecord => ({
  adult,
  exercise: 'joint',
  restrictions: [],
  source: 'feed',
  validFrom: new Date('2025-09-01'),
  recordedAt: new Date('2025-09-01'),
  ...change,
});
/** A judgment of January that the school learnt of in March. */
const records = [
  record({
    exercise: 'withdrawn',
    source: 'local',
    validFrom: new Date('2026-01-15'),
    recordedAt: new Date('2026-03-10'),
  }),
  record({}),
];
const exercise = (on: string, known: string) =>
  selectKnown(records, { on: new Date(on), known: new Date(known) }).map((each) => each.exercise);

describe('what held on a day, as it was known on a day', () => {
  it('is what the school believed, until it learnt otherwise', () => {
    expect(exercise('2026-02-01', '2026-02-01')).toEqual(['joint']);
    expect(exercise('2026-02-01', '2026-03-09')).toEqual(['joint']);
    expect(exercise('2026-02-01', '2026-03-11')).toEqual(['withdrawn']);
  });

  it('is the feed’s word before a decision begins, and nothing before anything was known', () => {
    expect(exercise('2026-01-10', '2026-03-11')).toEqual(['joint']);
    expect(exercise('2026-02-01', '2025-08-31')).toEqual([]);
    expect(exercise('2025-08-01', '2026-03-11')).toEqual([]);
  });

  it('leaves out what was superseded by then, and what had ended', () => {
    const replaced = [
      record({ supersededAt: new Date('2026-02-02') }),
      record({ adult, exercise: 'sole', recordedAt: new Date('2026-02-02') }),
    ];
    const at = (known: string) =>
      selectKnown(replaced, { on: new Date('2026-01-01'), known: new Date(known) }).map(
        (each) => each.exercise,
      );
    expect(at('2026-02-01')).toEqual(['joint']);
    expect(at('2026-02-03')).toEqual(['sole']);
    const ended = [record({ validTo: new Date('2026-01-01') })];
    expect(selectKnown(ended, { on: new Date('2026-01-02'), known: new Date('2026-02-01') })).toEqual([]);
  });
});
