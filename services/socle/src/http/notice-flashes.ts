import { defineStrings, formatDateTime, type Flash, type Language } from '@socle/pages';
import type { Notice } from '@socle/identity';

/** Words of what people are told about an account. */
const noticeStrings = defineStrings({
  fr: {
    own: {
      reset: 'Un code pour changer votre mot de passe a été donné par votre établissement.',
      link: 'Un code de parent a été donné pour votre compte par l’établissement.',
      vouched: 'Vous avez répondu d’une ou d’un collègue pour une connexion.',
      colleague: 'Un ou une collègue a répondu de vous pour une connexion.',
      viewed:
        'Une personne de l’administration a vu vos pages comme vous les voyez, sans rien pouvoir y faire.',
    },
    child: (name: string) =>
      `Un code pour changer le mot de passe de ${name} a été donné par l’établissement.`,
    at: (when: string) => `Le ${when}. Si vous n’y êtes pour rien, prévenez l’établissement.`,
    seen: 'J’ai compris',
  },
  en: {
    own: {
      reset: 'Your school gave out a code to change your password.',
      link: 'The school gave out a parent’s code for your account.',
      vouched: 'You vouched for a colleague at a sign-in.',
      colleague: 'A colleague vouched for you at a sign-in.',
      viewed: 'An administrator saw your pages as you see them, without being able to do anything there.',
    },
    child: (name: string) => `The school gave out a code to change the password of ${name}.`,
    at: (when: string) => `On ${when}. If this does not come from you, tell the school.`,
    seen: 'I have seen it',
  },
});

/** What a notice says; `nameOf` names a child whom the reader may see, and others are left out. */
export function noticeTitle(
  language: Language,
  notice: Notice,
  reader: string,
  nameOf: (id: string) => string | undefined,
): string | undefined {
  const words = noticeStrings[language];
  if (notice.about === reader) return words.own[notice.kind];
  const name = nameOf(notice.about);
  return name === undefined ? undefined : words.child(name);
}

/** Notices as messages at the top of the portal, with one button that puts them all away. */
export function buildNoticeFlashes(options: {
  readonly language: Language;
  readonly notices: readonly Notice[];
  readonly reader: string;
  readonly nameOf: (id: string) => string | undefined;
  readonly fields: Readonly<Record<string, string>>;
}): readonly Flash[] {
  const { language, notices, reader, nameOf, fields } = options;
  const words = noticeStrings[language];
  const newest = notices[0];
  return notices.flatMap((notice) => {
    const title = noticeTitle(language, notice, reader, nameOf);
    if (title === undefined || notice.isSeen || !newest) return [];
    return [
      {
        kind: 'warning' as const,
        title,
        text: words.at(formatDateTime(language, notice.at)),
        undo: {
          action: '/account/notices/seen',
          fields: { ...fields, until: newest.at.toISOString() },
          label: words.seen,
        },
      },
    ];
  });
}
