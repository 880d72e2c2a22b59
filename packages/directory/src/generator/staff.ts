import { drawDay } from './identifiers.ts';
import type { School, Staff, StaffFunction, Teaching } from './model.ts';
import { drawGivenName, drawSurname, mailboxName } from './names.ts';
import { subjectLabel } from './programme.ts';
import type { Random, RandomFamily } from './random.ts';
import { chargeTeachers } from './service.ts';
import { STREAM } from './streams.ts';

const FIRST_STAFF = 100_000;

const FUNCTIONS: Readonly<Record<string, readonly [string, string, string, string]>> = {
  head: ['DIR', 'DIRECTION', 'D0010', "CHEF D'ETABLISSEMENT"],
  deputy: ['DIR', 'DIRECTION', 'D0011', 'ADJOINT'],
  cpe: ['EDU', 'EDUCATION', 'E0030', "CONSEILLER PRINCIPAL D'EDUCATION"],
  aed: ['AED', "ASSISTANT D'EDUCATION", 'S0054', "ASSISTANT D'EDUCATION"],
  librarian: ['DOC', 'DOCUMENTATION', 'L0080', 'DOCUMENTATION'],
  counsellor: ['ORI', 'ORIENTATION', 'O0040', "PSYCHOLOGUE DE L'EN"],
  bursar: ['ADF', 'PERSONNELS ADMINISTRATIFS', 'A0020', 'GESTIONNAIRE'],
  none: ['-', 'SANS OBJET', '', ''],
  primaryHead: ['DEC', "DIRECTION D'ECOLE", 'G0108', "DIRECTEUR D'ECOLE"],
  primaryTeacher: ['ENS', 'ENSEIGNEMENT', 'G0101', 'ENSEIGNANT CLASSE ELEMENTAIRE'],
  helper: ['AES', 'ACCOMPAGNEMENT DES ELEVES EN SITUATION DE HANDICAP', '', ''],
};

/** The function of `post` (a key of the list above) in a school. */
function buildFunction(school: string, post: string): StaffFunction {
  const [code, label, postCode, postLabel] = FUNCTIONS[post]!;
  return { school, code, label, post: postCode, postLabel };
}

function drawStaff(
  random: Random,
  key: number,
  schoolYear: number,
): Omit<Staff, 'degree' | 'school' | 'functions'> {
  const gender = random.chance(0.62) ? 'F' : 'M';
  const givenName = drawGivenName(random, gender);
  const birthName = drawSurname(random);
  const name = gender === 'F' && random.chance(0.35) ? drawSurname(random) : birthName;
  return {
    key: String(FIRST_STAFF + key),
    birthDate: drawDay(random, schoolYear - 26 - random.below(38)),
    birthName,
    name,
    givenName,
    otherNames: random.chance(0.3) ? [drawGivenName(random, gender)] : [],
    title: gender === 'F' ? 'Mme' : 'M.',
    // An academy's mailboxes are numbered where names repeat; the key does it without remembering names.
    mail: `${mailboxName(givenName, name)}${key}@ac-99.example`,
    teaching: [],
    headTeacherOf: [],
    directs: [],
    teacher: false,
  };
}

/** Gives the whole staff, school after school; holds one school's at a time. */
export function* walkStaff(
  schools: readonly School[],
  randoms: RandomFamily,
  schoolYear: number,
): Generator<Staff, void, undefined> {
  let key = 0;
  for (const [index, school] of schools.entries()) {
    const random = randoms.at(STREAM.staff, index);
    const person = () => drawStaff(random, (key += 1), schoolYear);
    const post = (name: string, extra: Partial<Staff> = {}): Staff => ({
      ...person(),
      degree: school.degree,
      school: school.key,
      functions: [buildFunction(school.key, name)],
      ...extra,
    });
    if (school.degree === '1D') {
      yield* walkPrimary(school, post);
      continue;
    }
    const partner = nextCollege(schools, index);
    yield post('head', { directs: [school.key] });
    if (school.classes.length >= 12) yield post('deputy');
    for (let n = 0; n < Math.ceil(school.classes.length / 12); n += 1) yield post('cpe');
    for (let n = 0; n < Math.ceil(school.classes.length / 5); n += 1) yield post('aed');
    yield post('librarian', { teacher: true });
    yield post('counsellor', { school: '' });
    yield post('bursar');
    yield post('none', { school: random.chance(0.5) ? '' : school.key });
    for (const charge of chargeTeachers(school, partner)) {
      const places = [...new Set(charge.teaching.map((teaching) => teaching.school))];
      yield post('none', {
        school: random.chance(0.14) ? '' : school.key,
        functions: places.map((place) => teacherFunction(place, charge.teaching[0]!)),
        teaching: charge.teaching,
        headTeacherOf: charge.headTeacherOf,
        teacher: true,
      });
    }
  }
}

function teacherFunction(school: string, { subject }: Teaching): StaffFunction {
  return {
    school,
    code: 'ENS',
    label: 'ENSEIGNEMENT',
    post: `L${subject.slice(0, 4)}`,
    postLabel: subjectLabel(subject),
  };
}

function* walkPrimary(
  school: School,
  post: (name: string, extra?: Partial<Staff>) => Staff,
): Generator<Staff, void, undefined> {
  for (const [number, division] of school.classes.entries()) {
    const teaching: Teaching[] = [{ school: school.key, division, kind: 'class', subject: '' }];
    const head = number === 0;
    yield post(head ? 'primaryHead' : 'primaryTeacher', {
      teaching,
      directs: head ? [school.key] : [],
      functions: head
        ? [buildFunction(school.key, 'primaryHead'), buildFunction(school.key, 'primaryTeacher')]
        : [buildFunction(school.key, 'primaryTeacher')],
      teacher: true,
    });
  }
  yield post('helper', { school: '' });
}

/** Collèges go by pairs: the first of a pair shares its music teacher with the second. */
function nextCollege(schools: readonly School[], index: number): School | 'served' | undefined {
  const colleges = schools.filter((school) => school.kind === 'college');
  const rank = colleges.indexOf(schools[index]!);
  if (rank === -1) return undefined;
  return rank % 2 === 1 ? 'served' : colleges[rank + 1];
}
