import { isUai } from '../aaf/values.ts';
import {
  ROSTER_KEY,
  ROSTER_ROLES,
  type Roster,
  type RosterDivision,
  type RosterLink,
  type RosterPerson,
  type RosterRole,
  type RosterSchool,
} from '../roster/roster-record.ts';
import { buildSubject } from '../roster/roster-subject.ts';
import type { CsvFieldName } from './fields.ts';
import { parseDay, type CsvMapping } from './mapping.ts';
import type { CsvRow } from './read-rows.ts';

const CATEGORIES: Readonly<Record<string, RosterPerson['category']>> = {
  pupil: 'pupil',
  guardian: 'relative',
  staff: 'staff',
};
const MAX_NAME = 100;
const MAX_CODE = 64;

/** Turns rows into a roster; what is wrong is noted on the row. Rows may come in any order. */
export function mapRows(rows: readonly CsvRow[], mapping: CsvMapping): Roster {
  const schools = new Map<string, RosterSchool>();
  const people = new Map<string, RosterPerson>();
  const lines = new Map<string, number>();
  for (const row of rows) {
    const school = row.get('type') === 'school';
    const key = row.get('key');
    const first = lines.get(key);
    if (first !== undefined) row.wrong('key', `line ${first} has this key already. Keep one of them.`);
    lines.set(key, row.line);
    if (school) {
      schools.set(key, mapSchool(row));
      continue;
    }
    const person = mapPerson(row, mapping);
    if (!person) continue;
    people.set(key, person);
    for (const uai of schoolsOf(row)) if (!schools.has(uai)) schools.set(uai, { key: uai, uai });
  }
  for (const row of rows) checkChildren(row, people);
  return { schools: [...schools.values()], divisions: [], people: [...people.values()] };
}

function mapSchool(row: CsvRow): RosterSchool {
  const uai = row.get('key');
  if (!isUai(uai)) row.wrong('key', 'write the school’s UAI: seven digits and their letter.');
  const name = row.get('family_name');
  if (name === '' || name.length > 200)
    row.wrong('family_name', 'write the school’s name, at most 200 characters.');
  const kind = choose(row, 'kind', ['primary', 'college', 'lycee', 'other'] as const);
  const degree = choose(row, 'degree', ['1D', '2D'] as const);
  const language = row.get('language');
  const timeZone = row.get('time_zone');
  if (language && !/^[a-z]{2}(-[A-Z]{2})?$/.test(language))
    row.wrong('language', 'write it like fr or en-GB.');
  if (timeZone && !isTimeZone(timeZone)) row.wrong('time_zone', 'write it like Europe/Paris.');
  return {
    key: uai,
    uai,
    name,
    ...(kind ? { kind } : {}),
    ...(degree ? { degree } : {}),
    ...(language ? { language } : {}),
    ...(timeZone ? { timeZone } : {}),
  };
}

function isTimeZone(name: string): boolean {
  try {
    return name.length <= 64 && new Intl.DateTimeFormat('en', { timeZone: name }).format() !== '';
  } catch {
    return false;
  }
}

function choose<T extends string>(row: CsvRow, field: CsvFieldName, allowed: readonly T[]): T | undefined {
  const value = row.get(field);
  if (value === '') return undefined;
  const found = allowed.find((each) => each === value);
  if (!found) row.wrong(field, `write one of ${allowed.join(', ')}.`);
  return found;
}

const schoolsOf = (row: CsvRow): readonly string[] => row.list('school').filter(isUai);

function mapPerson(row: CsvRow, mapping: CsvMapping): RosterPerson | undefined {
  const category = CATEGORIES[row.get('type')];
  if (!category) {
    row.wrong('type', 'write school, pupil, guardian or staff.');
    return undefined;
  }
  const key = row.get('key');
  if (!ROSTER_KEY.test(key)) {
    row.wrong(
      'key',
      'write 1 to 128 letters, digits or . _ : / { } -, and no e-mail address: keys stand in reports.',
    );
  }
  const familyName = row.get('family_name');
  const givenName = row.get('given_name');
  if (familyName === '') row.wrong('family_name', 'write the family name.');
  for (const field of ['family_name', 'given_name'] as const) {
    if (row.get(field).length > MAX_NAME) row.wrong(field, 'write at most 100 characters.');
  }
  const birth = row.get('birth_date');
  const birthDate = birth === '' ? undefined : parseDay(birth, mapping.date);
  if (birth !== '' && !birthDate) row.wrong('birth_date', `write a day of the calendar as ${mapping.date}.`);
  const schools = mapSchools(row, category);
  return {
    key,
    category,
    givenName,
    familyName,
    ...(birthDate ? { birthDate } : {}),
    ...(schools[0] && category !== 'relative' ? { school: schools[0] } : {}),
    memberOf: category === 'pupil' ? mapMemberships(row, schools) : [],
    roles: category === 'staff' ? mapRoles(row, schools) : [],
    teaches: category === 'staff' ? mapTeaching(row, schools) : [],
    headOf:
      category === 'staff'
        ? row
            .list('head_teacher_of')
            .flatMap((text) => mapDivision(row, 'head_teacher_of', `class:${text}`, schools))
        : [],
    children: category === 'relative' ? mapChildren(row) : [],
  };
}

