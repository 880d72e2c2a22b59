import { walkFamilies } from './families.ts';
import { schoolYearOf } from './identifiers.ts';
import type { Population } from './model.ts';
import { openPlacement } from './placement.ts';
import type { TerritoryPlan } from './plan.ts';
import { seedRandom } from './random.ts';
import { buildSchools } from './schools.ts';
import { walkStaff } from './staff.ts';

export interface PopulationOptions {
  readonly plan: TerritoryPlan;
  /** Any text: the same seed, plan and date give the same people. */
  readonly seed: string;
  /** Ages fit the school year of this day. */
  readonly date: Date;
  /** Share of second-degree pupils who name a relative that no file holds. Default 0. */
  readonly missingRelatives?: number;
}

/** Invents the people of a plan. Each walk gives the same ones again; only the schools are held in memory. */
export function buildPopulation(options: PopulationOptions): Population {
  const { plan, seed, date } = options;
  const randoms = seedRandom(seed);
  const schoolYear = schoolYearOf(date);
  const schools = buildSchools(plan, randoms);
  return {
    schools,
    pupilCount: plan.pupils,
    families: () =>
      walkFamilies({
        randoms,
        placement: openPlacement(plan, schools),
        schoolYear,
        pupils: plan.pupils,
        missingRelatives: options.missingRelatives ?? 0,
      }),
    staff: () => walkStaff(schools, randoms, schoolYear),
  };
}
