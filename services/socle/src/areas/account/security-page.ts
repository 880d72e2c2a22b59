import type { FactorList } from '@socle/identity';
import {
  button,
  buttonLink,
  card,
  descriptionList,
  form,
  formatDate,
  grid as columns,
  html,
  join,
  type Fragment,
} from '@socle/pages';
import { isYoungPupil } from '../../modules/young-pupil.ts';
import type { AreaPage, Visit } from '../visit.ts';
import { strings } from './strings.ts';

/** `/account`: what the person signs in with. */
export function renderSecurity(visit: Visit, account: { readonly login: string }, has: FactorList): AreaPage {
  const words = strings[visit.language];
  if (isYoungPupil(visit.context)) return renderYoung(visit, account);
  return {
    title: words.title,
    lead: words.lead,
    body: html`${descriptionList([{ term: words.identifier, description: account.login }])}${columns([
      card({
        title: words.password,
        icon: 'key',
        note: words.passwordNote,
        actions: buttonLink({ label: words.changePassword, href: '/account/password' }),
      }),
      card({
        title: words.passkeys,
        icon: 'fingerprint',
        note: words.passkeysNone,
        actions: buttonLink({ label: words.passkeysOpen, href: '/account/passkeys' }),
      }),
      codesCard(visit, has),
      recoveryCard(visit, has),
      gridCard(visit, has),
    ])}`,
  };
}

/** What a child of a primary school can do alone. What else they might set up is still open by its address. */
function renderYoung(visit: Visit, account: { readonly login: string }): AreaPage {
  const words = strings[visit.language];
  return {
    title: words.title,
    lead: words.youngLead,
    body: html`${descriptionList([{ term: words.identifier, description: account.login }])}${columns([
      card({ title: words.youngBadge, icon: 'id-badge-2', body: html`<p>${words.youngBadgeText}</p>` }),
      card({
        title: words.password,
        icon: 'key',
        body: html`<p>${words.youngPasswordText}</p>`,
        actions: buttonLink({ label: words.changePassword, href: '/account/password' }),
      }),
    ])}`,
  };
}

function codesCard(visit: Visit, { totp }: FactorList): Fragment {
  const words = strings[visit.language];
  return card({
    title: words.codes,
    icon: 'device-mobile',
    note: totp ? words.codesOn(formatDate(visit.language, totp.addedAt)) : words.codesOff,
    actions: join([
      buttonLink({ label: totp ? words.codesReplace : words.codesSetUp, href: '/account/codes' }),
      ...(totp ? [act(visit, '/account/codes/removed', words.codesRemove)] : []),
    ]),
  });
}

function recoveryCard(visit: Visit, { recovery }: FactorList): Fragment {
  const words = strings[visit.language];
  return card({
    title: words.recovery,
    icon: 'printer',
    note: recovery ? words.recoveryLeft(recovery.left) : words.recoveryOff,
    actions: act(visit, '/account/recovery', recovery ? words.recoveryRenew : words.recoveryMake),
  });
}

function gridCard(visit: Visit, { grid }: FactorList): Fragment {
  const words = strings[visit.language];
  return card({
    title: words.grid,
    icon: 'table',
    note: grid ? words.gridLeft(grid.left) : words.gridOff,
    actions: join([
      act(visit, '/account/grid', grid ? words.gridRenew : words.gridMake),
      ...(grid ? [act(visit, '/account/grid/removed', words.gridRemove)] : []),
    ]),
  });
}

/** A form that is one button. */
export function act(visit: Visit, action: string, label: string, about?: string): Fragment {
  return form({
    action,
    fields: visit.fields(),
    body: button({ label, kind: 'secondary', ...(about === undefined ? {} : { about }) }),
    label: about === undefined ? label : `${label} ${about}`,
  });
}
