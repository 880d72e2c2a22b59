import { html, type Content, type Fragment } from '../html.ts';
import { icon } from '../icons/icon.ts';

/** Who can see what stands above, one tap away. */
export function trustNote(options: { readonly summary: string; readonly body: Content }): Fragment {
  return html`<details class="disclosure trust"><summary>${icon('eye')}<span>${options.summary}</span></summary><div class="disclosure-body">${options.body}</div></details>`;
}
