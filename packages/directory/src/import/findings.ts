/** What one kind of finding in the feed amounts to: how often, and join keys (never names) of the first few. */
export interface ImportWarning {
  readonly kind: FindingKind;
  readonly count: number;
  readonly sample: readonly string[];
}

/** What a feed may say that is not taken as it stands. */
export type FindingKind =
  | 'attribute_unknown'
  | 'birth_date_malformed'
  | 'category_changed'
  | 'class_malformed'
  | 'column_unknown'
  | 'function_malformed'
  | 'function_unknown'
  | 'key_duplicate'
  | 'key_mismatch'
  | 'link_malformed'
  | 'link_to_missing_relative'
  | 'local_change_contradicted'
  | 'mailbox_shared'
  | 'name_missing'
  | 'name_too_long'
  | 'pupil_without_school'
  | 'record_not_mapped'
  | 'record_of_another_type'
  | 'relation_code_unknown'
  | 'school_malformed'
  | 'school_unknown'
  | 'subject_unknown'
  | 'teaching_malformed'
  | 'user_disabled';

/** Counts findings and keeps a few join keys of each kind, however long the feed is. */
export interface Findings {
  /** `key` is a join key or the name of an XML attribute: nothing that names a person. */
  add(kind: FindingKind, key: string, count?: number): void;
  /** Counts a record that is not imported at all. */
  refuse(kind: FindingKind, key: string, count?: number): void;
  readonly refused: number;
  list(): readonly ImportWarning[];
}

const SAMPLE_SIZE = 10;

export function openFindings(): Findings {
  const found = new Map<FindingKind, { count: number; sample: string[] }>();
  let refused = 0;
  const add = (kind: FindingKind, key: string, count = 1) => {
    const entry = found.get(kind) ?? { count: 0, sample: [] };
    found.set(kind, entry);
    entry.count += count;
    if (entry.sample.length < SAMPLE_SIZE && !entry.sample.includes(key)) entry.sample.push(key);
  };
  return {
    add,
    refuse(kind, key, count = 1) {
      refused += count;
      add(kind, key, count);
    },
    get refused() {
      return refused;
    },
    list: () =>
      [...found]
        .map(([kind, { count, sample }]) => ({ kind, count, sample }))
        .toSorted((a, b) => (a.kind < b.kind ? -1 : 1)),
  };
}
