/** One criterion of RGAA 4.1, its subject told in our own short words. */
export interface Criterion {
  /** Theme and number, as RGAA counts them. */
  readonly id: string;
  readonly says: string;
  /** What is known of it. */
  readonly shown:
    | {
        /** A test of test/browser/identity-pages.test.ts that begins by `RGAA <id>`, on every page that it walks. */
        readonly by: 'pages';
      }
    | {
        /** It applies to nothing here, for this reason; the same test sees that nothing of the kind is there. */
        readonly outside: string;
      }
    | {
        /** Only a person can judge it; what tests contribute, if anything. */
        readonly eye: string;
      };
}

/** One of the 13 themes. */
export interface Theme {
  readonly title: string;
  readonly criteria: readonly Criterion[];
}

/** Shown on the pages that the browser walks. */
export const shown = (id: string, says: string): Criterion => ({ id, says, shown: { by: 'pages' } });

/** Applies to nothing on these pages. */
export const outside = (id: string, says: string, why: string): Criterion => ({
  id,
  says,
  shown: { outside: why },
});

/** For a person to judge. */
export const eye = (id: string, says: string, what: string): Criterion => ({
  id,
  says,
  shown: { eye: what },
});
