/** A colour as #rrggbb. */
export type Hex = `#${string}`;

type Channels = readonly [number, number, number];

/** Contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance). */
export function contrast(one: Hex, other: Hex): number {
  const first = luminance(one);
  const second = luminance(other);
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
}

/** True for #rrggbb in lower or upper case. */
export function isHex(value: string): value is Hex {
  return /^#[0-9a-f]{6}$/i.test(value);
}

/** Mixes `share` (0 to 1) of `one` into `other`, in sRGB. */
export function mix(one: Hex, other: Hex, share: number): Hex {
  const first = channels(one);
  const second = channels(other);
  const blend = first.map((value, index) => Math.round(value * share + (second[index] ?? 0) * (1 - share)));
  return `#${blend.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/**
 * The nearest shade of `colour` whose contrast with every one of `grounds` is at least `ratio`: darkened towards
 * black, or lightened towards white when `direction` says so.
 */
export function reachContrast(
  colour: Hex,
  grounds: readonly Hex[],
  ratio: number,
  direction: 'darker' | 'lighter',
): Hex {
  const target: Hex = direction === 'darker' ? '#000000' : '#ffffff';
  for (let step = 0; step <= 100; step += 1) {
    const shade = mix(target, colour, step / 100);
    if (grounds.every((ground) => contrast(shade, ground) >= ratio)) return shade;
  }
  return target;
}

function channels(colour: Hex): Channels {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}

function luminance(colour: Hex): number {
  const [red, green, blue] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}
