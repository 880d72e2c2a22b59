import { isUai } from '../aaf/values.ts';
import { parseDay } from '../csv/mapping.ts';
import { refuse } from '../errors.ts';
import type { Findings } from '../import/findings.ts';
import type {
  Roster,
  RosterDivision,
  RosterLink,
  RosterPerson,
  RosterRole,
  RosterSchool,
  RosterSubject,
} from '../roster/roster-record.ts';
import { buildSubject } from '../roster/roster-subject.ts';
import type { OneRosterRow, OneRosterRows, RosterFileName } from './files.ts';

export interface MappingOptions {
  /** UAI by the sourcedId of an org whose identifier is none. */
  readonly schools: ReadonlyMap<string, string>;
  /** `YYYY-MM-DD`: what is over by then, or has not begun, is left out. */
  readonly today: string;
  readonly findings: Findings;
}

// Roles of the specification (§4.13). Those of administration are given by people here, so they are not mapped.
const STAFF_ROLES: Readonly<Record<string, RosterRole>> = {
  teacher: 'teacher',
  principal: 'head',
  aide: 'staff',
  counselor: 'staff',
  siteAdministrator: 'staff',
};
const RELATIVE_ROLES: Readonly<Record<string, RosterLink['kind']>> = {
  parent: 'legal',
  guardian: 'legal',
  relative: 'contact',
};

interface UserRoles {
  readonly category: RosterPerson['category'];
  readonly schools: readonly string[];
  readonly staff: readonly { readonly school: string; readonly role: RosterRole }[];
  readonly link: RosterLink['kind'];
}

/** Turns the rows of a OneRoster feed into a roster; what is not mapped is counted by sourcedId. */
export function mapOneRoster(rows: OneRosterRows, options: MappingOptions): Roster {
  const { findings } = options;
  const schools = mapSchools(rows, options);
  const classes = mapClasses(rows, schools, options);
  const roles = mapRoles(rows, schools, options);
  const people = new Map<string, RosterPerson>();
  for (const [id, user] of file(rows, 'users')) {
    const own = roles.get(id);
    if (user['enabledUser'] === 'false') findings.add('user_disabled', id);
    else if (!own) findings.add('record_not_mapped', id);
    else if (!user['familyName']) findings.refuse('name_missing', id);
    else people.set(id, mapUser(id, user, own, file(rows, 'demographics').get(id), findings));
  }
  addEnrollments(rows, people, classes, options);
  addAgents(rows, people, roles, findings);
  return {
    schools: [...schools.values()],
    divisions: [...classes.values()].map(({ division }) => division),
    people: [...people.values()],
  };
}

const file = (rows: OneRosterRows, name: RosterFileName): ReadonlyMap<string, OneRosterRow> =>
  rows.get(name) ?? new Map();
const split = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
const isNow = (row: OneRosterRow, today: string): boolean =>
  (!row['beginDate'] || row['beginDate'] <= today) && (!row['endDate'] || row['endDate'] > today);

function mapSchools(rows: OneRosterRows, options: MappingOptions): ReadonlyMap<string, RosterSchool> {
  const schools = new Map<string, RosterSchool>();
  for (const [id, org] of file(rows, 'orgs')) {
    if (org['type'] !== 'school') continue;
    const uai = options.schools.get(id) ?? org['identifier'] ?? '';
    if (!isUai(uai)) {
      throw refuse(
        'feed_rows_invalid',
        422,
        `orgs.csv: the school ${id} has no UAI as its identifier. Give it with --schools: a JSON file { "${id}": "…" }.`,
        { school: id },
      );
    }
    const name = org['name']?.slice(0, 200);
    // Its key is the UAI: sourcedIds are longer than keys of schools.
    schools.set(id, { key: uai, uai, ...(name ? { name } : {}) });
  }
  return schools;
}

interface MappedClass {
  readonly division: RosterDivision;
  readonly subject?: RosterSubject;
  readonly over: boolean;
}

function mapClasses(
  rows: OneRosterRows,
  schools: ReadonlyMap<string, RosterSchool>,
  { findings, today }: MappingOptions,
): ReadonlyMap<string, MappedClass> {
  const classes = new Map<string, MappedClass>();
  for (const [id, row] of file(rows, 'classes')) {
    const school = schools.get(row['schoolSourcedId'] ?? '');
    if (!school || id.length > 64) {
      findings.add(school ? 'class_malformed' : 'school_unknown', id);
      continue;
    }
    const kind = row['classType'] === 'homeroom' ? 'class' : 'group';
    const name = row['title']?.slice(0, 200);
    const subject =
      kind === 'group' ? mapSubject(row, file(rows, 'courses').get(row['courseSourcedId'] ?? '')) : undefined;
    const terms = split(row['termSourcedIds']).map(
      (term) => file(rows, 'academicSessions').get(term)?.['endDate'] ?? '',
    );
    const over = terms.length > 0 && terms.every((end) => end !== '' && end <= today);
    const division = { school: school.key, kind, code: id, ...(name ? { name } : {}) } as const;
    classes.set(id, { division, over, ...(subject ? { subject } : {}) });
  }
  return classes;
}

