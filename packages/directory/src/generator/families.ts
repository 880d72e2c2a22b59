import { drawHousehold, type Adult } from './households.ts';
import { buildIne, drawDay } from './identifiers.ts';
import type { Degree, Family, Pupil, Relative, RelativeLink } from './model.ts';
import { drawGivenName, mailboxName } from './names.ts';
import type { Placement } from './placement.ts';
import { drawPhone, TOWNS } from './places.ts';
import type { Random, RandomFamily } from './random.ts';
import { STREAM } from './streams.ts';

const FIRST_PUPIL = 1_000_000;
const FIRST_MISSING = 3_500_000;
const FIRST_RELATIVE = 4_000_000;
/** Keys kept for one household: four adults, once for each degree. */
const KEYS_PER_HOUSEHOLD = 8;

const REGIMES: readonly string[] = [
  "DEMI-PENSIONNAIRE DANS L'ETABLISSEMENT",
  "DEMI-PENSIONNAIRE DANS L'ETABLISSEMENT",
  "DEMI-PENSIONNAIRE DANS L'ETABLISSEMENT 4",
  'EXTERNE LIBRE',
  'EXTERNE SURVEILLE',
  'DEMI-PENSIONNAIRE AU TICKET',
  "INTERNE DANS L'ETABLISSEMENT",
];

/** What the walk over families needs. */
export interface FamilyWalk {
  readonly randoms: RandomFamily;
  readonly placement: Placement;
  readonly schoolYear: number;
  readonly pupils: number;
  /** Share of second-degree pupils who name a relative that no file holds. */
  readonly missingRelatives: number;
}

function drawChildCount(random: Random): number {
  const draw = random.next();
  if (draw < 0.42) return 1;
  if (draw < 0.8) return 2;
  return draw < 0.95 ? 3 : 4;
}

const relativeKey = (family: number, adult: Adult, degree: Degree) =>
  String(FIRST_RELATIVE + family * KEYS_PER_HOUSEHOLD + adult.slot + (degree === '1D' ? 4 : 0));

/** The first degree's links know legal guardians only. */
const known = (adult: Adult, degree: Degree) => degree === '2D' || adult.legal === '1';

/**
 * Gives the families one by one, each drawn from its own number alone (and from the turn of the seats),
 * until exactly `pupils` pupils were given. Nothing is kept from one family to the next.
 */
export function* walkFamilies(walk: FamilyWalk): Generator<Family, void, undefined> {
  let given = 0;
  for (let index = 0; given < walk.pupils; index += 1) {
    const family = drawFamily(walk, index, given);
    given += family.pupils.length;
    yield family;
  }
}

function drawFamily(walk: FamilyWalk, index: number, given: number): Family {
  const random = walk.randoms.at(STREAM.family, index);
  // One household in 150 bears the very names of the one before it, children included.
  const names = walk.randoms.at(STREAM.familyNames, random.chance(1 / 150) ? Math.max(0, index - 1) : index);
  const { placement, schoolYear } = walk;
  const neighbourhood = random.below(placement.neighbourhoods);
  const town = TOWNS[neighbourhood % TOWNS.length]!;
  const first = placement.drawLevel(random);
  const levels = [first];
  for (let more = drawChildCount(random) - 1; more > 0; more -= 1) {
    const level = placement.drawSiblingLevel(random, first);
    if (level !== undefined && !levels.includes(level)) levels.push(level);
  }
  levels.length = Math.min(levels.length, walk.pupils - given);
  const household = drawHousehold(random, names, town, schoolYear - 3 - first);
  const usedNames = new Set<string>();
  const pupils = levels.map((level, child): Pupil => {
    const number = given + child;
    const gender = names.chance(0.49) ? 'F' : 'M';
    let givenName = drawGivenName(names, gender);
    while (usedNames.has(givenName)) givenName = drawGivenName(names, gender);
    usedNames.add(givenName);
    const seat = placement.takeSeat(random, neighbourhood, index, level);
    const { degree } = seat.school;
    const adults = household.adults.filter((adult) => known(adult, degree));
    const links = adults.map(
      (adult): RelativeLink => ({
        key: relativeKey(index, adult, degree),
        tie: adult.tie,
        legal: adult.legal,
        pays: adult.pays,
        contact: adult.legal !== '1' || random.chance(0.4),
        paid: random.chance(0.05),
      }),
    );
    if (degree === '2D' && random.chance(walk.missingRelatives))
      links.push({
        key: String(FIRST_MISSING + (number % 400_000)),
        tie: '90',
        legal: '0',
        pays: false,
        contact: true,
        paid: false,
      });
    const shift = random.chance(0.05) ? 1 : random.chance(0.015) ? -1 : 0;
    const name = household.childSurname;
    return {
      key: String(FIRST_PUPIL + number),
      ine: random.chance(0.03) ? '' : buildIne(number),
      internalId: String(20_000 + (number % 900_000)),
      birthDate: drawDay(random, schoolYear - 3 - level - shift),
      birthName: name,
      name,
      givenName,
      otherNames: random.chance(0.5) ? [drawGivenName(names, gender)] : [],
      title: random.chance(0.03) ? '' : gender === 'F' ? 'Mme' : 'M.',
      school: seat.school,
      level,
      division: seat.division,
      groups: seat.groups,
      links,
      livesWith: adults
        .filter(
          (adult) =>
            adult.home || (adult.legal === '1' && household.shape === 'separated' && random.chance(0.5)),
        )
        .map((adult) => relativeKey(index, adult, degree)),
      address: household.home,
      phone: random.chance(0.15) ? drawPhone(random, true) : '',
      mail: level >= 12 && random.chance(0.2) ? `${mailboxName(givenName, name)}@courriel.example` : '',
      scholarship: random.chance(0.22),
      transport: random.chance(0.3),
      regime: random.pick(REGIMES),
      enteredAt: `01/09/${schoolYear}`,
    };
  });
  return { shape: household.shape, pupils, relatives: buildRelatives(index, household.adults, pupils) };
}

function buildRelatives(index: number, adults: readonly Adult[], pupils: readonly Pupil[]): Relative[] {
  return (['2D', '1D'] as const).flatMap((degree) => {
    const children = pupils.filter((pupil) => pupil.school.degree === degree).map((pupil) => pupil.key);
    if (children.length === 0) return [];
    return adults
      .filter((adult) => known(adult, degree))
      .map(
        (adult): Relative => ({
          ...adult.person,
          key: relativeKey(index, adult, degree),
          degree,
          children,
        }),
      );
  });
}
