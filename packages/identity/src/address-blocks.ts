import { isIPv4, isIPv6 } from 'node:net';

/**
 * The blocks by which attempts from an address are counted: IPv4 by itself, IPv6 by its /64 and its /56, since
 * one subscriber holds a whole /56. Every textual form of an address gives the same blocks.
 */
export function buildAddressBlocks(address: string): readonly string[] {
  const plain = address.split('%')[0] ?? '';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined && isIPv4(mapped)) return [`${mapped}/32`];
  if (isIPv4(plain)) return [`${plain}/32`];
  if (!isIPv6(plain)) return ['unknown'];
  const groups = expand(plain);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    const [high = 0, low = 0] = groups.slice(6);
    return [`${high >> 8}.${high & 255}.${low >> 8}.${low & 255}/32`];
  }
  const hex = groups.map((group) => group.toString(16).padStart(4, '0')).join('');
  return [`${hex.slice(0, 16)}/64`, `${hex.slice(0, 14)}/56`];
}

function expand(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const left = parseGroups(head);
  if (tail === undefined) return left;
  const right = parseGroups(tail);
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}

function parseGroups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}
