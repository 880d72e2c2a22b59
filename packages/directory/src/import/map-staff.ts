import type { FeedRecord } from '../aaf/read-file.ts';
import { parseSchoolCode, roleOfFunction } from '../aaf/values.ts';
import { FIRST_DEGREE_DIVISIONS, mapFirstDegreeDivision } from './map-pupil.ts';
import { all, first, mapPerson, type Mapping } from './map-person.ts';

const MAX_DIRECTED = 50;

/** Stages a member of the staff, their functions by school, and what they teach. */
export function mapStaff(record: FeedRecord, mapping: Mapping): void {
  const school = first(record, 'ENTPersonStructRattach');
  const mail = (first(record, 'mail') ?? first(record, 'ENTPersonMail'))?.toLowerCase();
  const usableMail = mail?.includes('@') && mail.length <= 254 ? mail : undefined;
  const functions = readFunctions(record, mapping);
  const teaches = isTeacher(
    record,
    functions.map(({ code }) => code),
  );
  const directed = all(record, 'ENTEnsFonctionDir').filter((where) => /^\d{1,32}$/.test(where));
  const directs = directed.slice(0, MAX_DIRECTED).join(' ');
  const person = {
    teaches,
    ...(school ? { school } : {}),
    ...(usableMail ? { mail: usableMail } : {}),
    ...(directs ? { directs } : {}),
  };
  if (!mapPerson(record, { category: 'staff', ...person }, mapping)) return;

  const roles = new Map<string, string | undefined>();
  const give = (where: string, role: string, code?: string) => {
    const key = `${where}\t${role}`;
    if (!roles.has(key)) roles.set(key, code);
  };
  for (const { school: where, code } of functions) give(where, chooseRole(code, teaches), code);
  // Without a code: what ENTPersonFonctions says and what this attribute says must be told apart in a delta.
  for (const where of directed.slice(0, MAX_DIRECTED)) give(where, 'head');
  for (const where of mapTeaching(record, mapping)) give(where, 'teacher');
  for (const where of mapHeadships(record, mapping)) give(where, 'head_teacher');
  if (school && ![...roles.keys()].some((key) => key.startsWith(`${school}\t`))) {
    give(school, teaches ? 'teacher' : 'staff');
  }
  for (const [key, code] of roles) {
    const [where, role] = key.split('\t');
    mapping.staging.add('roles', record.id, where, role, code);
  }
}

/** ENTPersonFonctions: `struct$code$libellé$codeDiscipline$libelléDiscipline`. */
function readFunctions(record: FeedRecord, mapping: Mapping): { school: string; code: string }[] {
  const functions: { school: string; code: string }[] = [];
  for (const value of all(record, 'ENTPersonFonctions')) {
    const parts = value.split('$');
    const [school, code] = parts;
    if (parts.length !== 5 || !school || !code || code.length > 16) {
      mapping.findings.add('function_malformed', record.id);
      continue;
    }
    if (!roleOfFunction(code)) mapping.findings.add('function_unknown', record.id);
    functions.push({ school, code });
  }
  return functions;
}

function isTeacher(record: FeedRecord, codes: readonly string[]): boolean {
  const category = first(record, 'ENTPersonCategorieEnseignant');
  if (category) return category === 'O';
  return (
    first(record, 'PersEducNatPresenceDevantEleves') === 'O' || codes.includes('ENS') || codes.includes('DOC')
  );
}

/** A function of no list, or of none, is read from what the feed says of teaching. */
function chooseRole(code: string, teaches: boolean): string {
  const role = roleOfFunction(code);
  if (role === 'teacher') return teaches ? 'teacher' : 'staff';
  if (role === undefined || code === '-') return teaches ? 'teacher' : 'staff';
  return role;
}

const WITH_SUBJECT = [
  ['ENTAuxEnsClassesMatieres', 'class'],
  ['ENTAuxEnsGroupesMatieres', 'group'],
] as const;
const WITHOUT_SUBJECT = [
  ['ENTAuxEnsClasses', 'class'],
  ['ENTAuxEnsGroupes', 'group'],
] as const;

/** Stages classes and groups taught; gives the schools where they are. */
function mapTeaching(record: FeedRecord, mapping: Mapping): Set<string> {
  const schools = new Set<string>();
  const { findings, staging } = mapping;
  let withSubject = false;
  for (const [attribute, kind] of WITH_SUBJECT) {
    for (const value of all(record, attribute)) {
      withSubject = true;
      // The subject is the last part: a code of a class may hold a `$`.
      const cut = value.lastIndexOf('$');
      const place = parseSchoolCode(value.slice(0, cut));
      const subject = value.slice(cut + 1);
      if (cut < 0 || !place || place.code.length > 64 || !/^\w{1,16}$/.test(subject)) {
        findings.add('teaching_malformed', record.id);
        continue;
      }
      staging.add('teaching', record.id, place.school, kind, place.code, subject);
      schools.add(place.school);
    }
  }
  for (const [attribute, kind] of withSubject ? [] : WITHOUT_SUBJECT) {
    for (const value of all(record, attribute)) {
      const place = parseSchoolCode(value);
      if (!place || place.code.length > 64) {
        findings.add('teaching_malformed', record.id);
        continue;
      }
      staging.add('teaching', record.id, place.school, kind, place.code, undefined);
      schools.add(place.school);
    }
  }
  for (const [attribute, kind] of FIRST_DEGREE_DIVISIONS) {
    for (const value of all(record, attribute)) {
      const place = mapFirstDegreeDivision(record.id, value, kind, mapping);
      if (!place) continue;
      staging.add('teaching', record.id, place.school, kind, place.code, undefined);
      schools.add(place.school);
    }
  }
  return schools;
}

/** Stages the classes of which the person is head teacher; gives the schools where they are. */
function mapHeadships(record: FeedRecord, mapping: Mapping): Set<string> {
  const schools = new Set<string>();
  for (const value of all(record, 'ENTAuxEnsClassesPrincipal')) {
    const place = parseSchoolCode(value);
    if (!place || place.code.length > 64) {
      mapping.findings.add('teaching_malformed', record.id);
      continue;
    }
    mapping.staging.add('heads', record.id, place.school, place.code);
    schools.add(place.school);
  }
  return schools;
}