function mapSubject(row: OneRosterRow, course: OneRosterRow | undefined): RosterSubject | undefined {
  const [code] = [...split(row['subjectCodes']), ...split(course?.['subjectCodes'])];
  const [name] = [
    ...split(row['subjects']),
    ...split(course?.['subjects']),
    ...(course?.['title'] ? [course['title']] : []),
  ];
  if (code && code.length <= 16) return { code, name: (name ?? code).slice(0, 200) };
  return name ? buildSubject(name.slice(0, 200)) : undefined;
}

function mapRoles(
  rows: OneRosterRows,
  schools: ReadonlyMap<string, RosterSchool>,
  { findings, today }: MappingOptions,
): ReadonlyMap<string, UserRoles> {
  const given = new Map<string, { role: string; school: string | undefined }[]>();
  for (const [id, row] of file(rows, 'roles')) {
    const role = row['role'] ?? '';
    if (!isNow(row, today)) continue;
    if (role !== 'student' && !(role in STAFF_ROLES) && !(role in RELATIVE_ROLES)) {
      findings.add('record_not_mapped', id);
      continue;
    }
    const user = row['userSourcedId'] ?? '';
    const list = given.get(user) ?? [];
    given.set(user, list);
    list.push({ role, school: schools.get(row['orgSourcedId'] ?? '')?.key });
  }
  const mapped = new Map<string, UserRoles>();
  for (const [user, list] of given) {
    const staff = list.flatMap(({ role, school }) =>
      school && role in STAFF_ROLES ? [{ school, role: STAFF_ROLES[role]! }] : [],
    );
    const pupil = list.some(({ role }) => role === 'student');
    const relative = list.filter(({ role }) => role in RELATIVE_ROLES);
    const category = pupil ? 'pupil' : staff.length > 0 ? 'staff' : 'relative';
    // A key is of one kind of person: who is staff and a parent needs a second user.
    if (category !== 'relative' && relative.length > 0) findings.add('record_not_mapped', user);
    if (category === 'relative' && relative.length === 0) continue;
    const link = relative.some(({ role }) => RELATIVE_ROLES[role] === 'legal') ? 'legal' : 'contact';
    mapped.set(user, {
      category,
      staff,
      link,
      schools: list.flatMap(({ school }) => (school ? [school] : [])),
    });
  }
  return mapped;
}

function mapUser(
  id: string,
  user: OneRosterRow,
  roles: UserRoles,
  demographics: OneRosterRow | undefined,
  findings: Findings,
): RosterPerson {
  const birth = demographics?.['birthDate'];
  const birthDate = birth ? parseDay(birth, 'yyyy-MM-dd') : undefined;
  if (birth && !birthDate) findings.add('birth_date_malformed', id);
  const [school] = roles.schools;
  if (roles.category === 'pupil' && !school) findings.add('pupil_without_school', id);
  return {
    key: id,
    category: roles.category,
    givenName: (user['preferredGivenName'] || user['givenName'] || '').slice(0, 100),
    familyName: (user['preferredFamilyName'] || user['familyName'] || '').slice(0, 100),
    ...(birthDate ? { birthDate } : {}),
    ...(school && roles.category !== 'relative' ? { school } : {}),
    memberOf: [],
    roles: roles.category === 'staff' ? roles.staff : [],
    teaches: [],
    headOf: [],
    children: [],
  };
}

function addEnrollments(
  rows: OneRosterRows,
  people: Map<string, RosterPerson>,
  classes: ReadonlyMap<string, MappedClass>,
  { findings, today }: MappingOptions,
): void {
  for (const [id, row] of file(rows, 'enrollments')) {
    const person = people.get(row['userSourcedId'] ?? '');
    const place = classes.get(row['classSourcedId'] ?? '');
    if (!isNow(row, today) || place?.over) continue;
    if (person && place && row['role'] === 'student' && person.category === 'pupil') {
      people.set(person.key, { ...person, memberOf: [...person.memberOf, place.division] });
    } else if (person && place && row['role'] === 'teacher' && person.category === 'staff') {
      const { division, subject } = place;
      const heads = division.kind === 'class' && row['primary'] === 'true';
      people.set(person.key, {
        ...person,
        teaches: [...person.teaches, subject ? { division, subject } : { division }],
        headOf: heads ? [...person.headOf, division] : person.headOf,
      });
    } else {
      findings.add('record_not_mapped', id);
    }
  }
}

function addAgents(
  rows: OneRosterRows,
  people: Map<string, RosterPerson>,
  roles: ReadonlyMap<string, UserRoles>,
  findings: Findings,
): void {
  for (const [id, user] of file(rows, 'users')) {
    if (people.get(id)?.category !== 'pupil') continue;
    for (const agent of split(user['agentSourcedIds'])) {
      const adult = people.get(agent);
      if (adult?.category !== 'relative') findings.add('link_to_missing_relative', id);
      else
        people.set(agent, {
          ...adult,
          children: [...adult.children, { child: id, kind: roles.get(agent)!.link }],
        });
    }
  }
}
