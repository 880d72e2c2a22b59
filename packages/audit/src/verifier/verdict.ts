/** The one word that a verification ends with. */
export type VerdictWord =
  /** Everything matches, and a witness has seen this history. */
  | 'ok'
  /** As ok, but the content of some events was deleted, and the log says so, or was masked by the export's maker. */
  | 'redacted'
  /** As ok, but the content of whole periods was deleted by the retention policy, and the log says so. */
  | 'purged'
  /** Everything matches, but no witness has been shown: a full rewrite by the key's holder would look the same. */
  | 'unanchored'
  /** Something was changed. */
  | 'tampered'
  /** The end is missing. */
  | 'truncated'
  /** A witness has seen another history of this log. */
  | 'forked'
  /** What is needed to judge is missing or of an unknown format. */
  | 'unverifiable';

/** Exit code of each word. 2 and 3 mean "wrong usage" and "a dependency is unavailable" everywhere in the command line. */
export const EXIT_CODES: Readonly<Record<VerdictWord, number>> = Object.freeze({
  ok: 0,
  tampered: 1,
  redacted: 10,
  purged: 11,
  unanchored: 12,
  truncated: 13,
  forked: 14,
  unverifiable: 15,
});

/** What a verification found. */
export interface Verdict {
  readonly word: VerdictWord;
  readonly exitCode: number;
  /** One sentence: what is wrong, where, or what was proved. */
  readonly finding: string;
  /** The first bad event's place in the tree. */
  readonly leaf?: number;
  /** The file at fault. */
  readonly file?: string;
  /** Leaves in the tree that the export's checkpoint signs. */
  readonly size: number;
  /** Events whose content was checked against the tree. */
  readonly events: number;
  readonly redacted: number;
  readonly purged: number;
  /** Events of which only the place is proved, because the export masks other people. */
  readonly masked: number;
  /** Leaves that a witness has vouched for. */
  readonly anchoredSize: number;
}

/** Stops a verification at the first thing that is wrong. Used inside the verifier only. */
export class Finding extends Error {
  override readonly name = 'Finding';
  readonly word: VerdictWord;
  readonly leaf: number | undefined;
  readonly file: string | undefined;

  constructor(
    word: VerdictWord,
    message: string,
    place: { readonly leaf?: number; readonly file?: string } = {},
  ) {
    super(message);
    this.word = word;
    this.leaf = place.leaf;
    this.file = place.file;
  }
}