function mapSchools(row: CsvRow, category: RosterPerson['category']): readonly string[] {
  const texts = row.list('school');
  if (category === 'relative') return [];
  if (texts.some((text) => !isUai(text)))
    row.wrong('school', 'write the UAI: seven digits and their letter.');
  if (texts.length === 0) row.wrong('school', 'write the UAI of the school.');
  if (category === 'pupil' && texts.length > 1)
    row.wrong('school', 'a pupil is in one school. Write one UAI.');
  return texts.filter(isUai);
}

/** `[UAI/][class:|group:]CODE`. */
function mapDivision(
  row: CsvRow,
  field: CsvFieldName,
  text: string,
  schools: readonly string[],
): readonly RosterDivision[] {
  const match = /^(?:(class|group):)?(?:(\d{7}[A-Z])\/)?(.+)$/.exec(text);
  const [, kind = 'class', uai, code = ''] = match ?? [];
  const school = uai ?? (schools.length === 1 ? schools[0] : undefined);
  if (!school || !schools.includes(school)) {
    row.wrong(field, 'write UAI/CODE, the UAI being one of those of this row.');
    return [];
  }
  if (code === '' || code.length > MAX_CODE) {
    row.wrong(field, 'a code has 1 to 64 characters.');
    return [];
  }
  return [{ school, kind: kind as 'class' | 'group', code }];
}

function mapMemberships(row: CsvRow, schools: readonly string[]): readonly RosterDivision[] {
  return [
    ...row.list('classes').flatMap((text) => mapDivision(row, 'classes', `class:${text}`, schools)),
    ...row.list('groups').flatMap((text) => mapDivision(row, 'groups', `group:${text}`, schools)),
  ];
}

function mapRoles(row: CsvRow, schools: readonly string[]): RosterPerson['roles'] {
  const texts = row.list('roles');
  const roles = texts.flatMap((text) => {
    const role = ROSTER_ROLES.find((each) => each === text);
    if (!role) {
      row.wrong(
        'roles',
        `write one of ${ROSTER_ROLES.join(', ')}. Roles of administration are given by people, not by a file.`,
      );
    }
    return role ? [role] : [];
  });
  const given: readonly RosterRole[] = texts.length === 0 ? ['staff'] : roles;
  return schools.flatMap((school) => given.map((role) => ({ school, role })));
}

function mapTeaching(row: CsvRow, schools: readonly string[]): RosterPerson['teaches'] {
  return row.list('teaches').flatMap((text) => {
    const cut = text.indexOf('=');
    const subject = cut < 0 ? '' : text.slice(cut + 1).trim();
    const place = (cut < 0 ? text : text.slice(0, cut)).trim();
    if (subject.length > 200) row.wrong('teaches', 'a subject has at most 200 characters.');
    return mapDivision(row, 'teaches', place, schools).map((division) =>
      subject ? { division, subject: buildSubject(subject.slice(0, 200)) } : { division },
    );
  });
}

const LINKS = ['legal', 'in_charge', 'contact'] as const;
// BCN N_LIEN_ELEVE_RESPONSABLE, present list.
const RELATIONS: Readonly<Record<string, string>> = {
  mother: '10',
  father: '20',
  tutor: '50',
  family: '39',
  other: '90',
};

function mapChildren(row: CsvRow): readonly RosterLink[] {
  const texts = row.list('children');
  if (texts.length === 0) row.wrong('children', 'write the key of a child and what ties them: KEY=legal.');
  return texts.flatMap((text) => {
    const match = /^(.+)=([a-z_]+)(?:\/([a-z]+))?$/.exec(text);
    const kind = LINKS.find((each) => each === match?.[2]);
    const relation = match?.[3] === undefined ? undefined : RELATIONS[match[3]];
    if (!match || !kind || (match[3] !== undefined && !relation)) {
      row.wrong(
        'children',
        `write KEY=${LINKS.join(', KEY=')}, and /${Object.keys(RELATIONS).join(', /')} after it or nothing.`,
      );
      return [];
    }
    return [{ child: match[1]!, kind, ...(relation ? { relation } : {}) }];
  });
}

function checkChildren(row: CsvRow, people: ReadonlyMap<string, RosterPerson>): void {
  const person = people.get(row.get('key'));
  for (const { child } of person?.category === 'relative' ? person.children : []) {
    if (people.get(child)?.category !== 'pupil') {
      row.wrong('children', 'no row of type pupil has this key. Add the pupil, or take the key away.');
    }
  }
}
