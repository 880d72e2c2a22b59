import { drawDay } from './identifiers.ts';
import type { Family, Relative } from './model.ts';
import { drawChildSurname, drawGivenName, drawSurname, mailboxName } from './names.ts';
import { drawAddress, drawPhone, type Address, type Town } from './places.ts';
import type { Random } from './random.ts';

/** An adult of a household, before the degrees are told apart. */
export interface Adult {
  /** 0 and 1 the parents, 2 a parent's partner, 3 a relative or a tutor. */
  readonly slot: number;
  /** Code of the tie with every child of the household. */
  readonly tie: string;
  readonly legal: '0' | '1' | '2';
  readonly pays: boolean;
  /** Whether the children live at this adult's address. */
  readonly home: boolean;
  readonly person: Omit<Relative, 'key' | 'degree' | 'children'>;
}

/** A household: the adults, and the surname its children bear. */
export interface Household {
  readonly shape: Family['shape'];
  readonly adults: readonly Adult[];
  readonly childSurname: string;
  readonly home: Address;
}

function drawShape(random: Random): Family['shape'] {
  const draw = random.next();
  if (draw < 0.66) return 'together';
  if (draw < 0.9) return 'separated';
  return draw < 0.985 ? 'single' : 'tutor';
}

function drawAdult(
  random: Random,
  names: Random,
  gender: 'F' | 'M',
  surname: string,
  used: string,
  bornAround: number,
  address: Address,
): Adult['person'] {
  const givenName = drawGivenName(names, gender);
  return {
    birthDate: random.chance(0.2) ? drawDay(random, bornAround - random.below(12)) : '',
    birthName: surname,
    name: used,
    givenName,
    otherNames: [],
    title: random.chance(0.1) ? '' : gender === 'F' ? 'Mme' : 'M.',
    homePhone: random.chance(0.5) ? drawPhone(random, false) : '',
    workPhone: random.chance(0.2) ? drawPhone(random, false) : '',
    mobile: random.chance(0.9) ? drawPhone(random, true) : '',
    mail: random.chance(0.75) ? `${mailboxName(givenName, used)}@courriel.example` : '',
    address,
    shareAddress: random.chance(0.6),
  };
}

/**
 * Draws the adults of one household in `town`, whose eldest child was born around `childYear`.
 * `names` is a stream of its own, so that two households that share it are homonyms.
 */
export function drawHousehold(random: Random, names: Random, town: Town, childYear: number): Household {
  const shape = drawShape(random);
  const home = drawAddress(random, town);
  const father = drawSurname(names);
  const mother = drawSurname(names);
  const bornAround = childYear - 24;
  const adults: Adult[] = [];
  const parent = (
    slot: number,
    gender: 'F' | 'M',
    surname: string,
    used: string,
    at: Address,
    pays: boolean,
  ) =>
    adults.push({
      slot,
      tie: gender === 'F' ? '10' : '20',
      legal: '1',
      pays,
      home: at === home,
      person: drawAdult(random, names, gender, surname, used, bornAround, at),
    });
  const firstGender = random.chance(0.02) ? 'F' : 'M';
  if (shape === 'tutor') {
    adults.push({
      slot: 3,
      tie: random.chance(0.5) ? '50' : '51',
      legal: '1',
      pays: true,
      home: true,
      person: drawAdult(random, names, 'F', drawSurname(names), mother, bornAround, home),
    });
  } else if (shape === 'single') {
    if (random.chance(0.15)) parent(0, firstGender, father, father, home, true);
    else parent(1, 'F', mother, mother, home, true);
  } else {
    const apart = shape === 'separated';
    parent(
      0,
      firstGender,
      father,
      father,
      apart ? drawAddress(random, town) : home,
      !apart || random.chance(0.3),
    );
    const married = !apart && random.chance(0.6);
    parent(1, 'F', mother, married ? father : mother, home, true);
    if (apart && random.chance(0.25)) {
      const partner = drawSurname(names);
      adults.push({
        slot: 2,
        tie: '39',
        legal: '2',
        pays: false,
        home: true,
        person: drawAdult(random, names, 'M', partner, partner, bornAround, home),
      });
    }
  }
  if (shape !== 'tutor' && random.chance(0.18)) {
    const relative = random.chance(0.5) ? father : mother;
    adults.push({
      slot: 3,
      tie: random.pick(['38', '38', '37', '43', '90']),
      legal: '0',
      pays: false,
      home: false,
      person: drawAdult(
        random,
        names,
        random.chance(0.6) ? 'F' : 'M',
        relative,
        relative,
        bornAround - 26,
        drawAddress(random, town),
      ),
    });
  }
  const bearing =
    shape === 'tutor' ? father : shape === 'single' && adults[0]!.slot === 1 ? mother : undefined;
  return { shape, adults, home, childSurname: bearing ?? drawChildSurname(names, father, mother) };
}
