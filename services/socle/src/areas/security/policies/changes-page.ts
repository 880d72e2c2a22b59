import { sayChange, type AccessChange, type Phrases, type Policies } from '@socle/authorization';
import {
  card,
  emptyState,
  figure,
  figures,
  formatNumber,
  html,
  icon,
  join,
  rankedBars,
  section,
  type Fragment,
} from '@socle/pages';
import type { AreaPage, Visit } from '../../visit.ts';
import { strings } from './strings.ts';

/** Who gained and who lost from the last release to the policies in force. */
export function renderChanges(
  visit: Visit,
  found: {
    readonly changes: readonly AccessChange[];
    readonly before: Policies;
    readonly policies: Policies;
    readonly phrases: Phrases;
  },
): AreaPage {
  const { language } = visit;
  const words = strings[language];
  const gains = found.changes.filter(({ change }) => change === 'gains');
  const losses = found.changes.filter(({ change }) => change === 'loses');
  const roleOf = ({ facts }: AccessChange): string =>
    (facts.find(({ role }) => role !== 'anyone') ?? facts[0])?.role ?? 'anyone';
  const nameOf = (role: string): string => capitalise(found.phrases.roles.get(role)?.[language] ?? role);
  const list = (changes: readonly AccessChange[], title: string): Fragment => {
    if (changes.length === 0) return html``;
    const byRole = [...Map.groupBy(changes, roleOf)].toSorted(([, a], [, b]) => b.length - a.length);
    const picture = rankedBars({
      language,
      title: words.mostChanged(nameOf(byRole[0]?.[0] ?? 'anyone')),
      items: byRole.map(([role, { length }]) => ({ name: nameOf(role), count: length })),
    });
    const details = byRole.map(
      ([role, of]) =>
        html`<details class="disclosure"><summary>${icon('chevron-right')}${nameOf(role)} (${formatNumber(language, of.length)})</summary><div class="disclosure-body"><ul>${of.map((change) => html`<li>${sayChange(change, found.phrases, language)}</li>`)}</ul></div></details>`,
    );
    return section({
      title,
      lead: words.changesHint,
      body: html`${picture}${card({ body: join(details) })}`,
    });
  };
  const body =
    found.changes.length === 0
      ? emptyState({ icon: 'circle-check', title: words.unchangedTitle, text: words.unchangedText })
      : html`${figures([
          figure({ value: formatNumber(language, gains.length), label: words.gains }),
          figure({ value: formatNumber(language, losses.length), label: words.losses }),
        ])}${list(gains, words.gainsTitle)}${list(losses, words.lossesTitle)}`;
  return {
    title: words.changesTitle,
    lead: words.changesLead(found.before.digest.slice(0, 12), found.policies.digest.slice(0, 12)),
    body,
  };
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
