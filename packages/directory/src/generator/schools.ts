import { buildUai } from './identifiers.ts';
import type { Division, Group, School, SchoolKind } from './model.ts';
import { drawPhone, drawStreet, SCHOOL_NAMES, TOWNS } from './places.ts';
import type { SchoolPlan, TerritoryPlan } from './plan.ts';
import { LEVELS } from './programme.ts';
import type { RandomFamily } from './random.ts';
import { STREAM } from './streams.ts';

const FIRST_UAI = 990_001;
const FIRST_KEY = 101;

const KIND_LABEL: Readonly<Record<SchoolKind, string>> = { ecole: 'E.E.PU', college: 'CLG', lycee: 'LYC' };

/** Group codes begin with the level and hold the subject's short name. */
const GROUP_NAMES: Readonly<Record<string, string>> = {
  '030602': 'ESP',
  '030102': 'ALL',
  '030702': 'ITA',
  '020300': 'LAT',
  '0613A0': 'MATHS',
  '0623A0': 'PHYCH',
  '0629A0': 'SVT',
  '0437A0': 'HGGSP',
  '0411A0': 'SES',
  '0207A0': 'HLP',
  '0037A0': 'NSI',
};

function buildClasses(plan: SchoolPlan, schoolIndex: number): Division[] {
  let number = 0;
  return plan.classes.flatMap(({ levels, count }) =>
    Array.from({ length: count }, (_, index): Division => {
      const letter = index < 26 ? String.fromCharCode(65 + index) : `Z${index - 25}`;
      const name = levels.map((level) => LEVELS[level]!.short).join('-');
      number += 1;
      const label = plan.kind === 'ecole' ? `${name} ${letter}` : `${LEVELS[levels[0]!]!.label} ${letter}`;
      const code = plan.kind === 'ecole' ? String(schoolIndex * 100 + number) : `${name}${letter}`;
      return { code, label, levels, listed: plan.kind !== 'ecole' };
    }),
  );
}

function buildGroups(classes: readonly Division[], pupilsPerClass: number): Group[] {
  const groups: Group[] = [];
  LEVELS.forEach((level, index) => {
    const drawn = classes.filter((division) => division.levels.includes(index));
    for (const [subject, share] of drawn.length > 0 ? level.options : []) {
      const count = Math.max(1, Math.round((drawn.length * pupilsPerClass * share) / 28));
      for (let n = 1; n <= count; n += 1)
        groups.push({
          code: `${level.short}${GROUP_NAMES[subject] ?? subject}${n}`,
          label: `${GROUP_NAMES[subject] ?? subject} ${level.label} GR ${n}`,
          levels: [index],
          subject,
          classes: drawn.map((division) => division.code),
          // Latin groups are left out of the school's record, as happens: importers meet them in people.
          listed: subject !== '020300',
        });
    }
  });
  return groups;
}

/** All the schools of a plan, with their classes and groups. */
export function buildSchools(plan: TerritoryPlan, randoms: RandomFamily): School[] {
  const classCount = plan.schools.reduce(
    (sum, school) => sum + school.classes.reduce((count, entry) => count + entry.count, 0),
    0,
  );
  const pupilsPerClass = plan.pupils / Math.max(1, classCount);
  return plan.schools.map((school, index) => {
    const random = randoms.at(STREAM.school, index);
    const town = TOWNS[index % TOWNS.length]!;
    const classes = buildClasses(school, index + 1);
    const round = Math.floor(index / SCHOOL_NAMES.length);
    const name = school.name ?? `${random.pick(SCHOOL_NAMES)}${round === 0 ? '' : ` ${round + 1}`}`;
    return {
      degree: school.kind === 'ecole' ? '1D' : '2D',
      kind: school.kind,
      key: String(FIRST_KEY + index),
      uai: buildUai(FIRST_UAI + index),
      siret: `199${String(index).padStart(6, '0')}00019`,
      name: `${KIND_LABEL[school.kind]}$${name}$${town.name}`,
      contract: random.chance(0.12) ? 'PR' : 'PU',
      address: { lines: drawStreet(random), town },
      phone: drawPhone(random, false),
      classes,
      groups: buildGroups(classes, pupilsPerClass),
    };
  });
}
