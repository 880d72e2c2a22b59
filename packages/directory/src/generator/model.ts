import type { Address } from './places.ts';

/** First degree (nursery and primary: AAF1D) or second (collège, lycée: AAF). */
export type Degree = '1D' | '2D';

export type SchoolKind = 'ecole' | 'college' | 'lycee';

/** A class or a group of one school. */
export interface Division {
  /** What links use: the class's code in the second degree, its numeric id in the first. */
  readonly code: string;
  readonly label: string;
  /** Levels of the programme (0 = petite section … 14 = terminale) found in it. */
  readonly levels: readonly number[];
  /** False when no school record lists it, so that only pupils' and teachers' values imply it. */
  readonly listed: boolean;
}

/** A group, with the subject taught in it and the classes it draws from. */
export interface Group extends Division {
  readonly subject: string;
  readonly classes: readonly string[];
}

export interface School {
  readonly degree: Degree;
  readonly kind: SchoolKind;
  /** ENTStructureJointure. */
  readonly key: string;
  readonly uai: string;
  /** Fourteen digits, in the attribute called SIREN. */
  readonly siret: string;
  readonly name: string;
  readonly contract: 'PU' | 'PR';
  readonly address: Address;
  readonly phone: string;
  readonly classes: readonly Division[];
  readonly groups: readonly Group[];
}

/** What every person carries. Days are dd/MM/yyyy; an absent value is the empty string. */
export interface Person {
  /** ENTPersonJointure. */
  readonly key: string;
  readonly birthDate: string;
  readonly birthName: string;
  readonly name: string;
  readonly givenName: string;
  readonly otherNames: readonly string[];
  readonly title: string;
}

/** One relative of a pupil, as ENTElevePersRelEleve says it. */
export interface RelativeLink {
  readonly key: string;
  /** Code of the tie (N_LIEN_ELEVE_RESPONSABLE, new codes): 10 mother, 20 father, 38 grandparent, 50 tutor… */
  readonly tie: string;
  /** `1` legal guardian, `2` person in charge, `0` contact only. */
  readonly legal: '0' | '1' | '2';
  readonly pays: boolean;
  readonly contact: boolean;
  readonly paid: boolean;
}

export interface Pupil extends Person {
  readonly ine: string;
  /** Id in the school's own database (ENTEleveStructRattachId). */
  readonly internalId: string;
  readonly school: School;
  readonly level: number;
  readonly division: Division;
  readonly groups: readonly Group[];
  readonly links: readonly RelativeLink[];
  /** Keys of the relatives who live with the pupil. */
  readonly livesWith: readonly string[];
  readonly address: Address;
  readonly phone: string;
  readonly mail: string;
  readonly scholarship: boolean;
  readonly transport: boolean;
  readonly regime: string;
  readonly enteredAt: string;
}

export interface Relative extends Person {
  readonly degree: Degree;
  readonly homePhone: string;
  readonly workPhone: string;
  readonly mobile: string;
  readonly mail: string;
  readonly address: Address;
  /** Whether the address may be given to parents' associations. */
  readonly shareAddress: boolean;
  /** Keys of the pupils of this degree. */
  readonly children: readonly string[];
}

/** The children that one household sends to school and the adults around them. */
export interface Family {
  readonly shape: 'together' | 'separated' | 'single' | 'tutor';
  readonly pupils: readonly Pupil[];
  readonly relatives: readonly Relative[];
}

export interface StaffFunction {
  readonly school: string;
  /** `ENS`, `DIR`, `EDU`… or `-` when there is none. */
  readonly code: string;
  readonly label: string;
  readonly post: string;
  readonly postLabel: string;
}

export interface Teaching {
  readonly school: string;
  readonly division: Division;
  readonly kind: 'class' | 'group';
  readonly subject: string;
}

export interface Staff extends Person {
  readonly degree: Degree;
  readonly mail: string;
  /** Key of the administrative school; empty for one in seven. */
  readonly school: string;
  readonly functions: readonly StaffFunction[];
  readonly teaching: readonly Teaching[];
  readonly headTeacherOf: readonly { readonly school: string; readonly division: Division }[];
  /** Keys of the schools directed. */
  readonly directs: readonly string[];
  readonly teacher: boolean;
}

/** A whole invented territory, produced as it is read: only the schools are held. */
export interface Population {
  readonly schools: readonly School[];
  families(): Iterable<Family>;
  staff(): Iterable<Staff>;
  /** Pupils that `families` will give, for progress. */
  readonly pupilCount: number;
}
