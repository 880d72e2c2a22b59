import { html as honoHtml, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { PagesError } from './errors.ts';

/** A piece of HTML that is safe to put in a page: everything that entered it was escaped. */
export type Fragment = HtmlEscapedString;

/** What a template accepts. Text and numbers are escaped; fragments pass; false, null and undefined print nothing. */
export type Content = string | number | Fragment | boolean | null | undefined | readonly Content[];

/**
 * Builds a fragment from a template, escaping every text for element content and for quoted attributes.
 * Attributes must be quoted in the template; addresses go through `safeHref`.
 * Throws PagesError `pages.content_refused` for a promise or an object: a parsed JSON document that says
 * `isEscaped` is not a fragment.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Fragment {
  for (const value of values) requireContent(value);
  const built = honoHtml(strings, ...values);
  if (built instanceof Promise) throw refuseContent();
  return built;
}

/** Marks text as safe HTML without escaping it. Only for constants of the program, never for data. */
export function trustedHtml(source: string): Fragment {
  return raw(source);
}

/** A fragment that prints nothing. */
export const nothing: Fragment = raw('');

/** Puts fragments after one another, with nothing between. */
export function join(parts: readonly Content[]): Fragment {
  return html`${parts}`;
}

function requireContent(value: Content): void {
  if (Array.isArray(value)) {
    for (const part of value as readonly Content[]) requireContent(part);
    return;
  }
  if (typeof value === 'function' || typeof value === 'symbol') throw refuseContent();
  if (typeof value === 'object' && value !== null && !((value as object) instanceof String))
    throw refuseContent();
}

function refuseContent(): PagesError {
  return new PagesError('pages.content_refused', {
    status: 500,
    publicMessage: 'The page could not be shown. Try again; if it happens again, tell your school.',
  });
}
