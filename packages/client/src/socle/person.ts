/** A class or group, as the directory names it. */
export interface Division {
  readonly id: string;
  readonly name: string;
  /** `class` or `group`. */
  readonly kind: string;
  /** Id of its school. */
  readonly school: string;
}

/** A taught subject. */
export interface Subject {
  readonly id: string;
  readonly name: string;
}

/** A person as the socle shows them to this module: identifiers are pairwise subjects of this module. */
export interface DirectoryPerson {
  readonly person: {
    readonly sub: string;
    readonly givenName: string;
    readonly familyName: string;
    readonly displayName: string;
  };
  /** Roles now in force, each with the id of its school (or academy, or region). */
  readonly roles: readonly { readonly role: string; readonly school: string }[];
  readonly schools: readonly { readonly id: string; readonly name: string; readonly uai: string }[];
  readonly teaches: readonly { readonly division: Division; readonly subject: Subject }[];
  readonly memberOf: readonly Division[];
  readonly headTeacherOf: readonly Division[];
  /** The children of a guardian; none for a guardian without authority. */
  readonly children: readonly {
    readonly sub: string;
    readonly displayName: string;
    readonly divisions: readonly Division[];
    readonly school: string;
  }[];
}

/** The pupils of a class or group. */
export interface DivisionMembers {
  readonly division: Division;
  /** In the order of `sortName`. */
  readonly pupils: readonly {
    readonly sub: string;
    readonly displayName: string;
    readonly sortName: string;
  }[];
}
