import type { ReadCount, UnusualReader } from '@socle/audit';
import type { PersonId } from '@socle/base';
import type { PersonCard } from '@socle/directory';
import {
  badge,
  buttonLink,
  card,
  emptyState,
  figure,
  figures,
  formatDate,
  formatNumber,
  grid,
  html,
  section,
  type Fragment,
} from '@socle/pages';
import type { AreaPage, Visit } from '../../visit.ts';
import { dayChart, hourChart, moduleChart, roleChart } from './charts.ts';
import { addressOf, periodOf, type Question } from './question.ts';
import { strings } from './strings.ts';
import { sayWho } from './who.ts';

interface Overview {
  readonly question: Question;
  readonly counts: Readonly<
    Partial<Record<'hour' | 'day' | 'module' | 'outcome' | 'actor', readonly ReadCount[]>>
  >;
  readonly unusual: readonly UnusualReader[];
  readonly cards: ReadonlyMap<PersonId, PersonCard>;
}

/** What stands out in a period: unusual readers first, then the shape of the accesses. */
export function renderOverview(visit: Visit, overview: Overview): AreaPage {
  const { language } = visit;
  const words = strings[language];
  const { question, counts, cards } = overview;
  const period = periodOf(question);
  const total = (counts.outcome ?? []).reduce((sum, { events }) => sum + events, 0);
  const refused = (counts.outcome ?? []).find(({ key }) => key === 'denied')?.events ?? 0;
  const people = (counts.actor ?? []).filter(({ key }) => key.startsWith('person:')).length;
  const frame = {
    title: words.overviewTitle,
    lead: words.periodLead(
      formatDate(language, period.from),
      formatDate(language, new Date(period.to.getTime() - 1)),
      words[`purpose_${question.purpose ?? 'check'}`],
    ),
    actions: buttonLink({ label: words.change, href: '/dpo/access', kind: 'secondary', icon: 'calendar' }),
  };
  if (total === 0) {
    return {
      ...frame,
      body: emptyState({ icon: 'inbox', title: words.nothingTitle, text: words.nothingText }),
    };
  }
  return {
    ...frame,
    body: html`${figures([
      figure({ value: formatNumber(language, total), label: words.accesses }),
      figure({ value: formatNumber(language, people), label: words.readers }),
      figure({ value: formatNumber(language, refused), label: words.refused }),
    ])}${section({ title: words.unusualTitle, lead: words.unusualLead, body: unusualList(visit, overview) })}${section(
      {
        title: words.shapeTitle,
        body: html`${dayChart(language, counts.day ?? [], period)}${hourChart(language, counts.hour ?? [])}${moduleChart(
          language,
          counts.module ?? [],
        )}${roleChart(language, counts.actor ?? [], cards)}`,
        actions: buttonLink({
          label: words.openLog,
          href: addressOf('/dpo/access/events', question),
          kind: 'secondary',
          icon: 'list-check',
        }),
      },
    )}`,
  };
}

function unusualList(visit: Visit, { unusual, cards, question }: Overview): Fragment {
  const { language } = visit;
  const words = strings[language];
  if (unusual.length === 0) {
    return emptyState({ icon: 'circle-check', title: words.usualTitle, text: words.usualText });
  }
  return grid(
    unusual.map((reader) =>
      card({
        title: sayWho(language, cards, { kind: 'person', id: reader.pseudonym, ...pick(reader) }),
        icon: 'alert-triangle',
        level: 3,
        note: words.lookedAt(formatNumber(language, reader.people), formatNumber(language, reader.usual, 1)),
        body: html`<p>${reader.why.map((why) => html`${badge(words[`why_${why}`], 'warning')} `)}</p>`,
        actions:
          reader.personId === undefined
            ? html``
            : buttonLink({
                label: words.seeAccesses,
                href: addressOf('/dpo/access/events', question, { person: reader.personId, as: 'actor' }),
                kind: 'secondary',
              }),
      }),
    ),
  );
}

function pick({ personId }: UnusualReader): { readonly personId?: string } {
  return personId === undefined ? {} : { personId };
}
