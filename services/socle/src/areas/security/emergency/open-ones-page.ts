import {
  button,
  card,
  descriptionList,
  emptyState,
  form,
  formatDateTime,
  formatTime,
  stack,
  type Fragment,
} from '@socle/pages';
import type { EmergencyAccess } from '../../../emergency/emergency.ts';
import type { AreaPage, Visit } from '../../visit.ts';
import { strings } from './strings.ts';

/** Those that are open, for those who watch them. */
export function renderOpenOnes(
  visit: Visit,
  open: readonly EmergencyAccess[],
  area: '/security' | '/dpo',
): AreaPage {
  const words = strings[visit.language];
  return {
    title: open.length === 0 ? words.noneTitle : words.warning(open.length),
    lead: words.watchLead,
    body:
      open.length === 0
        ? emptyState({ icon: 'circle-check', title: words.noneOpen, text: words.noneText })
        : stack(...open.map((access) => accessCard(visit, access, `${area}/emergency/${access.id}/closed`))),
  };
}

/** One that is open, with the form that closes it. */
export function accessCard(visit: Visit, access: EmergencyAccess, closeAt: string): Fragment {
  const { language } = visit;
  const words = strings[language];
  return card({
    title: access.displayName,
    icon: 'alert-triangle',
    level: 3,
    note: access.school?.name ?? '',
    body: descriptionList([
      { term: words.reason, description: access.reason ?? '' },
      { term: words.since, description: formatDateTime(language, access.from) },
      { term: words.until, description: formatTime(language, access.to) },
    ]),
    actions: form({
      action: closeAt,
      fields: visit.fields(),
      body: button({ label: words.close, kind: 'danger', about: access.displayName }),
      label: `${words.close} ${access.displayName}`,
    }),
  });
}
