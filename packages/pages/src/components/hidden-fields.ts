import { html, join, type Fragment } from '../html.ts';

/** Hidden inputs of a form, such as the token against forgery. */
export function hiddenFields(fields: Readonly<Record<string, string>>): Fragment {
  return join(
    Object.entries(fields).map(
      ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
    ),
  );
}
