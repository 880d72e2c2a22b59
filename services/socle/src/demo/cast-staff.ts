import { invariant } from '@socle/base';
import type { InventedStaff } from '@socle/directory';
import { KEY, SCHOOL_KEY } from './cast-keys.ts';

const CLASS = '4A';
const MATHS = '061300';
const FRENCH = '020700';

/** One demo person of the staff: whom of the crowd they stand for. */
interface StaffCast {
  readonly key: string;
  readonly title: 'M.' | 'Mme';
  readonly givenName: string;
  readonly name: string;
  readonly mail: string;
  plays(staff: InventedStaff): boolean;
}

const holds = (staff: InventedStaff, school: string, post: string) =>
  staff.functions.some((held) => held.school === school && held.post === post);

const teaches = (staff: InventedStaff, school: string, division: string, subject: string) =>
  staff.teaching.some(
    (teaching) =>
      teaching.school === school &&
      teaching.kind === 'class' &&
      teaching.subject === subject &&
      (teaching.division.code === division || teaching.division.label === division),
  );

const CAST: readonly StaffCast[] = [
  {
    key: KEY.raphaelle,
    title: 'Mme',
    givenName: 'Raphaëlle',
    name: 'Noailles',
    mail: 'raphaelle.noailles@ac-99.example',
    plays: (staff) => teaches(staff, SCHOOL_KEY.college, CLASS, MATHS),
  },
  {
    key: KEY.gregoire,
    title: 'M.',
    givenName: 'Grégoire',
    name: 'Pélissier',
    mail: 'gregoire.pelissier@ac-99.example',
    plays: (staff) => teaches(staff, SCHOOL_KEY.college, CLASS, FRENCH),
  },
  {
    key: KEY.aicha,
    title: 'Mme',
    givenName: 'Aïcha',
    name: 'Benchikh',
    mail: 'aicha.benchikh@ac-99.example',
    plays: (staff) => holds(staff, SCHOOL_KEY.college, 'E0030'),
  },
  {
    key: KEY.timothee,
    title: 'M.',
    givenName: 'Timothée',
    name: 'Échard',
    mail: 'timothee.echard@ac-99.example',
    plays: (staff) => holds(staff, SCHOOL_KEY.college, 'S0054'),
  },
  {
    key: KEY.francoise,
    title: 'Mme',
    givenName: 'Françoise',
    name: 'Château-Gaillard',
    mail: 'francoise.chateau-gaillard@ac-99.example',
    plays: (staff) => holds(staff, SCHOOL_KEY.college, 'D0010'),
  },
  {
    key: KEY.joel,
    title: 'M.',
    givenName: 'Joël',
    name: "d'Hauterive",
    mail: 'joel.d-hauterive@ac-99.example',
    plays: (staff) => teaches(staff, SCHOOL_KEY.primary, 'CE1 A', ''),
  },
  {
    key: KEY.ophelie,
    title: 'Mme',
    givenName: 'Ophélie',
    name: 'Le Bihan',
    mail: 'ophelie.le-bihan@ac-99.example',
    plays: (staff) => holds(staff, SCHOOL_KEY.college, 'L0080'),
  },
];

/**
 * The crowd's staff with the demo people in place of those whose work they do. The fourth class A has the French
 * teacher as head teacher, and nobody else.
 */
export function* castStaff(crowd: Iterable<InventedStaff>): Generator<InventedStaff, void, undefined> {
  const free = new Set(CAST);
  for (const staff of crowd) {
    const headTeacherOf = staff.headTeacherOf.filter(
      ({ school, division }) => school !== SCHOOL_KEY.college || division.code !== CLASS,
    );
    const role = [...free].find((candidate) => candidate.plays(staff));
    if (!role) {
      yield { ...staff, headTeacherOf };
      continue;
    }
    free.delete(role);
    const { key, title, givenName, name, mail } = role;
    const lead = staff.teaching.find(
      ({ school, division }) => school === SCHOOL_KEY.college && division.code === CLASS,
    );
    yield {
      ...staff,
      key,
      title,
      givenName,
      name,
      mail,
      birthName: name,
      otherNames: [],
      school: staff.functions[0]!.school,
      // The demo's teacher is a teacher and nothing else; the head teacher leads this class and no other.
      headTeacherOf: key === KEY.gregoire && lead ? [{ school: lead.school, division: lead.division }] : [],
    };
  }
  invariant(free.size === 0, 'the demo plan lacks a post that a demo person holds');
}
