import type { Language } from '../languages/language.ts';

/** One line or group of bars. Null is a hole: no value was given. */
export interface ChartSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** A chart with named categories along the bottom and values upwards. At most four series. */
export interface ChartOptions {
  readonly language: Language;
  /** The finding, as a sentence ("Les notes montent depuis octobre"). */
  readonly title: string;
  readonly categories: readonly string[];
  readonly series: readonly ChartSeries[];
  /** What the categories are ("Contrôle"), heads the table behind. */
  readonly categoryTitle: string;
  readonly min?: number;
  readonly max?: number;
  /** Digits after the decimal mark, at most. Default 1. */
  readonly digits?: number;
  /** Height of the drawing in pixels. Default 260. */
  readonly height?: number;
  /** Level of the title. Default 3. */
  readonly level?: 2 | 3 | 4;
}

/** Series that a chart can tell apart with patterns and labels. */
export const maxSeries = 4;
