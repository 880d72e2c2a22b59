import { PagesError } from './errors.ts';
import { html, nothing, type Fragment } from './html.ts';

const allowedSchemes: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:', 'tel:']);

/** A base that exists nowhere, to see how a browser would read a relative address. */
const probe = 'https://probe.invalid/';

/**
 * The address when a link may carry it, otherwise undefined. Accepts paths of this service, fragments, queries, http,
 * https, mailto and tel; refuses every other scheme (`javascript:`, `data:`…) as the URL standard reads it, control
 * characters, and paths that a browser takes for another host (`//host`, `/\host`).
 */
export function safeHref(address: string): string | undefined {
  if (hasControl(address)) return undefined;
  const trimmed = address.trim();
  let read: URL;
  try {
    read = new URL(trimmed, probe);
  } catch {
    return undefined;
  }
  if (!allowedSchemes.has(read.protocol)) return undefined;
  const relative = !/^[a-z][a-z0-9+.-]*:/i.test(trimmed);
  if (relative && read.origin !== new URL(probe).origin) return undefined;
  return trimmed;
}

/** The attribute ` href="…"`, or nothing for a refused address: the words stay, the link leads nowhere. */
export function hrefAttribute(address: string): Fragment {
  const safe = safeHref(address);
  return safe === undefined ? nothing : html` href="${safe}"`;
}

/**
 * The address a form may post to. Throws PagesError `pages.address_refused`: an address of a form is written by the
 * program, and a form that posts elsewhere than it says must not be shown.
 */
export function requireAction(address: string): string {
  const safe = safeHref(address);
  if (safe === undefined || /^(mailto|tel):/i.test(safe)) {
    throw new PagesError('pages.address_refused', {
      status: 500,
      publicMessage: 'The page could not be shown. Try again; if it happens again, tell your school.',
    });
  }
  return safe;
}

function hasControl(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
