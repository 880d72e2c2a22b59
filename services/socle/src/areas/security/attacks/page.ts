import {
  barChart,
  button,
  buttonLink,
  dataTable,
  emptyState,
  figure,
  figures,
  form,
  formatDate,
  formatDateTime,
  formatNumber,
  formatTime,
  html,
  section,
  type Fragment,
} from '@socle/pages';
import type { AreaPage, Visit } from '../../visit.ts';
import type { Attacks } from './load-attacks.ts';
import { strings } from './strings.ts';

/** Refusals of a day from which the title says so: fewer are people who mistype. */
const BUSY_FROM = 50;
/** Seconds after which events that wait are late. */
const LATE_SECONDS = 60;
const DAY_MS = 86_400_000;
const DAYS = 14;
const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));

/** `/security`: the finding first, the charts and tables behind it after. */
export function renderAttacks(visit: Visit, attacks: Attacks, warning: Fragment): AreaPage {
  const { language } = visit;
  const words = strings[language];
  const of = (action: string) => attacks.totals.get(action) ?? 0;
  const shown = (action: string, label: string) =>
    figure({ value: formatNumber(language, of(action)), label });
  const refused = of('identity.session.refused');
  return {
    title: refused < BUSY_FROM ? words.quietTitle : words.busyTitle(formatNumber(language, refused)),
    lead: words.lead,
    actions: buttonLink({ label: words.stop, href: '/security/switches', icon: 'shield-lock' }),
    body: html`${warning}${workNote(visit, attacks)}${figures([
      shown('identity.session.refused', words.refused),
      shown('identity.account.throttled', words.throttled),
      shown('identity.badge.locked', words.locked),
      shown('service.page.denied', words.denied),
      shown('service.form.refused', words.forms),
    ])}${section({ title: words.shape, body: html`${hourChart(visit, attacks)}${dayChart(visit, attacks)}` })}${section(
      {
        title: words.locks,
        lead: words.locksLead,
        body: lockTable(visit, attacks),
      },
    )}${health(visit, attacks)}`,
  };
}

/** One line: what the sign-in page asks of strangers now, and what came of it. */
function workNote({ language }: Visit, { work }: Attacks): Fragment {
  const words = strings[language];
  const { solved, waited, ...turnedAway } = work.counts;
  const away = Object.values(turnedAway).reduce((sum, count) => sum + count, 0);
  const write = (count: number) => formatNumber(language, count);
  if (work.bits === 0) return html`<p>${words.noWork}</p>`;
  return html`<p><strong>${words.work(write(Math.round(work.refused)), work.waitSeconds)}</strong> ${words.workDone(write(solved), write(waited), write(away))}</p>`;
}

function hourChart({ language }: Visit, { byHour }: Attacks): Fragment {
  const words = strings[language];
  const counts = new Map(byHour.map(({ key, events }) => [key, events]));
  const [busiest] = byHour.toSorted((left, right) => right.events - left.events);
  return barChart({
    language,
    title: busiest === undefined ? words.noRefusal : words.busiestHour(Number(busiest.key)),
    categoryTitle: words.hour,
    categories: HOURS.map((hour) => String(Number(hour))),
    series: [{ name: words.refused, values: HOURS.map((hour) => counts.get(hour) ?? 0) }],
    digits: 0,
  });
}

function dayChart({ language, now }: Visit, { byDay }: Attacks): Fragment {
  const words = strings[language];
  const counts = new Map(byDay.map(({ key, events }) => [key, events]));
  const [busiest] = byDay.toSorted((left, right) => right.events - left.events);
  const days = Array.from({ length: DAYS }, (_, index) =>
    new Date(now.getTime() - (DAYS - 1 - index) * DAY_MS).toISOString().slice(0, 10),
  );
  const say = (day: string) => formatDate(language, new Date(`${day}T12:00:00Z`), 'day-month');
  return barChart({
    language,
    title:
      busiest === undefined
        ? words.noDay
        : words.busiestDay(say(busiest.key), formatNumber(language, busiest.events)),
    categoryTitle: words.day,
    categories: days.map(say),
    series: [{ name: words.refused, values: days.map((day) => counts.get(day) ?? 0) }],
    digits: 0,
  });
}

function lockTable(visit: Visit, { locks }: Attacks): Fragment {
  const { language } = visit;
  const words = strings[language];
  return dataTable({
    language,
    caption: words.locks,
    captionHidden: true,
    columns: [
      { title: words.person, cell: ({ name }) => name ?? words.forgotten, names: true },
      { title: words.when, cell: ({ at }) => formatDateTime(language, at) },
      {
        title: words.act,
        cell: ({ person, name }) =>
          form({
            action: '/security/unlocked',
            fields: visit.fields({ person }),
            label: `${words.unlock} ${name ?? ''}`,
            body: button({ label: words.unlock, kind: 'secondary', about: name ?? '' }),
          }),
      },
    ],
    rows: locks,
    empty: emptyState({ icon: 'circle-check', title: words.noLocks, text: words.noLocksText }),
  });
}

function health({ language, now }: Visit, { health: log }: Attacks): Fragment {
  const words = strings[language];
  const lateSeconds = log.oldestWaitingAt ? (now.getTime() - log.oldestWaitingAt.getTime()) / 1_000 : 0;
  const title =
    lateSeconds > LATE_SECONDS
      ? words.logLate(formatNumber(language, log.waiting))
      : log.publishedAt === undefined
        ? words.logEmpty
        : words.logGood(formatTime(language, log.publishedAt));
  return section({
    title,
    body: html`${figures([
      figure({ value: formatNumber(language, log.size), label: words.size }),
      figure({ value: formatNumber(language, log.waiting), label: words.waiting }),
    ])}${dataTable({
      language,
      caption: words.witnesses,
      columns: [
        { title: words.witness, cell: ({ name }) => name, names: true },
        { title: words.upTo, cell: ({ size }) => formatNumber(language, size), numeric: true },
        { title: words.when, cell: ({ at }) => formatDateTime(language, at) },
      ],
      rows: log.witnesses,
      empty: emptyState({ icon: 'eye', title: words.noWitness, text: words.noWitnessText }),
    })}`,
  });
}
