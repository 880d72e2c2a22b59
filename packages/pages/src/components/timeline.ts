import { html, nothing, type Content, type Fragment } from '../html.ts';
import type { IconName } from '../icons/icon-names.ts';
import { icon } from '../icons/icon.ts';
import { formatDateTime } from '../languages/format.ts';
import type { Language } from '../languages/language.ts';

/** Something that happened, newest first in a list. */
export interface TimelineEntry {
  readonly at: Date;
  readonly title: string;
  readonly text?: Content;
  readonly icon: IconName;
}

/** What happened and when; `empty` stands in place of a list without entries. */
export function timeline(options: {
  readonly language: Language;
  readonly label: string;
  readonly entries: readonly TimelineEntry[];
  readonly timeZone?: string;
  readonly empty?: Fragment;
}): Fragment {
  if (options.entries.length === 0) return options.empty ?? nothing;
  const items = options.entries.map(
    (entry) =>
      html`<li class="moment"><span class="mark moment-mark">${icon(entry.icon)}</span><div class="moment-words"><p class="moment-title">${entry.title}</p><p class="moment-time"><time datetime="${entry.at.toISOString()}">${formatDateTime(options.language, entry.at, options.timeZone)}</time></p>${entry.text === undefined ? nothing : html`<div class="moment-text">${entry.text}</div>`}</div></li>`,
  );
  return html`<ol class="timeline" role="list" aria-label="${options.label}">${items}</ol>`;
}
