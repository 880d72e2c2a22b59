import type { ReadCount } from '@socle/audit';
import type { PersonId } from '@socle/base';
import type { PersonCard } from '@socle/directory';
import {
  barChart,
  formatDate,
  formatNumber,
  heatMap,
  rankedBars,
  type Fragment,
  type Language,
} from '@socle/pages';
import { roleName } from '../../../pages/strings.ts';
import { strings } from './strings.ts';

const DAY_MS = 86_400_000;
const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));
/** Bars that a phone still shows side by side. */
const MOST_BARS = 8;

/** Accesses by hour of the day. */
export function hourChart(language: Language, counts: readonly ReadCount[]): Fragment {
  const words = strings[language];
  const byHour = new Map(counts.map(({ key, events }) => [key, events]));
  const [busiest] = counts.toSorted((left, right) => right.events - left.events);
  return barChart({
    language,
    title: busiest === undefined ? words.noAccess : words.busiestHour(Number(busiest.key)),
    categoryTitle: words.hour,
    categories: HOURS.map((hour) => String(Number(hour))),
    series: [{ name: words.accesses, values: HOURS.map((hour) => byHour.get(hour) ?? 0) }],
    digits: 0,
  });
}

/** Accesses by day, a row a weekday and a column a week. */
export function dayChart(
  language: Language,
  counts: readonly ReadCount[],
  period: { readonly from: Date; readonly to: Date },
): Fragment {
  const words = strings[language];
  const byDay = new Map(counts.map(({ key, events }) => [key, events]));
  const [busiest] = counts.toSorted((left, right) => right.events - left.events);
  const monday = mondayBefore(period.from);
  const weeks = Math.max(1, Math.ceil((period.to.getTime() - monday.getTime()) / (7 * DAY_MS)));
  const dayAt = (week: number, weekday: number): Date =>
    new Date(monday.getTime() + (week * 7 + weekday) * DAY_MS);
  return heatMap({
    language,
    title:
      busiest === undefined
        ? words.noAccess
        : words.busiestDay(
            formatDate(language, new Date(`${busiest.key}T12:00:00Z`), 'weekday'),
            formatNumber(language, busiest.events),
          ),
    rowTitle: words.day,
    rows: Array.from({ length: 7 }, (_, weekday) =>
      new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }).format(dayAt(0, weekday)),
    ),
    columns: Array.from({ length: weeks }, (_, week) => formatDate(language, dayAt(week, 0), 'day-month')),
    values: Array.from({ length: 7 }, (_, weekday) =>
      Array.from(
        { length: weeks },
        (_unused, week) => byDay.get(dayAt(week, weekday).toISOString().slice(0, 10)) ?? 0,
      ),
    ),
  });
}

/** Accesses by module of the platform. */
export function moduleChart(language: Language, counts: readonly ReadCount[]): Fragment {
  const words = strings[language];
  const largest = counts.toSorted((left, right) => right.events - left.events).slice(0, MOST_BARS);
  const name = (module: string): string =>
    (words as Readonly<Record<string, unknown>>)[`module_${module}`]?.toString() ?? module;
  return rankedBars({
    language,
    title: largest[0] === undefined ? words.noAccess : words.busiestModule(name(largest[0].key)),
    items: largest.map(({ key, events }) => ({ name: name(key), count: events })),
  });
}

/** Accesses by the role of those who made them; programs apart, and those whose mapping was cut. */
export function roleChart(
  language: Language,
  counts: readonly ReadCount[],
  cards: ReadonlyMap<PersonId, PersonCard>,
): Fragment {
  const words = strings[language];
  const byRole = new Map<string, number>();
  for (const { key, events, personId } of counts) {
    const role = cards.get(personId as PersonId)?.roles[0]?.role;
    const name = key.startsWith('person:')
      ? ((role && roleName(language, role)) ?? words.noRole)
      : words.program;
    byRole.set(name, (byRole.get(name) ?? 0) + events);
  }
  const largest = [...byRole].toSorted(([, left], [, right]) => right - left).slice(0, MOST_BARS);
  return rankedBars({
    language,
    title: largest[0] === undefined ? words.noAccess : words.busiestRole(largest[0][0]),
    items: largest.map(([name, count]) => ({ name, count })),
  });
}

/** Midnight UTC of the Monday of the week in which `at`, a midnight in Paris, falls. */
function mondayBefore(at: Date): Date {
  const day = new Date(`${new Date(at.getTime() + 3 * 3_600_000).toISOString().slice(0, 10)}T00:00:00Z`);
  return new Date(day.getTime() - ((day.getUTCDay() + 6) % 7) * DAY_MS);
}
