import type { Hex } from './colour.ts';

/** What a colour is for. Components name roles, never colours. */
export type ColourRole =
  | 'ground'
  | 'surface'
  | 'sunken'
  | 'line'
  | 'line-strong'
  | 'text'
  | 'muted'
  | 'accent'
  | 'accent-strong'
  | 'accent-soft'
  | 'on-accent'
  | 'good'
  | 'good-soft'
  | 'warning'
  | 'warning-soft'
  | 'danger'
  | 'danger-soft'
  | 'on-danger'
  | 'focus';

/** A colour for each role. */
export type Palette = Readonly<Record<ColourRole, Hex>>;

/** Colours by day: warm paper, ink, one lagoon accent. */
export const light: Palette = {
  ground: '#faf7f1',
  surface: '#ffffff',
  sunken: '#f3eee4',
  line: '#e6dfd2',
  'line-strong': '#85796a',
  text: '#24211d',
  muted: '#5b5449',
  accent: '#0f5f66',
  'accent-strong': '#0a474d',
  'accent-soft': '#e3f0ef',
  'on-accent': '#ffffff',
  good: '#1f6637',
  'good-soft': '#e5f2e6',
  warning: '#7a4a00',
  'warning-soft': '#fdf0d5',
  danger: '#a3262a',
  'danger-soft': '#fce9e6',
  'on-danger': '#ffffff',
  focus: '#1b4fd1',
};

/** Colours by night: warm dark, the accent lightened. */
export const dark: Palette = {
  ground: '#171614',
  surface: '#211f1c',
  sunken: '#121110',
  line: '#3a3732',
  'line-strong': '#958b7d',
  text: '#f3eee5',
  muted: '#bdb4a6',
  accent: '#7fcdd0',
  'accent-strong': '#a6e0e1',
  'accent-soft': '#1b3436',
  'on-accent': '#0c2a2c',
  good: '#8fd3a1',
  'good-soft': '#1d3324',
  warning: '#f1c477',
  'warning-soft': '#3a2d14',
  danger: '#ffa8a0',
  'danger-soft': '#41211f',
  'on-danger': '#3a0f0d',
  focus: '#9fbcff',
};

const spaces = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16] as const;

/** The stylesheet of tokens: spacing on a 4 px scale in rem, one radius, three elevations, type, colours by role. */
export function tokensStylesheet(): string {
  const scale = spaces.map((step) => `  --space-${step}: ${step / 4}rem;`).join('\n');
  return `@layer tokens {
:root {
  color-scheme: light dark;
${scale}
  --radius: 0.75rem;
  --target: 2.75rem;
  --measure: 70ch;
  --font: 'Atkinson Hyperlegible Next', system-ui, 'Segoe UI', sans-serif;
  --size-small: 0.9375rem;
  --size-body: 1.0625rem;
  --size-large: 1.25rem;
  --size-title: clamp(1.625rem, 1.35rem + 1.2vw, 2.25rem);
${rootBlock(light)}
  --elevation-1: 0 1px 2px rgb(60 45 20 / 0.06);
  --elevation-2: 0 1px 2px rgb(60 45 20 / 0.05), 0 6px 18px rgb(60 45 20 / 0.07);
  --elevation-3: 0 2px 6px rgb(60 45 20 / 0.08), 0 18px 48px rgb(60 45 20 / 0.14);
}
@media (prefers-color-scheme: dark) {
  :root {
${rootBlock(dark)}
    --elevation-1: 0 1px 2px rgb(0 0 0 / 0.4);
    --elevation-2: 0 1px 2px rgb(0 0 0 / 0.4), 0 6px 18px rgb(0 0 0 / 0.35);
    --elevation-3: 0 2px 6px rgb(0 0 0 / 0.4), 0 18px 48px rgb(0 0 0 / 0.5);
  }
}
}
`;
}

/** The custom properties of a palette, or of some roles of it. */
export function rootBlock(palette: Partial<Palette>): string {
  return Object.entries(palette)
    .map(([role, colour]) => `  --${role}: ${colour};`)
    .join('\n');
}
