import type { SchoolKind } from './model.ts';

/** A subject: its national code of six characters and its label. */
export interface Subject {
  readonly code: string;
  readonly label: string;
}

/** One year of the programme, from petite section (0) to terminale (14). */
export interface Level {
  readonly kind: SchoolKind;
  /** What class names begin with. */
  readonly short: string;
  /** Second degree: code of eleven characters (module élémentaire de formation). Empty in the first. */
  readonly mef: string;
  readonly label: string;
  /** ENTEleveNivFormation, or ENTEleveNiveau in the first degree. */
  readonly training: string;
  /** ENTEleveFiliere, or ENTEleveCycle in the first degree. */
  readonly track: string;
  /** What the whole class follows, with weekly hours. */
  readonly common: readonly (readonly [code: string, hours: number])[];
  /** What is taught in groups across classes, with the share of pupils who follow it. */
  readonly options: readonly (readonly [code: string, share: number])[];
}

/** Every subject of the generated feeds. Codes have the national shape; a few are letters and digits. */
export const SUBJECTS: readonly Subject[] = [
  { code: '020700', label: 'FRANCAIS' },
  { code: '061300', label: 'MATHEMATIQUES' },
  { code: '043700', label: 'HISTOIRE-GEOGRAPHIE' },
  { code: '043800', label: 'ENSEIGNEMENT MORAL & CIVIQUE' },
  { code: '030201', label: 'ANGLAIS LV1' },
  { code: '030602', label: 'ESPAGNOL LV2' },
  { code: '030102', label: 'ALLEMAND LV2' },
  { code: '030702', label: 'ITALIEN LV2' },
  { code: '062900', label: 'SCIENCES DE LA VIE ET DE LA TERRE' },
  { code: '062300', label: 'PHYSIQUE-CHIMIE' },
  { code: '010700', label: 'TECHNOLOGIE' },
  { code: '090100', label: 'ARTS PLASTIQUES' },
  { code: '081300', label: 'EDUCATION MUSICALE' },
  { code: '100100', label: 'EDUCATION PHYSIQUE ET SPORTIVE' },
  { code: '020300', label: 'LATIN' },
  { code: '013000', label: 'PHILOSOPHIE' },
  { code: '003700', label: 'SCIENCES NUMERIQUES & TECHNOLOGIE' },
  { code: '0613A0', label: 'SPECIALITE MATHEMATIQUES' },
  { code: '0623A0', label: 'SPECIALITE PHYSIQUE-CHIMIE' },
  { code: '0629A0', label: 'SPECIALITE SVT' },
  { code: '0437A0', label: 'HISTOIRE-GEO., GEOPOLITIQUE & SC. POLITIQUES' },
  { code: '0411A0', label: 'SCIENCES ECONOMIQUES ET SOCIALES' },
  { code: '0207A0', label: 'HUMANITES, LITTERATURE ET PHILOSOPHIE' },
  { code: '0037A0', label: 'NUMERIQUE & SCIENCES INFORMATIQUES' },
];

const SUBJECT_BY_CODE = new Map(SUBJECTS.map((subject) => [subject.code, subject]));

/** A subject's label; the code itself when it is unknown. */
export function subjectLabel(code: string): string {
  return SUBJECT_BY_CODE.get(code)?.label ?? code;
}

const COLLEGE: Level['common'] = [
  ['020700', 4.5],
  ['061300', 3.5],
  ['043700', 3],
  ['043800', 0.5],
  ['030201', 3],
  ['062900', 1.5],
  ['062300', 1.5],
  ['010700', 1.5],
  ['090100', 1],
  ['081300', 1],
  ['100100', 3],
];

const SECOND_LANGUAGE: Level['options'] = [
  ['030602', 0.66],
  ['030102', 0.24],
  ['030702', 0.1],
];

const SPECIALITIES: Level['options'] = [
  ['0613A0', 0.6],
  ['0623A0', 0.45],
  ['0629A0', 0.45],
  ['0437A0', 0.4],
  ['0411A0', 0.5],
  ['0207A0', 0.3],
  ['0037A0', 0.3],
];

const LYCEE: Level['common'] = [
  ['020700', 4],
  ['043700', 3],
  ['043800', 0.5],
  ['030201', 2.5],
  ['100100', 2],
];

function primary(short: string, label: string, cycle: string): Level {
  return { kind: 'ecole', short, mef: '', label, training: short, track: cycle, common: [], options: [] };
}

function college(short: string, label: string, mef: string, options: Level['options']): Level {
  return {
    kind: 'college',
    short,
    mef,
    label,
    training: label,
    track: 'PREMIER CYCLE GENERAL',
    common: COLLEGE,
    options,
  };
}

function lycee(
  short: string,
  label: string,
  mef: string,
  extra: Level['common'],
  options: Level['options'],
): Level {
  const common = [...LYCEE, ...extra];
  return {
    kind: 'lycee',
    short,
    mef,
    label,
    training: label,
    track: 'SECOND CYCLE GENERAL ET TECHNO',
    common,
    options,
  };
}

/** The fifteen years, in order: a child of level n was born n + 3 calendar years before the school year. */
export const LEVELS: readonly Level[] = [
  primary('PS', 'PETITE SECTION', 'CYCLE I'),
  primary('MS', 'MOYENNE SECTION', 'CYCLE I'),
  primary('GS', 'GRANDE SECTION', 'CYCLE I'),
  primary('CP', 'COURS PREPARATOIRE', 'CYCLE II'),
  primary('CE1', 'COURS ELEMENTAIRE 1E ANNEE', 'CYCLE II'),
  primary('CE2', 'COURS ELEMENTAIRE 2E ANNEE', 'CYCLE II'),
  primary('CM1', 'COURS MOYEN 1E ANNEE', 'CYCLE III'),
  primary('CM2', 'COURS MOYEN 2E ANNEE', 'CYCLE III'),
  college('6', '6EME', '10010012110', []),
  college('5', '5EME', '1011001211A', [...SECOND_LANGUAGE, ['020300', 0.2]]),
  college('4', '4EME', '10210012110', [...SECOND_LANGUAGE, ['020300', 0.18]]),
  college('3', '3EME', '10310019110', [...SECOND_LANGUAGE, ['020300', 0.15]]),
  lycee(
    '2',
    '2NDE GENERALE & TECHNO',
    '20010015110',
    [
      ['061300', 4],
      ['062900', 1.5],
      ['062300', 3],
      ['003700', 1.5],
    ],
    SECOND_LANGUAGE,
  ),
  lycee('1', '1RE GENERALE', '20110010110', [], [...SECOND_LANGUAGE, ...SPECIALITIES]),
  lycee('T', 'TERMINALE GENERALE', '2021001011B', [['013000', 4]], [...SECOND_LANGUAGE, ...SPECIALITIES]),
];

/** True for a second language: a pupil follows exactly one of them. */
export function isSecondLanguage(code: string): boolean {
  return code.startsWith('03') && code.endsWith('02');
}

/** How many specialities a pupil of this level follows: three in première, two in terminale. */
export function specialityCount(level: number): number {
  return level === 13 ? 3 : level === 14 ? 2 : 0;
}

/** True for a speciality of the general lycée in the generated feeds. */
export function isSpeciality(code: string): boolean {
  return code.endsWith('A0');
}
