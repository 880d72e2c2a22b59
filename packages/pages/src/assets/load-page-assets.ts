import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join as joinPath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PagesError } from '../errors.ts';
import { accentColour, accentStylesheet, type Accent } from './accent.ts';
import { tokensStylesheet } from './tokens.ts';

/** A file ready to be answered: bytes and the headers that go with them. */
export interface PageAsset {
  readonly body: Buffer;
  readonly contentType: string;
  /** A year, immutable: the address holds a digest of the content. */
  readonly cacheControl: string;
  readonly etag: string;
}

/** The files that pages need, addressed by their content. */
export interface PageAssets {
  /** Where the assets live, with both slashes (`/assets/`). */
  readonly prefix: string;
  /** The file at a path, or undefined. Only exact addresses made by this kit are found; nothing is read from disk. */
  find(pathname: string): PageAsset | undefined;
  /** The address of a file (`page.css`, `page.js`). Throws PagesError `pages.asset_missing` for an unknown name. */
  href(name: string): string;
  /** The address of the stylesheet of a school's or module's accent; undefined for something that is not a colour. */
  accentHref(accent: Accent | (string & {})): string | undefined;
  /** The names of all files. */
  readonly names: readonly string[];
}

const stylesheets = ['base', 'layout', 'controls', 'content', 'forms', 'tables', 'charts', 'print'] as const;
const fontFolder = '@fontsource-variable/atkinson-hyperlegible-next/files/';
const fonts = ['latin', 'latin-ext'].flatMap((subset) =>
  ['normal', 'italic'].map((style) => `atkinson-hyperlegible-next-${subset}-wght-${style}.woff2`),
);
/** Scripts that a page starts beside itself. */
const workers = ['proof-of-work-worker.js'];
const unicodeRanges: Readonly<Record<string, string>> = {
  'latin-ext':
    'U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+0304,U+0308,U+0329,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF',
  latin:
    'U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD',
};

/** Reads the kit's stylesheets, fonts and browser modules once. `prefix` is where the service will serve them. */
export function loadPageAssets(options: { readonly prefix?: string } = {}): PageAssets {
  const prefix = options.prefix ?? '/assets/';
  const hrefs = new Map<string, string>();
  const files = new Map<string, PageAsset>();
  const add = (name: string, body: Buffer, contentType: string): void => {
    const digest = createHash('sha256').update(body).digest('base64url').slice(0, 16);
    const dot = name.lastIndexOf('.');
    const pathname = `${prefix}${name.slice(0, dot)}-${digest}${name.slice(dot)}`;
    hrefs.set(name, pathname);
    files.set(pathname, buildAsset(body, contentType, digest));
  };
  for (const font of fonts) add(font, readFileSync(resolveFile(fontFolder + font)), 'font/woff2');
  add('page.css', Buffer.from(pageStylesheet((font) => hrefs.get(font) ?? '')), 'text/css; charset=utf-8');
  add('page.js', Buffer.from(browserModule()), 'text/javascript; charset=utf-8');
  for (const name of workers) {
    const file = joinPath(packageFolder('browser'), 'workers', name);
    add(name, readFileSync(file), 'text/javascript; charset=utf-8');
  }

  const kitDigest = createHash('sha256').update(accentStylesheet('#123456')).digest('base64url').slice(0, 8);
  const accentPattern = new RegExp(`^accent-([0-9a-f]{6})-${kitDigest}\\.css$`);
  const findAccent = (pathname: string): PageAsset | undefined => {
    const colour = pathname.startsWith(prefix)
      ? accentPattern.exec(pathname.slice(prefix.length))?.[1]
      : undefined;
    if (colour === undefined) return undefined;
    const body = Buffer.from(accentStylesheet(`#${colour}`));
    return buildAsset(body, 'text/css; charset=utf-8', `${colour}-${kitDigest}`);
  };
  return {
    prefix,
    names: [...hrefs.keys()],
    find: (pathname) => files.get(pathname) ?? findAccent(pathname),
    href: (name) => {
      const found = hrefs.get(name);
      if (found === undefined) {
        throw new PagesError('pages.asset_missing', {
          status: 500,
          publicMessage: 'A file of the page is missing.',
        });
      }
      return found;
    },
    accentHref: (accent) => {
      const colour = accentColour(accent);
      return colour === undefined ? undefined : `${prefix}accent-${colour.slice(1)}-${kitDigest}.css`;
    },
  };
}

function buildAsset(body: Buffer, contentType: string, digest: string): PageAsset {
  return { body, contentType, cacheControl: 'public, max-age=31536000, immutable', etag: `"${digest}"` };
}

function resolveFile(specifier: string): string {
  return createRequire(import.meta.url).resolve(specifier);
}

function packageFolder(name: string): string {
  return fileURLToPath(new URL(`../../${name}/`, import.meta.url));
}

function pageStylesheet(hrefOf: (font: string) => string): string {
  const faces = fonts.map((font) => {
    const subset = font.includes('latin-ext') ? 'latin-ext' : 'latin';
    const style = font.includes('italic') ? 'italic' : 'normal';
    return `@font-face{font-family:'Atkinson Hyperlegible Next';font-style:${style};font-display:swap;font-weight:200 800;src:url(${hrefOf(font)}) format('woff2');unicode-range:${unicodeRanges[subset]}}`;
  });
  const sheets = stylesheets.map((name) =>
    readFileSync(joinPath(packageFolder('assets'), `${name}.css`), 'utf8'),
  );
  const layers = '@layer tokens, accent, base, layout, components, print;';
  return [layers, ...faces, tokensStylesheet(), ...sheets].join('\n');
}

// Each file is one module without imports, wrapped so that its names stay its own in the one file we serve.
function browserModule(): string {
  const folder = packageFolder('browser');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .toSorted()
    .map((name) => `{\n${readFileSync(joinPath(folder, name), 'utf8')}\n}`)
    .join('\n');
}
