import { KEY, UAI } from './cast-keys.ts';

/** Where a person of the demo comes from. */
type DemoOrigin =
  /** From the AAF files: find the person by this join key of academy 99. */
  | { readonly kind: 'feed'; readonly joinKey: string }
  /** In no feed: made by hand, the controller being the school's (by UAI) or the academy's. */
  | {
      readonly kind: 'created';
      readonly givenName: string;
      readonly familyName: string;
      /** UAI, or undefined for the academy. */
      readonly school?: string;
    }
  /** An outside speaker. */
  | {
      readonly kind: 'guest';
      readonly givenName: string;
      readonly familyName: string;
      readonly school: string;
      /** Username of the person who answers for the guest. */
      readonly sponsor: string;
      readonly stayDays: number;
      readonly reason: string;
    };

/** What is still to be done for a person once the feed is imported. Usernames are those of this list. */
export type DemoAct =
  | {
      readonly kind: 'grant-role';
      readonly role: 'local_admin' | 'academy_admin' | 'dpo' | 'security_officer';
      /** UAI, or undefined for the whole academy. */
      readonly school?: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'set-authority';
      /** Join key of the child; the adult is the account's person. */
      readonly child: string;
      readonly exercise: 'withdrawn';
      readonly recordedBy: string;
      readonly confirmedBy: string;
      readonly evidenceReference: string;
    };

/** One account of the demo. */
export interface DemoAccount {
  readonly username: string;
  readonly displayName: string;
  /** Role that the account is there to show. */
  readonly role: string;
  /** UAI of the school it is shown in; undefined for the academy's people. */
  readonly school?: string;
  readonly origin: DemoOrigin;
  readonly acts: readonly DemoAct[];
  /** Whether the sign-in asks for a one-time code besides the password. */
  readonly secondFactor: boolean;
  /** In French, for the person who tries the demo. */
  readonly note: string;
}

const ADMIN_REASON = 'Compte de démonstration';

function fromFeed(
  username: string,
  displayName: string,
  role: string,
  school: string,
  joinKey: string,
  note: string,
  more: Partial<DemoAccount> = {},
): DemoAccount {
  const origin = { kind: 'feed', joinKey } as const;
  return { username, displayName, role, school, origin, note, acts: [], secondFactor: false, ...more };
}

function academyPerson(
  username: string,
  givenName: string,
  familyName: string,
  role: 'academy_admin' | 'dpo' | 'security_officer',
  note: string,
): DemoAccount {
  return {
    username,
    displayName: `${givenName} ${familyName}`,
    role,
    origin: { kind: 'created', givenName, familyName },
    acts: [{ kind: 'grant-role', role, reason: ADMIN_REASON }],
    secondFactor: true,
    note,
  };
}

/**
 * The accounts of the demo, in an order in which they can be made: whoever an act names comes before.
 * The people of the school abroad are in `school-abroad.ts`.
 */
