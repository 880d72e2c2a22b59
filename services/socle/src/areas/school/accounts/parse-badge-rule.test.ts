import { describe, expect, it } from 'vitest';
import { parseBadgeRule } from './parse-badge-rule.ts';

const typed = { isLimited: true, opensAt: '08:00', closesAt: '17:30', days: ['5', '1'], networks: '' };
const parse = (changes: Partial<typeof typed>) => parseBadgeRule({ ...typed, ...changes }, 'Europe/Paris');

describe('what was typed as hours and networks of badges', () => {
  it('is a rule with its days in order and its networks one by one', () => {
    expect(parse({ networks: '192.0.2.0/24\r\n2001:db8::/48, 198.51.100.7\n' })).toEqual({
      rule: {
        timeZone: 'Europe/Paris',
        opensAt: '08:00',
        closesAt: '17:30',
        weekdays: [1, 5],
        networks: ['192.0.2.0/24', '2001:db8::/48', '198.51.100.7'],
      },
    });
    expect(parse({ isLimited: false, opensAt: 'nonsense' })).toEqual({ rule: undefined });
  });

  it('is refused with every field that is wrong', () => {
    expect(parse({ opensAt: '17:30', closesAt: '08:00', days: ['8'], networks: 'here' })).toEqual({
      problems: [{ field: 'opens-at' }, { field: 'day' }, { field: 'networks', line: 'here' }],
    });
    for (const times of [
      { opensAt: '8:00' },
      { closesAt: '24:00' },
      { opensAt: '' },
      { closesAt: '08:00' },
    ]) {
      expect(parse(times)).toEqual({ problems: [{ field: 'opens-at' }] });
    }
    const lines = [
      '0.0.0.0/0',
      '::/0',
      '192.0.2.0/33',
      '192.0.2.0/24/1',
      '192.0.2',
      'fe80::1%eth0',
      '::1/-1',
    ];
    for (const line of lines)
      expect(parse({ networks: line })).toEqual({ problems: [{ field: 'networks', line }] });
    const many = Array.from({ length: 41 }, (_, n) => `192.0.2.${n}`).join('\n');
    expect(parse({ networks: many })).toEqual({ problems: [{ field: 'networks' }] });
  });
});
