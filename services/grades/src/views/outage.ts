import { button, buttonRow, form, html, join } from '@socle/pages';
import type { View, Wording } from './view.ts';

/** A save that the socle could not decide: the typed cells stay in the page and are sent again by one button. */
export function renderOutage(
  { strings, csrf }: Wording,
  content: { readonly action: string; readonly fields: readonly (readonly [string, string])[] },
): View {
  const cells = content.fields.filter(([name]) => name.startsWith('mark.')).length;
  const kept = content.fields.map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return {
    title: strings.outage.title,
    flash: [{ kind: 'warning', text: strings.outage.kept(cells) }],
    body: form({
      action: content.action,
      fields: { _csrf: csrf },
      body: [
        html`<p>${strings.outage.text}</p>`,
        join(kept),
        buttonRow(button({ label: strings.outage.retry, kind: 'primary', icon: 'refresh' })),
      ],
    }),
  };
}
