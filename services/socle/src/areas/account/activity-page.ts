import type { ReadEvent } from '@socle/audit';
import { identityActions, type Notice } from '@socle/identity';
import { noticeTitle } from '../../http/notice-flashes.ts';
import { emptyState, timeline, type IconName } from '@socle/pages';
import type { AreaPage, Visit } from '../visit.ts';
import { strings } from './strings.ts';

/** `/account/activity`: sign-ins and changes of the account. */
export function renderActivity(
  visit: Visit,
  events: readonly ReadEvent[],
  notices: readonly Notice[],
): AreaPage {
  const { language, session, context } = visit;
  const children = new Map<string, string>(
    context.children.map(({ child }) => [child.id, child.displayName]),
  );
  const words = strings[language];
  return {
    title: words.activityTitle,
    lead: words.activityLead,
    body: timeline({
      language,
      label: words.activityTitle,
      empty: emptyState({ icon: 'history', title: words.activityNoneTitle, text: words.activityNone }),
      entries: [
        // One's own codes are among the events; here is what happened to a child's account.
        ...notices.flatMap((notice) => {
          const title =
            notice.about === session.personId
              ? undefined
              : noticeTitle(language, notice, session.personId, (id) => children.get(id));
          return title === undefined ? [] : [{ at: notice.at, icon: 'key' as const, title }];
        }),
        ...events.map((event) => ({
          at: event.at,
          icon: iconOf(event),
          title: titleOf(event.action, language),
          ...(event.actor.personId === session.personId || event.outcome === 'denied'
            ? {}
            : { text: words.byAnother }),
        })),
      ].toSorted((a, b) => b.at.getTime() - a.at.getTime()),
    }),
  };
}

function titleOf(action: string, language: 'fr' | 'en'): string {
  const known: Readonly<Record<string, { readonly title: { readonly fr: string; readonly en: string } }>> =
    identityActions;
  return known[action]?.title[language] ?? action;
}

function iconOf({ action, outcome }: ReadEvent): IconName {
  if (outcome === 'denied') return 'alert-triangle';
  if (action === 'identity.session.started') return 'login';
  if (action === 'identity.session.ended') return 'logout';
  return 'key';
}
