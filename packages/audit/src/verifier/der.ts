/** One element of DER (X.690): its tag, and where its content stands. */
export interface Element {
  readonly tag: number;
  /** The whole element, header included. */
  readonly bytes: Buffer;
  readonly content: Buffer;
}

export const TAG = Object.freeze({
  integer: 0x02,
  octets: 0x04,
  oid: 0x06,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
  context0: 0xa0,
});

/** The elements that stand side by side in `bytes`, or undefined when they do not fill it exactly. */
export function readElements(bytes: Buffer): readonly Element[] | undefined {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at + 1];
    if (first === undefined || first === 0x80) return undefined;
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    if (lengthBytes > 3 || at + 2 + lengthBytes > bytes.length) return undefined;
    const start = at + 2 + lengthBytes;
    const end = start + (lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes));
    if (end > bytes.length) return undefined;
    elements.push({
      tag: bytes[at]!,
      bytes: bytes.subarray(at, end),
      content: bytes.subarray(start, end),
    });
    at = end;
  }
  return elements;
}

/** The children of an element; none when it is missing, has another tag, or is malformed. */
export function childrenOf(element: Element | undefined, tag: number): readonly Element[] {
  return element?.tag === tag ? (readElements(element.content) ?? []) : [];
}

/** The content of an object identifier in its dotted form (X.690 §8.19). */
export function readOid(element: Element | undefined): string | undefined {
  if (element?.tag !== TAG.oid || element.content.length === 0) return undefined;
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of element.content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first = 0, ...rest] = arcs;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - 40 * top, ...rest].join('.');
}
