/** What a verification found; the words are those of `socle audit verify`. */
export interface Verdict {
  word: 'ok' | 'redacted' | 'purged' | 'unanchored' | 'tampered' | 'truncated' | 'forked' | 'unverifiable';
  finding: string;
  leaf?: number;
  file?: string;
  size: number;
  events: number;
}

/** Stops a verification at the first thing that is wrong. */
export class Finding extends Error {
  readonly word: Verdict['word'];
  readonly place: { leaf?: number; file?: string };

  constructor(word: Verdict['word'], message: string, place: { leaf?: number; file?: string } = {}) {
    super(message);
    this.word = word;
    this.place = place;
  }
}
