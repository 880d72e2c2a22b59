import type { Resource } from '@socle/authorization';
import type { Language } from '@socle/pages';

/** Where an act takes place, which says who may confirm it. */
export interface ApprovalPlace {
  readonly school?: string;
  readonly academy?: string;
  readonly region?: string;
}

/** A kind of act that one person alone may not do. */
export interface ApprovalKind {
  readonly title: Readonly<Record<Language, string>>;
  /** What is lost or exposed when it is confirmed without thinking: one sentence for the second person. */
  readonly warning: Readonly<Record<Language, string>>;
  /** The action that the second person must be allowed, on `resource(place)`. */
  readonly action: string;
  readonly resource: (place: ApprovalPlace) => Resource;
  /** How long the request waits, and how long a confirmation stays good, in seconds. */
  readonly validSeconds: number;
}

const DAY_SECONDS = 86_400;

/** Every act that needs two people. */
export const approvalKinds = {
  'directory.import.force': {
    title: {
      fr: 'Appliquer un import que la garde a arrêté',
      en: 'Apply an import that the guard stopped',
    },
    warning: {
      fr: 'Des personnes perdront leur accès aussitôt. Vérifiez avec l’académie que ces départs sont réels.',
      en: 'People will lose their access at once. Check with the academy that these departures are real.',
    },
    action: 'directory.import.run',
    resource: (place) => ({ type: 'directory.import', ...place }),
    validSeconds: DAY_SECONDS,
  },
  'audit.export.bulk': {
    title: { fr: 'Exporter le journal de nombreuses personnes', en: 'Export the log of many people' },
    warning: {
      fr: 'La copie sort de la plateforme avec ce que chacun a fait. Elle doit servir au motif écrit, et à lui seul.',
      en: 'The copy leaves the platform with what everybody did. It must serve the written purpose, and no other.',
    },
    action: 'audit.log.export',
    resource: (place) => ({ type: 'audit.log', ...place }),
    validSeconds: DAY_SECONDS,
  },
  'accounts.reset.bulk': {
    title: { fr: 'Réinitialiser de nombreux comptes', en: 'Reset many accounts' },
    warning: {
      fr: 'Les mots de passe actuels cesseront de fonctionner. Prévenez les personnes concernées.',
      en: 'Present passwords will stop working. Tell the people concerned.',
    },
    action: 'accounts.account.reset',
    resource: (place) => ({ type: 'accounts.account', ...place }),
    validSeconds: DAY_SECONDS,
  },
  'directory.administrator.give': {
    title: {
      fr: 'Donner ou prolonger un rôle d’administration',
      en: 'Give or prolong a role of administration',
    },
    warning: {
      fr: 'Cette personne pourra agir sur tous les comptes et réglages de ce rôle. Assurez-vous de qui elle est, et pourquoi.',
      en: 'This person will be able to act on every account and setting of this role. Make sure who it is, and why.',
    },
    action: 'directory.administrator.confirm',
    resource: (place) => ({ type: 'directory.administrator', ...place }),
    validSeconds: DAY_SECONDS,
  },
  'directory.administrator.end_last': {
    title: { fr: 'Retirer le dernier rôle de ce genre', en: 'End the last role of its kind' },
    warning: {
      fr: 'Plus personne ne tiendra ce rôle ici. Une fois l’accord donné, quelqu’un d’un rang plus élevé ou l’exploitant devra en nommer.',
      en: 'Nobody will hold this role here. After your agreement somebody of a higher rank or the operator will have to give it.',
    },
    action: 'directory.administrator.confirm',
    resource: (place) => ({ type: 'directory.administrator', ...place }),
    validSeconds: DAY_SECONDS,
  },
} as const satisfies Readonly<Record<string, ApprovalKind>>;

export type ApprovalKindId = keyof typeof approvalKinds;
