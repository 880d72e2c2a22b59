/** The files that are read, and their columns (OneRoster 1.2 CSV §4); what else there is, is left alone. */
export const ROSTER_FILES = {
  academicSessions: ['endDate'],
  orgs: ['name', 'type', 'identifier'],
  courses: ['title', 'subjects', 'subjectCodes'],
  classes: [
    'title',
    'classType',
    'courseSourcedId',
    'schoolSourcedId',
    'termSourcedIds',
    'subjects',
    'subjectCodes',
  ],
  users: ['enabledUser', 'givenName', 'familyName', 'agentSourcedIds'],
  roles: ['userSourcedId', 'role', 'orgSourcedId'],
  enrollments: ['classSourcedId', 'userSourcedId', 'role'],
  demographics: ['birthDate'],
} as const;
export type RosterFileName = keyof typeof ROSTER_FILES;

/** Columns that are read where they are there. */
export const OPTIONAL_COLUMNS: Readonly<Partial<Record<RosterFileName, readonly string[]>>> = {
  users: ['preferredGivenName', 'preferredFamilyName'],
  roles: ['beginDate', 'endDate'],
  enrollments: ['primary', 'beginDate', 'endDate'],
};

/** Without these there is no roster. */
export const NEEDED_FILES: readonly RosterFileName[] = ['orgs', 'classes', 'users', 'roles', 'enrollments'];

/** Columns that are not kept for the next delta: people have them. */
export const NOT_KEPT: ReadonlySet<string> = new Set([
  'givenName',
  'familyName',
  'preferredGivenName',
  'preferredFamilyName',
  'birthDate',
]);

const OTHER_FILES =
  'manifest categories classResources courseResources lineItems lineItemLearningObjectiveIds lineItemScoreScales results resultLearningObjectiveIds resultScoreScales resources scoreScales userProfiles userResources'.split(
    ' ',
  );

/** True for a name of the specification, used here or not. */
export function isOneRosterFile(name: string): boolean {
  const [base] = name.split(/\.csv$/i);
  return [...Object.keys(ROSTER_FILES), ...OTHER_FILES].some((each) => each === base);
}

/** A row by its columns, under its sourcedId. */
export type OneRosterRow = Readonly<Record<string, string>>;
/** All rows of a feed, by file and sourcedId. */
export type OneRosterRows = ReadonlyMap<RosterFileName, ReadonlyMap<string, OneRosterRow>>;