export const demoAccounts: readonly DemoAccount[] = [
  fromFeed(
    'raphaelle.noailles',
    'Raphaëlle Noailles',
    'teacher',
    UAI.college,
    KEY.raphaelle,
    'Enseignante de mathématiques de la 4A et de quatre autres classes du collège',
  ),
  fromFeed(
    'gregoire.pelissier',
    'Grégoire Pélissier',
    'head_teacher',
    UAI.college,
    KEY.gregoire,
    'Professeur principal de la 4A, enseignant de français',
  ),
  fromFeed(
    'aicha.benchikh',
    'Aïcha Benchikh',
    'cpe',
    UAI.college,
    KEY.aicha,
    "Conseillère principale d'éducation du collège",
  ),
  fromFeed(
    'timothee.echard',
    'Timothée Échard',
    'aed',
    UAI.college,
    KEY.timothee,
    "Assistant d'éducation du collège",
  ),
  fromFeed(
    'francoise.chateau-gaillard',
    'Françoise Château-Gaillard',
    'head',
    UAI.college,
    KEY.francoise,
    'Principale du collège',
    { secondFactor: true },
  ),
  fromFeed(
    'ophelie.le-bihan',
    'Ophélie Le Bihan',
    'librarian',
    UAI.college,
    KEY.ophelie,
    'Professeure documentaliste du collège',
  ),
  fromFeed(
    'joel.d-hauterive',
    "Joël d'Hauterive",
    'teacher',
    UAI.primary,
    KEY.joel,
    'Enseignant du CE1 de l’école',
  ),
  fromFeed('come.lanoe', 'Côme Lanoë', 'pupil', UAI.primary, KEY.come, 'Élève de CE1, 7 ans ; frère de Zoé'),
  fromFeed('zoe.lanoe', 'Zoé Lanoë', 'pupil', UAI.college, KEY.zoe, 'Élève de 4A, 13 ans'),
  fromFeed(
    'malo.quemeneur',
    'Malo Quéméneur',
    'pupil',
    UAI.college,
    KEY.malo,
    'Élève de 4A, 14 ans ; demi-frère de Zoé, son père n’a plus l’autorité parentale',
  ),
  fromFeed(
    'celestine.evrard',
    'Célestine Évrard',
    'pupil',
    UAI.lycee,
    KEY.celestine,
    'Élève de seconde, 15 ans',
  ),
  fromFeed(
    'ibrahim.traore',
    'Ibrahim Traoré',
    'pupil',
    UAI.lycee,
    KEY.ibrahim,
    'Élève majeur de terminale, 18 ans',
  ),
  fromFeed(
    'helene.aubree',
    'Hélène Aubrée',
    'guardian',
    UAI.college,
    KEY.helene,
    'Mère de Zoé, Côme et Malo ; partage l’autorité parentale de Zoé et de Côme',
  ),
  fromFeed(
    'etienne.lanoe',
    'Étienne Lanoë',
    'guardian',
    UAI.college,
    KEY.etienne,
    'Père de Zoé et de Côme, partage l’autorité parentale ; personne en charge de Malo',
  ),
  fromFeed(
    'loic.quemeneur',
    'Loïc Quéméneur',
    'guardian',
    UAI.college,
    KEY.loic,
    'Père de Malo, qui n’a plus l’autorité parentale : ne voit rien de lui',
    {
      acts: [
        {
          kind: 'set-authority',
          child: KEY.malo,
          exercise: 'withdrawn',
          recordedBy: 'francoise.chateau-gaillard',
          confirmedBy: 'aicha.benchikh',
          evidenceReference: 'DEMO-JAF-2025-0042',
        },
      ],
    },
  ),
  fromFeed(
    'berenice.aubree',
    'Bérénice Aubrée',
    'guardian',
    UAI.college,
    KEY.berenice,
    'Grand-mère de Zoé et de Malo, contact seulement : ne voit rien d’eux',
  ),
  fromFeed(
    'solene.evrard',
    'Solène Évrard',
    'guardian',
    UAI.lycee,
    KEY.solene,
    'Mère de Célestine, seule responsable légale',
  ),
  {
    username: 'edouard.vaucresson',
    displayName: 'Édouard Vaucresson',
    role: 'local_admin',
    school: UAI.college,
    origin: { kind: 'created', givenName: 'Édouard', familyName: 'Vaucresson', school: UAI.college },
    acts: [{ kind: 'grant-role', role: 'local_admin', school: UAI.college, reason: ADMIN_REASON }],
    secondFactor: true,
    note: 'Administrateur local du collège : comptes et groupes, aucun contenu',
  },
  {
    username: 'gael.montfleury',
    displayName: 'Gaël Montfleury',
    role: 'guest',
    school: UAI.college,
    origin: {
      kind: 'guest',
      givenName: 'Gaël',
      familyName: 'Montfleury',
      school: UAI.college,
      sponsor: 'raphaelle.noailles',
      stayDays: 90,
      reason: 'Projet « Nuit des étoiles »',
    },
    acts: [],
    secondFactor: false,
    note: 'Intervenant extérieur, invité par Raphaëlle Noailles pour un projet',
  },
  academyPerson(
    'apolline.grandpre',
    'Apolline',
    'Grandpré',
    'academy_admin',
    'Administratrice académique : technique, aucun contenu',
  ),
  academyPerson(
    'victor.clairefontaine',
    'Victor',
    'Clairefontaine',
    'dpo',
    'Délégué à la protection des données',
  ),
  academyPerson(
    'nour.tranchemontagne',
    'Nour',
    'Tranchemontagne',
    'security_officer',
    'Responsable de la sécurité des systèmes d’information',
  ),
];
