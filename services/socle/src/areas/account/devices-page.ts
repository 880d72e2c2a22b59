import type { SessionEntry } from '@socle/identity';
import { badge, dataTable, formatDateTime, html, nothing } from '@socle/pages';
import type { AreaPage, Visit } from '../visit.ts';
import { act } from './security-page.ts';
import { strings } from './strings.ts';

/** `/account/devices`: open sessions. */
export function renderDevices(visit: Visit, sessions: readonly SessionEntry[]): AreaPage {
  const { language, session } = visit;
  const words = strings[language];
  const others = sessions.filter(({ id }) => id !== session.id);
  const table = dataTable({
    language,
    caption: words.devicesTitle,
    captionHidden: true,
    rows: sessions,
    columns: [
      {
        title: words.device,
        names: true,
        cell: (entry) =>
          html`${entry.device} ${entry.id === session.id ? badge(words.thisDevice, 'good') : nothing}${
            entry.sharedComputer ? badge(words.sharedDevice) : nothing
          }`,
      },
      { title: words.since, cell: (entry) => formatDateTime(language, entry.authenticatedAt) },
      { title: words.lastSeen, cell: (entry) => formatDateTime(language, entry.lastSeenAt) },
      {
        title: words.endOne,
        cell: (entry) =>
          entry.id === session.id
            ? nothing
            : act(
                visit,
                `/account/devices/${entry.id}/ended`,
                words.endOne,
                `${entry.device}, ${formatDateTime(language, entry.authenticatedAt)}, ${position(sessions, entry)}`,
              ),
      },
    ],
  });
  const rest =
    others.length === 0
      ? html`<p class="muted">${words.onlyThis}</p>`
      : act(visit, '/account/devices/ended', words.endAll);
  return { title: words.devicesTitle, lead: words.devicesLead, body: html`${table}${rest}` };
}

/** Its place in the list: two sign-ins of one minute on like devices still have names of their own. */
function position(sessions: readonly SessionEntry[], entry: SessionEntry): string {
  return `${sessions.indexOf(entry) + 1}/${sessions.length}`;
}
