import { describe, expect, it } from 'vitest';
import { buildAddressBlocks } from './address-blocks.ts';

describe('buildAddressBlocks', () => {
  it('counts an IPv4 address by itself, in every form it may take', () => {
    for (const form of [
      '192.0.2.7',
      '::ffff:192.0.2.7',
      '::FFFF:192.0.2.7',
      '::ffff:c000:207',
      '0:0:0:0:0:ffff:c000:207',
    ]) {
      expect(buildAddressBlocks(form)).toEqual(['192.0.2.7/32']);
    }
  });

  it('counts an IPv6 address by its /64 and its /56', () => {
    const blocks = buildAddressBlocks('2001:db8:1:2fe::1');
    expect(blocks).toEqual(['20010db8000102fe/64', '20010db8000102/56']);
    expect(buildAddressBlocks('2001:0DB8:0001:02fe:ffff:1:2:3%eth0')).toEqual(blocks);
    expect(buildAddressBlocks('2001:db8:1:2ff::1')[1]).toBe(blocks[1]);
    expect(buildAddressBlocks('2001:db8:1:3ff::1')[1]).not.toBe(blocks[1]);
    expect(buildAddressBlocks('::1')).toEqual(['0000000000000000/64', '00000000000000/56']);
  });

  it('puts what is no address in one block', () => {
    for (const odd of ['', 'unix:', '1.2.3', '2001:::1'])
      expect(buildAddressBlocks(odd)).toEqual(['unknown']);
  });
});
