import type { Division, Group, School } from './model.ts';
import type { TerritoryPlan } from './plan.ts';
import { isSecondLanguage, isSpeciality, LEVELS, specialityCount } from './programme.ts';
import type { Random } from './random.ts';

/** Where a pupil goes. */
interface Seat {
  readonly school: School;
  readonly division: Division;
  readonly groups: readonly Group[];
}

/** Hands out seats evenly. Holds one counter a level of a school: nothing that grows with pupils. */
export interface Placement {
  readonly neighbourhoods: number;
  /** The level of a family's first child: half the time the one that lacks pupils most. */
  drawLevel(random: Random): number;
  /** The level of a brother or sister, or undefined when no school of the territory has it. */
  drawSiblingLevel(random: Random, level: number): number | undefined;
  /** A seat in a school near `neighbourhood`, mostly the same one for a whole family. */
  takeSeat(random: Random, neighbourhood: number, household: number, level: number): Seat;
}

interface Rota<T> {
  readonly list: readonly T[];
  next: number;
}

interface SchoolSeats {
  readonly school: School;
  readonly classes: ReadonlyMap<number, Rota<Division>>;
  /** By level, then subject. */
  readonly groups: ReadonlyMap<number, ReadonlyMap<string, Rota<Group>>>;
}

function takeTurn<T>(rota: Rota<T>): T {
  const taken = rota.list[rota.next]!;
  rota.next = (rota.next + 1) % rota.list.length;
  return taken;
}

function openSeats(school: School): SchoolSeats {
  const classes = new Map<number, Rota<Division>>();
  const groups = new Map<number, Map<string, Rota<Group>>>();
  LEVELS.forEach((_, level) => {
    const divisions = school.classes.filter((division) => division.levels.includes(level));
    if (divisions.length > 0) classes.set(level, { list: divisions, next: 0 });
    const bySubject = new Map<string, Rota<Group>>();
    for (const group of school.groups) {
      if (!group.levels.includes(level) || bySubject.has(group.subject)) continue;
      const list = school.groups.filter(
        (other) => other.subject === group.subject && other.levels.includes(level),
      );
      bySubject.set(group.subject, { list, next: 0 });
    }
    groups.set(level, bySubject);
  });
  return { school, classes, groups };
}

/** The second language, the specialities and the optional subjects that one pupil follows. */
function chooseOptions(random: Random, level: number): string[] {
  const { options } = LEVELS[level]!;
  const chosen: string[] = [];
  const specialities: string[] = [];
  let language = random.next();
  for (const [subject, share] of options) {
    if (isSecondLanguage(subject)) {
      if (language >= 0 && language < share) chosen.push(subject);
      language -= share;
    } else if (isSpeciality(subject)) specialities.push(subject);
    else if (random.chance(share)) chosen.push(subject);
  }
  for (let n = specialityCount(level); n > 0 && specialities.length > 0; n -= 1)
    chosen.push(...specialities.splice(random.below(specialities.length), 1));
  return chosen;
}

/** Opens the seats of `schools` for a plan. */
export function openPlacement(plan: TerritoryPlan, schools: readonly School[]): Placement {
  const seats = schools.map(openSeats);
  const byLevel = LEVELS.map((_, level) => seats.filter((entry) => entry.classes.has(level)));
  const weights = LEVELS.map((_, level) => (byLevel[level]!.length > 0 ? plan.weights[level]! : 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const taken = LEVELS.map(() => 0);
  const neighbourhoods = Math.max(1, schools.filter((school) => school.kind === 'college').length);
  const neediest = () => {
    let best = -1;
    let bestLoad = Infinity;
    for (let level = 0; level < weights.length; level += 1) {
      if (weights[level]! > 0 && taken[level]! / weights[level]! < bestLoad) {
        bestLoad = taken[level]! / weights[level]!;
        best = level;
      }
    }
    return best;
  };
  const near = (level: number, neighbourhood: number) => {
    const all = byLevel[level]!;
    const local = Math.ceil((all.length - (neighbourhood % neighbourhoods)) / neighbourhoods);
    return local > 0
      ? { first: neighbourhood, step: neighbourhoods, count: local }
      : { first: neighbourhood % all.length, step: 1, count: 1 };
  };
  return {
    neighbourhoods,
    drawLevel(random) {
      if (random.chance(0.5)) return neediest();
      let draw = random.next() * total;
      let level = 0;
      while (level < weights.length - 1 && draw >= weights[level]!) {
        draw -= weights[level]!;
        level += 1;
      }
      return weights[level]! > 0 ? level : neediest();
    },
    drawSiblingLevel(random, level) {
      const gap = 1 + random.below(4);
      const wanted = random.chance(0.5) ? level - gap : level + gap;
      return wanted >= 0 && wanted < weights.length && weights[wanted]! > 0 ? wanted : undefined;
    },
    takeSeat(random, neighbourhood, household, level) {
      const area = random.chance(0.9) ? neighbourhood : random.below(neighbourhoods);
      const { first, step, count } = near(level, area);
      const entry = byLevel[level]![first + step * (household % count)]!;
      taken[level]! += 1;
      const groups = chooseOptions(random, level).flatMap((subject) => {
        const rota = entry.groups.get(level)!.get(subject);
        return rota ? [takeTurn(rota)] : [];
      });
      return { school: entry.school, division: takeTurn(entry.classes.get(level)!), groups };
    },
  };
}
