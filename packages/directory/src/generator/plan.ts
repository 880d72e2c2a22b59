import type { SchoolKind } from './model.ts';
import { LEVELS } from './programme.ts';

/** One school to invent: its kind and how many classes each level has. */
export interface SchoolPlan {
  readonly kind: SchoolKind;
  /** Pairs of levels (several for a multi-level class) and number of classes. */
  readonly classes: readonly { readonly levels: readonly number[]; readonly count: number }[];
  /** Default: drawn from a list. */
  readonly name?: string;
}

/** A territory to invent. */
export interface TerritoryPlan {
  readonly schools: readonly SchoolPlan[];
  readonly pupils: number;
  /** For each level, its part of the pupils; levels that no school has are ignored. */
  readonly weights: readonly number[];
}

const CLASS_SIZE: Readonly<Record<SchoolKind, number>> = { ecole: 24, college: 27, lycee: 32 };

const KINDS: readonly SchoolKind[] = ['college', 'ecole', 'lycee'];

/** How many schools of each kind there are among `count`, close to the country's proportions. */
function shareSchools(count: number): Readonly<Record<SchoolKind, number>> {
  if (count === 1) return { college: 1, ecole: 0, lycee: 0 };
  if (count === 2) return { college: 1, ecole: 1, lycee: 0 };
  const lycee = Math.max(1, Math.round(count * 0.1));
  const college = Math.max(1, Math.round(count * 0.2));
  return { college, lycee, ecole: count - college - lycee };
}

/** Classes of one school, from the pupils expected in each level; small levels of a primary school share one. */
function planClasses(kind: SchoolKind, perLevel: number): SchoolPlan['classes'] {
  const levels = LEVELS.flatMap((level, index) => (level.kind === kind ? [index] : []));
  const size = CLASS_SIZE[kind];
  if (kind !== 'ecole' || perLevel >= size * 0.7)
    return levels.map((level) => ({ levels: [level], count: Math.max(1, Math.round(perLevel / size)) }));
  const wanted = Math.max(2, Math.ceil((perLevel * levels.length) / size));
  const classes: { levels: number[]; count: number }[] = Array.from(
    { length: Math.min(wanted, levels.length) },
    () => ({ levels: [], count: 1 }),
  );
  levels.forEach((level, index) =>
    classes[Math.floor((index * classes.length) / levels.length)]!.levels.push(level),
  );
  return classes;
}

/** A territory of `schools` schools and exactly `pupils` pupils. */
export function planTerritory(schools: number, pupils: number): TerritoryPlan {
  const shares = shareSchools(schools);
  const present = LEVELS.filter((level) => shares[level.kind] > 0).length;
  const plans: SchoolPlan[] = [];
  for (const kind of KINDS) {
    const perLevel = pupils / present / Math.max(1, shares[kind]);
    for (let i = 0; i < shares[kind]; i += 1) plans.push({ kind, classes: planClasses(kind, perLevel) });
  }
  return { schools: plans, pupils, weights: LEVELS.map((level) => (shares[level.kind] > 0 ? 1 : 0)) };
}
