import { button, html, join, type Fragment } from '@socle/pages';

/**
 * A form whose only field is the answer of a passkey. It stays hidden until the browser's module finds that passkeys
 * work here, and shows what went wrong in its own words.
 */
export function passkeyForm(options: {
  readonly action: string;
  /** `create` registers, `get` proves. */
  readonly kind: 'create' | 'get';
  /** What `offer` or `ask` gave. */
  readonly options: string;
  readonly label: string;
  /** Said when the person or the device gave up. */
  readonly failure: string;
  readonly fields?: Readonly<Record<string, string>>;
  /** Fields above the button. */
  readonly body?: Fragment;
  /** Offers passkeys in the field of the user name, as browsers do for passwords. */
  readonly conditional?: boolean;
}): Fragment {
  const hidden = Object.entries(options.fields ?? {}).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return html`<form class="form" method="post" action="${options.action}" data-passkey="${options.kind}" data-options="${options.options}"${options.conditional === true ? html` data-conditional` : ''} hidden>${join(hidden)}<input type="hidden" name="response">${options.body ?? ''}<p class="field-error" role="alert" hidden>${options.failure}</p>${button({ label: options.label, kind: 'secondary', icon: 'fingerprint', wide: true })}</form>`;
}
