import { hrefAttribute } from '../address.ts';
import { html, nothing, type Fragment } from '../html.ts';
import { iconOr } from '../icons/icon.ts';

/** A service that a person may open. */
export interface TileOptions {
  readonly title: string;
  readonly description?: string;
  readonly href: string;
  /** An icon of the kit; another name shows a plain one. */
  readonly icon: string;
  /** What is new there, in words ("2 nouvelles notes"). */
  readonly news?: string;
}

/** The tile of a service: the whole of it is the link. */
export function tile(options: TileOptions): Fragment {
  const description =
    options.description === undefined
      ? nothing
      : html`<p class="tile-description">${options.description}</p>`;
  const news = options.news === undefined ? nothing : html`<p class="tile-news">${options.news}</p>`;
  return html`<li class="tile"><span class="mark mark-large">${iconOr(options.icon, 'layout-grid')}</span><div class="tile-words"><h3 class="tile-title"><a${hrefAttribute(options.href)}>${options.title}</a></h3>${description}${news}</div></li>`;
}

/** The services in a grid that keeps their order. */
export function tileGrid(tiles: readonly TileOptions[]): Fragment {
  return html`<ul class="tiles" role="list">${tiles.map(tile)}</ul>`;
}
