import { button, emptyState, form, html, iconOr, nothing, section, type Fragment } from '@socle/pages';
import type { Arranged, ArrangementAct } from '../../../portal/arrangement.ts';
import type { PortalTile } from '../../../portal/tiles.ts';
import type { AreaPage, Visit } from '../../visit.ts';
import { portalStrings } from './strings.ts';

/** Where tiles are arranged, and where its forms post. */
export const PORTAL_PATH = '/account/portal';

/** `/account/portal`: every tile with what can be done to it, each act one button of an ordinary form. */
export function renderArranging(visit: Visit, arranged: Arranged<PortalTile>): AreaPage {
  const words = portalStrings[visit.language];
  const { pinned, others, hidden } = arranged;
  const frame = {
    title: words.title,
    lead: words.lead,
    back: { href: '/', label: words.back },
    tabs: false,
  };
  if (pinned.length + others.length + hidden.length === 0) {
    return {
      ...frame,
      body: emptyState({ icon: 'layout-grid', title: words.noneTitle, text: words.noneText }),
    };
  }
  return {
    ...frame,
    body: html`${
      pinned.length === 0
        ? nothing
        : section({ title: words.pinned, body: list(visit, pinned, ['unpin', 'hide']) })
    }${
      others.length === 0
        ? nothing
        : section({ title: words.others, body: list(visit, others, ['pin', 'hide']) })
    }${
      hidden.length === 0
        ? nothing
        : section({ title: words.hidden, lead: words.hiddenLead, body: list(visit, hidden, ['show']) })
    }${form({
      action: `${PORTAL_PATH}/reset`,
      fields: visit.fields(),
      label: words.reset,
      body: button({ label: words.reset, kind: 'quiet', icon: 'arrow-back-up' }),
    })}`,
  };
}

function list(visit: Visit, tiles: readonly PortalTile[], acts: readonly ArrangementAct[]): Fragment {
  const moves = !acts.includes('show');
  const rows = tiles.map((tile, index) => {
    const possible: ArrangementAct[] = [
      ...(moves && index > 0 ? (['earlier'] as const) : []),
      ...(moves && index < tiles.length - 1 ? (['later'] as const) : []),
      ...acts,
    ];
    return html`<li class="arranged" id="${anchorOf(tile.id)}"><h3 class="arranged-name"><span class="mark">${iconOr(tile.icon, 'layout-grid')}</span>${tile.title}</h3>${actForm(visit, tile, possible)}</li>`;
  });
  return html`<ol class="arranged-list" role="list">${rows}</ol>`;
}

function actForm(visit: Visit, { id, title }: PortalTile, acts: readonly ArrangementAct[]): Fragment {
  const words = portalStrings[visit.language];
  return form({
    action: PORTAL_PATH,
    fields: visit.fields({ tile: id }),
    label: title,
    body: html`<div class="button-row">${acts.map((act) =>
      button({
        label: words[act],
        name: 'act',
        value: act,
        kind: 'secondary',
        icon: icons[act],
        about: title,
      }),
    )}</div>`,
  });
}

/** Where the browser comes back to after an act on a tile, so that the keyboard goes on from there. */
export function anchorOf(id: string): string {
  return `tile-${id.replace(':', '-')}`;
}

const icons = {
  earlier: 'chevron-up',
  later: 'chevron-down',
  pin: 'pin',
  unpin: 'pinned-off',
  hide: 'eye-off',
  show: 'eye',
} as const satisfies Record<ArrangementAct, string>;
