import { z } from 'zod';

/** How a person wants their tiles, by the tiles' ids. What is named nowhere comes last, in the order offered. */
export interface Arrangement {
  readonly pinned: readonly string[];
  readonly order: readonly string[];
  readonly hidden: readonly string[];
}

/** Tiles where the person put them. */
export interface Arranged<Tile> {
  readonly pinned: readonly Tile[];
  readonly others: readonly Tile[];
  readonly hidden: readonly Tile[];
}

/** What a person does to one tile. */
export const arrangementActs = ['earlier', 'later', 'pin', 'unpin', 'hide', 'show'] as const;
export type ArrangementAct = (typeof arrangementActs)[number];

/** Ids that are kept at most: services come and go over the years. */
const MOST_IDS = 200;

const ids = z.array(z.string().max(64)).max(MOST_IDS);
const stored = z.object({ pinned: ids, order: ids, hidden: ids });

/** Nothing moved, nothing put away. */
export const noArrangement: Arrangement = Object.freeze({ pinned: [], order: [], hidden: [] });

/** Reads what was kept; what cannot be read counts as not arranged. */
export function parseArrangement(kept: unknown): Arrangement {
  const parsed = stored.safeParse(kept);
  return parsed.success ? parsed.data : noArrangement;
}

/** Puts the offered tiles where the person wants them. Every tile stands in one of the lists, once. */
export function arrange<Tile extends { readonly id: string }>(
  offered: readonly Tile[],
  { pinned, order, hidden }: Arrangement,
): Arranged<Tile> {
  const away = new Set(hidden);
  const first = new Set(pinned);
  const shown = offered.filter(({ id }) => !away.has(id));
  return {
    pinned: sortBy(
      shown.filter(({ id }) => first.has(id)),
      pinned,
    ),
    others: sortBy(
      shown.filter(({ id }) => !first.has(id)),
      order,
    ),
    hidden: offered.filter(({ id }) => away.has(id)),
  };
}

/**
 * The arrangement after one act on one tile; the same one when the act changes nothing. Tiles that are not offered now
 * keep what was wanted of them.
 */
export function applyAct(
  offered: readonly { readonly id: string }[],
  before: Arrangement,
  act: ArrangementAct,
  id: string,
): Arrangement {
  if (!offered.some((tile) => tile.id === id)) return before;
  const now = arrange(offered, before);
  const pinned = now.pinned.map((tile) => tile.id);
  const others = now.others.map((tile) => tile.id);
  const hidden = now.hidden.map((tile) => tile.id);
  const without = (list: readonly string[]) => list.filter((each) => each !== id);
  const known = new Set(offered.map((tile) => tile.id));
  const keep = (list: readonly string[], old: readonly string[]) =>
    [...list, ...old.filter((each) => !known.has(each))].slice(0, MOST_IDS);
  const result = (next: { pinned?: string[]; others?: string[]; hidden?: string[] }): Arrangement => ({
    pinned: keep(next.pinned ?? pinned, before.pinned),
    order: keep(next.others ?? others, before.order),
    hidden: keep(next.hidden ?? hidden, before.hidden),
  });
  switch (act) {
    case 'earlier':
    case 'later': {
      const step = act === 'earlier' ? -1 : 1;
      return result({ pinned: move(pinned, id, step), others: move(others, id, step) });
    }
    case 'pin':
      return result({ pinned: [...without(pinned), id], others: without(others), hidden: without(hidden) });
    case 'unpin':
      return pinned.includes(id) ? result({ pinned: without(pinned), others: [id, ...others] }) : before;
    case 'hide':
      return result({ pinned: without(pinned), others: without(others), hidden: [...without(hidden), id] });
    case 'show':
      return hidden.includes(id) ? result({ others: [...others, id], hidden: without(hidden) }) : before;
  }
}

function sortBy<Tile extends { readonly id: string }>(
  tiles: readonly Tile[],
  wanted: readonly string[],
): Tile[] {
  const place = new Map(wanted.map((id, index) => [id, index]));
  const placeOf = ({ id }: Tile) => place.get(id) ?? Number.POSITIVE_INFINITY;
  // two tiles without a place are equal: the order offered stays
  return tiles.toSorted((a, b) => (placeOf(a) === placeOf(b) ? 0 : placeOf(a) - placeOf(b)));
}

function move(list: readonly string[], id: string, step: number): string[] {
  const from = list.indexOf(id);
  const to = from + step;
  if (from === -1 || to < 0 || to >= list.length) return [...list];
  return list.with(from, list[to] ?? id).with(to, id);
}
