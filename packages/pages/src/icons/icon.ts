import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { trustedHtml, type Fragment } from '../html.ts';
import { iconNames, isIconName, type IconName } from './icon-names.ts';

const drawings: ReadonlyMap<IconName, Fragment> = loadIcons();

/**
 * The icon as inline SVG in the colour of the text, hidden from screen readers: words always stand beside it.
 * 24 units wide, sized by the stylesheet.
 */
export function icon(name: IconName): Fragment {
  return drawings.get(name) ?? trustedHtml('');
}

/** The named icon when the kit has it, otherwise `fallback` (a module may ask for a name the kit does not have). */
export function iconOr(name: string, fallback: IconName): Fragment {
  return icon(isIconName(name) ? name : fallback);
}

// Read once when the program starts; the map never changes afterwards.
function loadIcons(): ReadonlyMap<IconName, Fragment> {
  const require = createRequire(import.meta.url);
  return new Map(
    iconNames.map((name) => {
      const source = readFileSync(require.resolve(`@tabler/icons/outline/${name}.svg`), 'utf8');
      const shapes = [...source.matchAll(/<(?:path|circle|rect|line|ellipse)\b[^>]*\/>/g)]
        .map(([shape]) => shape)
        .filter((shape) => !shape.includes('stroke="none" d="M0 0h24v24H0z"'))
        .join('');
      const svg = `<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${shapes}</svg>`;
      return [name, trustedHtml(svg)];
    }),
  );
}
