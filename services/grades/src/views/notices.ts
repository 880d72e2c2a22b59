import type { Flash } from '@socle/pages';
import type { Wording } from './view.ts';

/** What has just been done, told once at the top of the sheet. */
export type Notice =
  | {
      readonly kind:
        | 'created'
        | 'changed'
        | 'restored'
        | 'already'
        | 'kept'
        | 'unchanged'
        | 'published-meanwhile';
    }
  | { readonly kind: 'saved' | 'published'; readonly count: number }
  | { readonly kind: 'corrected'; readonly pupil: string | undefined };

const PLAIN = [
  'created',
  'changed',
  'restored',
  'already',
  'kept',
  'unchanged',
  'published-meanwhile',
] as const;

/** Reads a notice from the query of a page; anything else is none. */
export function parseNotice(done: string, count: string, pupilName: string | undefined): Notice | undefined {
  const plain = PLAIN.find((kind) => kind === done);
  if (plain) return { kind: plain };
  if ((done === 'saved' || done === 'published') && /^\d{1,4}$/.test(count)) {
    return { kind: done, count: Number(count) };
  }
  return done === 'corrected' ? { kind: 'corrected', pupil: pupilName } : undefined;
}

/** The notice in words. */
export function noticeOf({ strings }: Wording, notice: Notice | undefined): readonly Flash[] {
  switch (notice?.kind) {
    case undefined:
      return [];
    case 'created':
      return [{ kind: 'good', text: strings.sheet.created }];
    case 'changed':
      return [{ kind: 'good', text: strings.edit.done }];
    case 'restored':
      return [{ kind: 'good', text: strings.sheet.restored }];
    case 'already':
      return [{ kind: 'information', text: strings.publish.already }];
    case 'kept':
      return [{ kind: 'information', text: strings.delete.published }];
    case 'unchanged':
      return [{ kind: 'information', text: strings.correct.unchanged }];
    case 'published-meanwhile':
      return [{ kind: 'warning', text: strings.sheet.publishedMeanwhile }];
    case 'saved':
      return [{ kind: 'good', text: strings.sheet.saved(notice.count) }];
    case 'published':
      return [{ kind: 'good', text: strings.publish.done(notice.count) }];
    case 'corrected':
      return [{ kind: 'good', text: strings.correct.done(notice.pupil ?? '') }];
  }
}
