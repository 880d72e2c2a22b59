import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyAct, arrange, arrangementActs, noArrangement, parseArrangement } from './arrangement.ts';

const tiles = ['notes', 'mail', 'agenda'].map((id) => ({ id }));
const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);
const shown = (arrangement = noArrangement, offered = tiles) => {
  const { pinned, others, hidden } = arrange(offered, arrangement);
  return [ids(pinned), ids(others), ids(hidden)];
};

describe('the tiles of a portal', () => {
  it('stand in the order offered until somebody moves one', () => {
    expect(shown()).toEqual([[], ['notes', 'mail', 'agenda'], []]);
    const moved = applyAct(tiles, noArrangement, 'earlier', 'agenda');
    expect(shown(moved)).toEqual([[], ['notes', 'agenda', 'mail'], []]);
    expect(shown(applyAct(tiles, moved, 'later', 'notes'))).toEqual([[], ['agenda', 'notes', 'mail'], []]);
  });

  it('stay where they are at either end', () => {
    for (const [act, id] of [
      ['earlier', 'notes'],
      ['later', 'agenda'],
    ] as const) {
      expect(shown(applyAct(tiles, noArrangement, act, id))).toEqual(shown());
    }
  });

  it('are pinned before the others in the order of pinning, and come first of the others when unpinned', () => {
    const one = applyAct(tiles, noArrangement, 'pin', 'agenda');
    const two = applyAct(tiles, one, 'pin', 'notes');
    expect(shown(two)).toEqual([['agenda', 'notes'], ['mail'], []]);
    expect(shown(applyAct(tiles, two, 'unpin', 'agenda'))).toEqual([['notes'], ['agenda', 'mail'], []]);
  });

  it('are put away and come back last; a pinned one loses its pin', () => {
    const away = applyAct(tiles, applyAct(tiles, noArrangement, 'pin', 'notes'), 'hide', 'notes');
    expect(shown(away)).toEqual([[], ['mail', 'agenda'], ['notes']]);
    expect(shown(applyAct(tiles, away, 'show', 'notes'))).toEqual([[], ['mail', 'agenda', 'notes'], []]);
  });

  it('keep what was wanted of them while they are not offered', () => {
    const pinned = applyAct(tiles, noArrangement, 'pin', 'agenda');
    const fewer = tiles.slice(0, 2);
    const meanwhile = applyAct(fewer, pinned, 'hide', 'mail');
    expect(shown(meanwhile, fewer)).toEqual([[], ['notes'], ['mail']]);
    expect(shown(meanwhile)).toEqual([['agenda'], ['notes'], ['mail']]);
  });

  it('take no act on what is not offered, and nothing that cannot be read', () => {
    expect(applyAct(tiles, noArrangement, 'pin', 'admin')).toBe(noArrangement);
    expect(parseArrangement({ pinned: 'notes' })).toEqual(noArrangement);
    expect(parseArrangement(JSON.parse(JSON.stringify({ pinned: ['a'], order: [], hidden: [] })))).toEqual({
      pinned: ['a'],
      order: [],
      hidden: [],
    });
  });

  it('are each in one place, whatever is done to them', () => {
    const act = fc.tuple(fc.constantFrom(...arrangementActs), fc.constantFrom(...ids(tiles)));
    fc.assert(
      fc.property(fc.array(act, { maxLength: 20 }), (acts) => {
        const last = acts.reduce((before, [name, id]) => applyAct(tiles, before, name, id), noArrangement);
        expect(shown(last).flat().toSorted()).toEqual(ids(tiles).toSorted());
      }),
    );
  });
});
