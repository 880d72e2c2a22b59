/** One figure of a benchmark. */
export interface BenchResult {
  /** What was measured, in words. */
  readonly name: string;
  readonly value: number;
  /** `1/s`, `ms`, `MB`, `ratio`, … */
  readonly unit: string;
  /** The limit it is held to, as text (`≥ 0.80`); absent where the figure is for information. */
  readonly target?: string;
}
