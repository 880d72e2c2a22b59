import { invariant } from '@socle/base';
import { trustedHtml, type Fragment } from '../html.ts';

/** The colours a drawing may name: each stands for a role, painted by the stylesheet through a class. */
export const paint = {
  text: '#000001',
  muted: '#000002',
  line: '#000003',
  surface: '#000004',
  series1: '#000011',
  series2: '#000012',
  series3: '#000013',
  series4: '#000014',
} as const;

const roleOf: ReadonlyMap<string, string> = new Map(
  Object.entries(paint).map(([role, colour]) => [colour, role]),
);
const elements: ReadonlySet<string> = new Set([
  'svg',
  'g',
  'path',
  'rect',
  'circle',
  'line',
  'polyline',
  'polygon',
  'text',
  'tspan',
  'defs',
  'clippath',
]);
const attributes: ReadonlySet<string> = new Set([
  'd',
  'x',
  'y',
  'dx',
  'dy',
  'x1',
  'y1',
  'x2',
  'y2',
  'r',
  'cx',
  'cy',
  'rx',
  'ry',
  'width',
  'height',
  'points',
  'transform',
  'viewBox',
  'fill-opacity',
  'stroke-opacity',
  'opacity',
  'stroke-width',
  'stroke-linecap',
  'stroke-linejoin',
  'stroke-dasharray',
  'dominant-baseline',
  'text-anchor',
  'paint-order',
  'stroke-miterlimit',
]);

/** How a drawing enters a page. */
export interface SafeSvgOptions {
  readonly svgClass: string;
  /** Series after the first are filled with the patterns of this prefix and their role, which the page defines. */
  readonly patternPrefix?: string;
}

/**
 * Rebuilds a drawing of echarts for a page under the strict policy: known elements and attributes only, no style
 * attribute or element, no event, no address but its own clips, ids made unique by `idPrefix`, colours turned into
 * classes. Text is already escaped by echarts and is escaped again where a bare `<` or quote remains.
 */
export function safeSvg(source: string, idPrefix: string, options: SafeSvgOptions): Fragment {
  const withoutStyles = source.replace(/<style\b[\s\S]*?<\/style\s*>/g, '');
  let output = '';
  let position = 0;
  for (const match of withoutStyles.matchAll(/<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g)) {
    output += safeText(withoutStyles.slice(position, match.index));
    position = match.index + match[0].length;
    const [, closing = '', element = '', inside = '', selfClosing = ''] = match;
    if (!elements.has(element.toLowerCase())) continue;
    output +=
      closing === '/'
        ? `</${element}>`
        : `<${element}${safeAttributes(element, inside, idPrefix, options)}${selfClosing}>`;
  }
  output += safeText(withoutStyles.slice(position));
  return trustedHtml(output.trim());
}

function safeAttributes(element: string, inside: string, idPrefix: string, options: SafeSvgOptions): string {
  const classes: string[] = element === 'svg' ? [options.svgClass] : [];
  let output = '';
  for (const [, name = '', value = ''] of inside.matchAll(/([\w:-]+)="([^"<]*)"/g)) {
    if (attributes.has(name) && !/[()]/.test(name === 'transform' ? '' : value))
      output += ` ${name}="${value}"`;
    else if (name === 'id') output += ` id="${idPrefix}${value}"`;
    else if (name === 'clip-path' && /^url\(#[\w-]+\)$/.test(value))
      output += ` clip-path="url(#${idPrefix}${value.slice(5)}"`;
    else if (name === 'fill' || name === 'stroke') {
      const role = roleOf.get(value);
      const pattern =
        name === 'fill' && options.patternPrefix !== undefined && /^series[2-9]$/.test(role ?? '');
      if (pattern) output += ` fill="url(#${options.patternPrefix}${role})"`;
      else if (role !== undefined) classes.push(`chart-${name}-${role}`);
      else if (value === 'none' || value === 'transparent') output += ` ${name}="none"`;
    }
  }
  if (element === 'svg') output += ' aria-hidden="true" focusable="false"';
  return classes.length > 0 ? `${output} class="${classes.join(' ')}"` : output;
}

function safeText(text: string): string {
  invariant(!text.includes('<'), 'a drawing has markup that the reader does not know');
  return text.replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
