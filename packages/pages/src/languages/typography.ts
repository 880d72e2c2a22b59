const narrowNoBreakSpace = '\u202f';
const noBreakSpace = '\u00a0';

/**
 * Applies French spacing to a sentence written with ordinary or no spaces: a narrow no-break space before ; ! ? and
 * inside « », a no-break space before the colon of a sentence. Addresses and hours (12:30, https:) stay as they are.
 */
export function frenchSpacing(text: string): string {
  return text
    .replace(/[ \u00a0\u202f]+([;!?»])/gu, `${narrowNoBreakSpace}$1`)
    .replace(/([\p{L}\p{N})»’'"])([!?;])(?=\s|$)/gu, `$1${narrowNoBreakSpace}$2`)
    .replace(/«[ \u00a0\u202f]*/gu, `«${narrowNoBreakSpace}`)
    .replace(/[ \u00a0\u202f]+:(?=\s|$)/gu, `${noBreakSpace}:`)
    .replace(/([\p{L})»])(:)(?=\s|$)/gu, `$1${noBreakSpace}$2`);
}
