import { invariant } from '@socle/base';
import { schoolYearOf, type InventedFamily, type InventedLink, type InventedPupil } from '@socle/directory';
import type { InventedRelative, InventedSchool, Population } from '@socle/directory';
import { KEY, SCHOOL_KEY } from './cast-keys.ts';

/**
 * A birthday (dd/MM/yyyy) of somebody who is `age` years old on `date`, born in the calendar year that is `age` years
 * before the school year began: so 13 fits a fourth class (4e) whatever the month.
 */
export function birthDayFor(date: Date, age: number): string {
  const year = schoolYearOf(date) - age;
  const month = date.getUTCMonth();
  // From March to July only a late birthday of that year is still to come; otherwise it was two months ago.
  if (month >= 2 && month <= 6) return `20/12/${year}`;
  const born = new Date(Date.UTC(year, (month + 10) % 12, Math.min(date.getUTCDate(), 28)));
  return [
    String(born.getUTCDate()).padStart(2, '0'),
    String(born.getUTCMonth() + 1).padStart(2, '0'),
    String(year),
  ].join('/');
}

const ADDRESS = { lines: "14 rue de l'Église$$$", town: { name: 'Valmorne', postalCode: '99000' } };
const OTHER_ADDRESS = {
  lines: 'Bât. B$3 quai des Mariniers$$',
  town: { name: 'Clairval', postalCode: '99020' },
};

function adult(
  key: string,
  title: 'M.' | 'Mme',
  givenName: string,
  name: string,
  children: readonly string[],
  more: Partial<InventedRelative> = {},
): InventedRelative {
  return {
    key,
    degree: '2D',
    title,
    givenName,
    name,
    birthName: name,
    birthDate: '',
    otherNames: [],
    homePhone: '',
    workPhone: '',
    mobile: '0639980001',
    mail: '',
    address: ADDRESS,
    shareAddress: false,
    children,
    ...more,
  };
}

function tie(key: string, code: string, legal: InventedLink['legal'] = '1'): InventedLink {
  return { key, tie: code, legal, pays: code === '10', contact: legal !== '1', paid: false };
}

interface PupilCast {
  readonly key: string;
  readonly title: 'M.' | 'Mme';
  readonly givenName: string;
  readonly name: string;
  readonly age: number;
  readonly school: InventedSchool;
  readonly level: number;
  readonly division: string;
  readonly links: readonly InventedLink[];
  readonly livesWith: readonly string[];
  readonly ine: string;
}

function seat(date: Date, cast: PupilCast): InventedPupil {
  const division = cast.school.classes.find((candidate) => candidate.label.endsWith(cast.division));
  invariant(division, `the demo plan has no class ${cast.division}`);
  const language = cast.school.groups.find(
    (group) => group.subject === '030602' && group.levels.includes(cast.level),
  );
  return {
    ...cast,
    division,
    birthName: cast.name,
    birthDate: birthDayFor(date, cast.age),
    otherNames: [],
    internalId: cast.key.slice(2),
    groups: language ? [language] : [],
    address: ADDRESS,
    phone: '',
    mail: '',
    scholarship: false,
    transport: false,
    regime: "DEMI-PENSIONNAIRE DANS L'ETABLISSEMENT",
    enteredAt: `01/09/${schoolYearOf(date)}`,
  };
}

/** The demo families, seated in the schools of `population`. */
export function castFamilies(population: Population, date: Date): InventedFamily[] {
  const find = (key: string) => population.schools.find((school) => school.key === key)!;
  const [primary, college, lycee] = [
    find(SCHOOL_KEY.primary),
    find(SCHOOL_KEY.college),
    find(SCHOOL_KEY.lycee),
  ];
  const zoe = seat(date, {
    key: KEY.zoe,
    title: 'Mme',
    givenName: 'Zoé',
    name: 'Lanoë',
    age: 13,
    school: college,
    level: 10,
    division: '4EME A',
    links: [tie(KEY.helene, '10'), tie(KEY.etienne, '20'), tie(KEY.berenice, '38', '0')],
    livesWith: [KEY.helene, KEY.etienne],
    ine: '990000001AA',
  });
  const malo = seat(date, {
    key: KEY.malo,
    title: 'M.',
    givenName: 'Malo',
    name: 'Quéméneur',
    age: 14,
    school: college,
    level: 10,
    division: '4EME A',
    links: [
      tie(KEY.helene, '10'),
      tie(KEY.loic, '20'),
      tie(KEY.etienne, '39', '2'),
      tie(KEY.berenice, '38', '0'),
    ],
    livesWith: [KEY.helene],
    ine: '990000002AB',
  });
  const come = seat(date, {
    key: KEY.come,
    title: 'M.',
    givenName: 'Côme',
    name: 'Lanoë',
    age: 7,
    school: primary,
    level: 4,
    division: 'CE1 A',
    links: [tie(KEY.helene, '10'), tie(KEY.etienne, '20')],
    livesWith: [KEY.helene, KEY.etienne],
    ine: '990000003AC',
  });
  const celestine = seat(date, {
    key: KEY.celestine,
    title: 'Mme',
    givenName: 'Célestine',
    name: 'Évrard',
    age: 15,
    school: lycee,
    level: 12,
    division: 'TECHNO A',
    links: [tie(KEY.solene, '10')],
    livesWith: [KEY.solene],
    ine: '',
  });
  const ibrahim = seat(date, {
    key: KEY.ibrahim,
    title: 'M.',
    givenName: 'Ibrahim',
    name: 'Traoré',
    age: 18,
    school: lycee,
    level: 14,
    division: 'TERMINALE GENERALE A',
    links: [tie(KEY.fatou, '10')],
    livesWith: [KEY.fatou],
    ine: '990000005AE',
  });
  const both = [KEY.zoe, KEY.malo];
  const helene = adult(KEY.helene, 'Mme', 'Hélène', 'Aubrée', both);
  const etienne = adult(KEY.etienne, 'M.', 'Étienne', 'Lanoë', both);
  return [
    {
      shape: 'separated',
      pupils: [zoe, malo, come],
      relatives: [
        helene,
        etienne,
        adult(KEY.loic, 'M.', 'Loïc', 'Quéméneur', [KEY.malo], { address: OTHER_ADDRESS }),
        adult(KEY.berenice, 'Mme', 'Bérénice', 'Aubrée', both, { address: OTHER_ADDRESS }),
        // The same two people under the same key in the first degree's feed, as one family is one family.
        { ...helene, degree: '1D', children: [KEY.come] },
        { ...etienne, degree: '1D', children: [KEY.come] },
      ],
    },
    {
      shape: 'single',
      pupils: [celestine],
      relatives: [adult(KEY.solene, 'Mme', 'Solène', 'Évrard', [KEY.celestine])],
    },
    {
      shape: 'single',
      pupils: [ibrahim],
      relatives: [adult(KEY.fatou, 'Mme', 'Fatou', 'Traoré', [KEY.ibrahim])],
    },
  ];
}
