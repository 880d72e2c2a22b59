import type { ReadEvent } from '@socle/audit';
import { identityActions } from '@socle/identity';
import { emptyState, timeline, type IconName } from '@socle/pages';
import type { AreaPage, Visit } from '../visit.ts';
import { strings } from './strings.ts';

/** `/account/activity`: sign-ins and changes of the account. */
export function renderActivity(visit: Visit, events: readonly ReadEvent[]): AreaPage {
  const { language, session } = visit;
  const words = strings[language];
  return {
    title: words.activityTitle,
    lead: words.activityLead,
    body: timeline({
      language,
      label: words.activityTitle,
      empty: emptyState({ icon: 'history', title: words.activityNoneTitle, text: words.activityNone }),
      entries: events.map((event) => ({
        at: event.at,
        icon: iconOf(event),
        title: titleOf(event.action, language),
        ...(event.actor.personId === session.personId || event.outcome === 'denied'
          ? {}
          : { text: words.byAnother }),
      })),
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
