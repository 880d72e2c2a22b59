import { html, nothing, type Fragment } from '../html.ts';
import type { IconName } from '../icons/icon-names.ts';
import { icon } from '../icons/icon.ts';

/** What stands where nothing is yet: what will come here, and how. */
export function emptyState(options: {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly action?: Fragment;
}): Fragment {
  return html`<div class="empty"><span class="mark mark-large">${icon(options.icon)}</span><p class="empty-title">${options.title}</p><p class="muted">${options.text}</p>${options.action ?? nothing}</div>`;
}
