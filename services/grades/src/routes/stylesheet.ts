import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { PageAsset } from '@socle/pages';

/** The module's own few rules of style, at an address that holds their digest. */
export interface Stylesheet extends PageAsset {
  readonly href: string;
}

/** Loads the stylesheet once. */
export async function loadStylesheet(): Promise<Stylesheet> {
  const body = await readFile(new URL('../../styles/grades.css', import.meta.url));
  const digest = createHash('sha256').update(body).digest('base64url').slice(0, 16);
  return {
    href: `/styles/grades-${digest}.css`,
    body,
    contentType: 'text/css; charset=utf-8',
    cacheControl: 'public, max-age=31536000, immutable',
    etag: `"${digest}"`,
  };
}
