/** What is compared of two entries. Names are folded (no case, accents, hyphens). */
export interface ComparedPerson {
  readonly givenName: string;
  readonly familyName: string;
  /** `YYYY-MM-DD`. */
  readonly birthDate?: string;
  /** Numbers of the join keys, without academy. */
  readonly keyNumbers: readonly string[];
  /** `academy degree category` of the keys that a feed still names. */
  readonly liveKinds: readonly string[];
  /** People tied to this one as guardians or children. */
  readonly family: readonly string[];
  readonly schools: readonly string[];
}

/** Why two entries may be one person. */
export type DuplicateReason =
  | 'same_birth_date'
  | 'same_names'
  | 'names_swapped'
  | 'close_names'
  | 'shared_family'
  | 'same_key_number'
  | 'same_school'
  | 'both_in_one_feed';

export interface DuplicateScore {
  /** 0 (two people) to 100. From 50 on, a person should look. */
  readonly score: number;
  readonly reasons: readonly DuplicateReason[];
}

const WEIGHTS: Readonly<Record<DuplicateReason, number>> = {
  same_birth_date: 35,
  same_names: 40,
  names_swapped: 35,
  close_names: 20,
  shared_family: 25,
  same_key_number: 20,
  same_school: 5,
  // A feed gives two people two keys on purpose: homonyms of one class are two pupils.
  both_in_one_feed: -30,
};

/**
 * Scores whether two entries are one person. Two known birth dates that differ settle that they are not; so do names
 * that are not alike. It proposes only: a person decides.
 */
export function scoreDuplicate(one: ComparedPerson, other: ComparedPerson): DuplicateScore {
  const nobody = { score: 0, reasons: [] };
  if (one.birthDate && other.birthDate && one.birthDate !== other.birthDate) return nobody;
  const names = compareNames(one, other);
  if (names === undefined) return nobody;
  const reasons: DuplicateReason[] = [names];
  if (one.birthDate && one.birthDate === other.birthDate) reasons.push('same_birth_date');
  if (share(one.family, other.family)) reasons.push('shared_family');
  if (share(one.keyNumbers, other.keyNumbers)) reasons.push('same_key_number');
  if (share(one.schools, other.schools)) reasons.push('same_school');
  if (share(one.liveKinds, other.liveKinds)) reasons.push('both_in_one_feed');
  const score = reasons.reduce((sum, reason) => sum + WEIGHTS[reason], 0);
  return { score: Math.max(0, Math.min(100, score)), reasons };
}

function compareNames(one: ComparedPerson, other: ComparedPerson): DuplicateReason | undefined {
  const whole = (person: ComparedPerson) => `${person.familyName} ${person.givenName}`;
  if (one.familyName === other.familyName && one.givenName === other.givenName) return 'same_names';
  const words = (person: ComparedPerson) => whole(person).split(' ').toSorted().join(' ');
  if (words(one) === words(other)) return 'names_swapped';
  const isClose = (left: string, right: string) =>
    left.startsWith(`${right} `) || right.startsWith(`${left} `) || differByOne(left, right);
  const sameFamily = one.familyName === other.familyName;
  const sameGiven = one.givenName === other.givenName;
  if (sameFamily && isClose(one.givenName, other.givenName)) return 'close_names';
  if (sameGiven && isClose(one.familyName, other.familyName)) return 'close_names';
  return undefined;
}

/** One letter more, less, or other; of names of four letters or more. */
function differByOne(left: string, right: string): boolean {
  if (Math.min(left.length, right.length) < 4 || Math.abs(left.length - right.length) > 1) return false;
  let start = 0;
  while (start < left.length && left[start] === right[start]) start += 1;
  let end = 0;
  const most = Math.min(left.length, right.length) - start;
  while (end < most && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  return Math.max(left.length, right.length) - start - end <= 1;
}

function share(one: readonly string[], other: readonly string[]): boolean {
  return one.some((each) => other.includes(each));
}
