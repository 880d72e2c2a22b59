import { sayChange, type AccessChange, type Phrases, type Policies } from '@socle/authorization';
import { card, emptyState, figure, figures, formatNumber, html, section, type Fragment } from '@socle/pages';
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
  const list = (changes: readonly AccessChange[], title: string): Fragment =>
    changes.length === 0
      ? html``
      : section({
          title,
          body: card({
            body: html`<ul>${changes.map((change) => html`<li>${sayChange(change, found.phrases, language)}</li>`)}</ul>`,
          }),
        });
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
