import { requireAction } from '../address.ts';
import { html, nothing, type Content, type Fragment } from '../html.ts';
import { hiddenFields } from './hidden-fields.ts';

/** A form that works without JavaScript. */
export interface FormOptions {
  readonly action: string;
  /** `post` by default. */
  readonly method?: 'get' | 'post';
  readonly body: Content;
  /** Hidden values, such as the token against forgery. */
  readonly fields?: Readonly<Record<string, string>>;
  /** True when it carries a file. */
  readonly files?: boolean;
  /** Leaves all checks to the server, whose errors say more than the browser's. Default true. */
  readonly serverChecks?: boolean;
  readonly label?: string;
}

/** A form. Throws PagesError `pages.address_refused` for an unsafe action. */
export function form(options: FormOptions): Fragment {
  const files = options.files === true ? html` enctype="multipart/form-data"` : nothing;
  const label = options.label === undefined ? nothing : html` aria-label="${options.label}"`;
  return html`<form class="form" method="${options.method ?? 'post'}" action="${requireAction(options.action)}"${files}${label}${options.serverChecks === false ? nothing : html` novalidate`}>${hiddenFields(options.fields ?? {})}${options.body}</form>`;
}

/** Fields that belong together, under a legend. */
export function fieldGroup(options: {
  readonly legend: string;
  readonly hint?: string;
  readonly body: Content;
}): Fragment {
  const hint = options.hint === undefined ? nothing : html`<p class="field-hint">${options.hint}</p>`;
  return html`<fieldset class="field-group"><legend>${options.legend}</legend>${hint}${options.body}</fieldset>`;
}
