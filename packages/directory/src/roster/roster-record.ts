/** A school of a feed that is not AAF. */
export interface RosterSchool {
  /** What the feed calls it: 1 to 32 characters. */
  readonly key: string;
  readonly uai: string;
  /** Needed for a school that is not known here; for another, what is left out stays as it is. */
  readonly name?: string;
  readonly kind?: 'primary' | 'college' | 'lycee' | 'other';
  readonly degree?: '1D' | '2D';
  /** BCP 47. */
  readonly language?: string;
  /** IANA. */
  readonly timeZone?: string;
}

/** A class or group, with the school whose it is. */
export interface RosterDivision {
  /** Key of the school. */
  readonly school: string;
  readonly kind: 'class' | 'group';
  readonly code: string;
  readonly name?: string;
}

/** Roles of staff that a feed may give. Administration, data protection and security are given by people. */
export const ROSTER_ROLES = ['teacher', 'librarian', 'head', 'cpe', 'aed', 'staff'] as const;
export type RosterRole = (typeof ROSTER_ROLES)[number];

/** A person of a feed that is not AAF: what both formats come down to before they are staged. */
export interface RosterPerson {
  readonly key: string;
  readonly category: 'pupil' | 'relative' | 'staff';
  readonly givenName: string;
  readonly familyName: string;
  /** `YYYY-MM-DD`. */
  readonly birthDate?: string;
  /** A pupil's school, or where an agent is administered. */
  readonly school?: string;
  /** A pupil's classes and groups. */
  readonly memberOf: readonly RosterDivision[];
  readonly roles: readonly { readonly school: string; readonly role: RosterRole }[];
  readonly teaches: readonly { readonly division: RosterDivision; readonly subject?: RosterSubject }[];
  readonly headOf: readonly RosterDivision[];
  readonly children: readonly RosterLink[];
}

export interface RosterSubject {
  /** 1 to 16 characters. */
  readonly code: string;
  readonly name: string;
}

export interface RosterLink {
  readonly child: string;
  readonly kind: 'legal' | 'in_charge' | 'contact';
  /** BCN N_LIEN_ELEVE_RESPONSABLE, present list. */
  readonly relation?: string;
}

/** Everything that a feed says. */
export interface Roster {
  readonly schools: readonly RosterSchool[];
  readonly divisions: readonly RosterDivision[];
  readonly people: readonly RosterPerson[];
}

/** The form of keys: they stand in reports, so an e-mail address or a name with spaces is none. */
export const ROSTER_KEY = /^[A-Za-z0-9._:{}/-]{1,128}$/;
