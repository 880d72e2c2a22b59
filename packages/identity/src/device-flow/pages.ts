import {
  button,
  buttonLink,
  errorSummary,
  form,
  html,
  nothing,
  textField,
  type Fragment,
  type Language,
} from '@socle/pages';
import type { IdentityPages } from '../pages.ts';
import type { EntranceSchool } from '../ports.ts';
import type { RenderedPage } from '../provider-gate.ts';
import { DEVICE_TEXTS } from './texts.ts';

/** Where people enter the code of a device (RFC 8628 §3.3). */
export const DEVICE_PATH = '/device';

/** Why the code is asked for again. */
export type CodeProblem = 'missing' | 'unknown' | 'throttled' | 'aborted';

/** The page that asks for the code. */
export function renderCodeInput(
  pages: Pick<IdentityPages, 'sheet'>,
  view: {
    readonly language: Language;
    readonly school: EntranceSchool | undefined;
    /** Token against forged forms; missing on the page that has no form. */
    readonly xsrf: string;
    readonly code: string;
    readonly problem?: CodeProblem;
  },
): RenderedPage {
  const t = DEVICE_TEXTS[view.language];
  if (view.problem === 'aborted') {
    return pages.sheet({
      language: view.language,
      school: view.school,
      title: t.abortedTitle,
      lead: t.aborted,
      body: home(t.home),
    });
  }
  const problem = view.problem && t[view.problem];
  return pages.sheet({
    language: view.language,
    school: view.school,
    title: t.inputTitle,
    lead: t.inputLead,
    returnTo: DEVICE_PATH,
    body: html`${problem === undefined ? nothing : errorSummary([{ name: 'user_code', message: problem }], view.language)}
      ${form({
        action: DEVICE_PATH,
        fields: { xsrf: view.xsrf },
        body: [
          textField({
            language: view.language,
            name: 'user_code',
            label: t.code,
            hint: t.codeHint,
            value: view.code,
            autocomplete: 'off',
            maxLength: 16,
            spellcheck: false,
            ...(problem !== undefined && { error: problem }),
          }),
          button({ label: t.next, wide: true }),
        ],
      })}`,
  });
}

/** The page that names the service, shows the code again and warns: a code that came by message is a trap. */
export function renderCodeConfirmation(
  pages: Pick<IdentityPages, 'sheet'>,
  view: {
    readonly language: Language;
    readonly school: EntranceSchool | undefined;
    readonly xsrf: string;
    readonly code: string;
    readonly service: string;
    readonly device: string;
  },
): RenderedPage {
  const t = DEVICE_TEXTS[view.language];
  const fields = { xsrf: view.xsrf, user_code: view.code };
  return pages.sheet({
    language: view.language,
    school: view.school,
    title: t.confirmTitle(view.service),
    lead: t.confirmLead,
    body: html`<p>${t.asks(view.service)}</p>
      <p>${t.sameCode} <strong class="code">${view.code}</strong></p>
      <p class="muted">${t.seenFrom(view.device)}</p>
      <p><strong>${t.warning}</strong></p>
      ${form({
        action: DEVICE_PATH,
        fields: { ...fields, confirm: 'yes' },
        body: button({ label: t.confirm, wide: true }),
      })}
      ${form({
        action: DEVICE_PATH,
        fields: { ...fields, abort: 'yes' },
        body: button({ label: t.abort, kind: 'secondary', wide: true }),
      })}`,
  });
}

/** The page after a device was connected. */
export function renderDeviceConnected(
  pages: Pick<IdentityPages, 'sheet'>,
  view: { readonly language: Language; readonly school: EntranceSchool | undefined },
): RenderedPage {
  const t = DEVICE_TEXTS[view.language];
  return pages.sheet({ ...view, title: t.doneTitle, lead: t.done, body: home(t.home) });
}

function home(label: string): Fragment {
  return buttonLink({ label, href: '/', wide: true });
}
