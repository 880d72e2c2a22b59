import { contrast, isHex, mix, reachContrast, type Hex } from './colour.ts';
import { dark, light, rootBlock, type Palette } from './tokens.ts';

type AccentRoles = Pick<Palette, 'accent' | 'accent-strong' | 'accent-soft' | 'on-accent'>;

/** Accents that a school can choose by name. */
export const namedAccents = {
  lagoon: '#0f5f66',
  ink: '#2f4a8a',
  heather: '#6a3f86',
  brick: '#9a3b26',
  moss: '#3f6220',
  slate: '#44505c',
} as const satisfies Record<string, Hex>;

/** A named accent or any #rrggbb; an unreadable colour is brought to readable contrast. */
export type Accent = keyof typeof namedAccents | Hex;

/** The colour of an accent, or undefined when it is neither a name nor #rrggbb. */
export function accentColour(accent: string): Hex | undefined {
  if (Object.hasOwn(namedAccents, accent)) return namedAccents[accent as keyof typeof namedAccents];
  return isHex(accent) ? (accent.toLowerCase() as Hex) : undefined;
}

/** The accent's roles by day and by night, each with a contrast of at least 4.5:1 where text meets it. */
export function buildAccent(colour: Hex): { readonly light: AccentRoles; readonly dark: AccentRoles } {
  return { light: shades(colour, light, 'darker'), dark: shades(colour, dark, 'lighter') };
}

/** The stylesheet that replaces the kit's accent by this one. */
export function accentStylesheet(colour: Hex): string {
  const built = buildAccent(colour);
  return `@layer accent {
:root {
${rootBlock(built.light)}
}
@media (prefers-color-scheme: dark) {
  :root {
${rootBlock(built.dark)}
  }
}
}
`;
}

function shades(colour: Hex, palette: Palette, direction: 'darker' | 'lighter'): AccentRoles {
  const soft = mix(colour, palette.surface, direction === 'darker' ? 0.1 : 0.2);
  const accent = reachContrast(
    colour,
    [palette.ground, palette.surface, palette.sunken, soft, '#ffffff'].slice(
      0,
      direction === 'darker' ? 5 : 4,
    ) as Hex[],
    5.5,
    direction,
  );
  const far: Hex = direction === 'darker' ? '#000000' : '#ffffff';
  const onDark: Hex = mix('#000000', accent, 0.75);
  return {
    accent,
    'accent-strong': mix(far, accent, 0.25),
    'accent-soft': soft,
    'on-accent': contrast('#ffffff', accent) >= 4.5 ? '#ffffff' : onDark,
  };
}
