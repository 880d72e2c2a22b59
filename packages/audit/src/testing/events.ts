import { defineActions } from '../actions.ts';
import type { NewEvent } from '../event.ts';

/** Actions that exist for the tests of the log only. */
export const sampleActions = defineActions({
  'sample.record.read': {
    class: 'A',
    title: { fr: 'Fiche consultée', en: 'Record read' },
    detail: {
      'count?': 'integer',
      'codes?': 'codes',
      'thing?': 'id',
      'pupil?': 'person',
      'ratio?': 'number',
      'kept?': 'boolean',
      'seenAt?': 'instant',
      'onDay?': 'day',
      'sum?': 'digest',
      'rule?': 'code',
    },
  },
  'sample.session.opened': {
    class: 'B',
    title: { fr: 'Session ouverte', en: 'Session opened' },
    detail: { method: 'code' },
  },
  'sample.page.shown': {
    class: 'C',
    title: { fr: 'Page affichée', en: 'Page shown' },
    detail: {},
  },
});

/** An ordinary event of about 450 bytes, with the given parts changed. */
export function buildSampleEvent(change: Partial<NewEvent> = {}): NewEvent {
  return {
    controller: 'academie-99',
    actor: { kind: 'person', id: '018f3c1e-7a00-7000-8000-00000000000a' },
    action: 'sample.record.read',
    target: { kind: 'person', id: '018f3c1e-7a00-7000-8000-00000000000b' },
    outcome: 'success',
    session: 'c2Vzc2lvbg',
    network: { address: '192.0.2.44', agent: 'Mozilla/5.0 (X11; Linux x86_64)' },
    detail: { count: 3, rule: 'sample.teacher' },
    correlation: 'req-0001',
    ...change,
  };
}
