import { createRequire } from 'node:module';

/** What the kit uses of echarts. */
interface Drawing {
  setOption(option: Readonly<Record<string, unknown>>): void;
  renderToSVGString(): string;
  dispose(): void;
}

interface Echarts {
  init(dom: null, theme: null, options: Readonly<Record<string, unknown>>): Drawing;
}

/**
 * Draws an echarts option as SVG text. echarts is read at the first drawing (about 60 ms from a warm disk), so
 * services without charts never pay for it.
 */
export function drawWithEcharts(
  option: Readonly<Record<string, unknown>>,
  width: number,
  height: number,
): string {
  const echarts = loadEcharts();
  const drawing = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    drawing.setOption({ animation: false, ...option });
    return drawing.renderToSVGString();
  } finally {
    drawing.dispose();
  }
}

/** Reads echarts now, so that the first chart of a service does not wait. */
export function warmCharts(): void {
  loadEcharts();
}

// Node's module cache keeps it after the first call.
function loadEcharts(): Echarts {
  return createRequire(import.meta.url)('echarts/dist/echarts.common.min.js') as Echarts;
}
