import { createHash } from 'node:crypto';
import type { Assessment } from './assessment.ts';
import type { Mark } from './mark.ts';

/**
 * A commitment to all the marks of a sheet: SHA-256 of 32 random bytes, the assessment, and one line a pupil in
 * the order of their identifiers. The log holds the digest and this module the salt, so the log alone tells no
 * mark, and the two together prove what was published.
 */
export function buildSheetDigest(
  assessment: Pick<Assessment, 'id' | 'scale'>,
  marks: readonly { readonly pupil: string; readonly version: number; readonly mark: Mark | undefined }[],
  salt: Buffer,
): Buffer {
  const lines = marks
    .map(({ pupil, version, mark }) => JSON.stringify([pupil, version, describeMark(mark)]))
    .sort();
  return createHash('sha256')
    .update(salt)
    .update(JSON.stringify(['grades sheet 1', assessment.id, assessment.scale]))
    .update(`\n${lines.join('\n')}`)
    .digest();
}

function describeMark(mark: Mark | undefined): string | number | null {
  if (mark === undefined) return null;
  return mark.kind === 'value' ? mark.hundredths : mark.status;
}
