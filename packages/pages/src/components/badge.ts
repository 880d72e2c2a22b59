import { html, nothing, type Fragment } from '../html.ts';
import type { IconName } from '../icons/icon-names.ts';
import { icon } from '../icons/icon.ts';

/** What a badge says: a state in one or two words, never by colour alone. */
export type BadgeTone = 'neutral' | 'accent' | 'good' | 'warning' | 'danger';

/** A badge. */
export function badge(label: string, tone: BadgeTone = 'neutral', iconName?: IconName): Fragment {
  return html`<span class="badge badge-${tone}">${iconName === undefined ? nothing : icon(iconName)}${label}</span>`;
}
