import { describe, expect, it } from 'vitest';
import { truncateAddress } from './network.ts';

describe('truncateAddress', () => {
  it('gives undefined for what is not an address', () => {
    for (const odd of ['', 'unknown', '192.0.2', '2001:db8:::1', '[::1]', 'fe80', '1.2.3.4.5']) {
      expect(truncateAddress(odd)).toBeUndefined();
    }
  });

  it('keeps 24 bits of an IPv4 address and 48 bits of an IPv6 address', () => {
    expect(truncateAddress('192.0.2.77')).toBe('192.0.2.0/24');
    expect(truncateAddress('2001:db8:1234:5678::9')).toBe('2001:db8:1234::/48');
    expect(truncateAddress('2001:db8::9')).toBe('2001:db8:0::/48');
    expect(truncateAddress('::1')).toBe('0:0:0::/48');
    expect(truncateAddress('fe80::1%eth0')).toBe('fe80:0:0::/48');
  });

  it('sees the IPv4 address inside its IPv6 mapping', () => {
    expect(truncateAddress('::ffff:192.0.2.77')).toBe('192.0.2.0/24');
    expect(truncateAddress('::ffff:c000:24d')).toBe('192.0.2.0/24');
    expect(truncateAddress('::192.0.2.77')).toBe('0:0:0::/48');
  });
});
