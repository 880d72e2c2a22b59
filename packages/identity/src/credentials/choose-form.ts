import { button, errorSummary, form, html, textField, type Fragment, type Language } from '@socle/pages';
import type { ChoiceProblem } from './own-passwords.ts';
import { CREDENTIAL_TEXTS } from './texts.ts';

/** The form with a new password, twice; the same at sign-in and on the account's page. */
export function choosePasswordForm(options: {
  readonly language: Language;
  readonly action: string;
  readonly username: string;
  readonly problem?: ChoiceProblem;
  readonly fields?: Readonly<Record<string, string>>;
}): Fragment {
  const { language, problem } = options;
  const t = CREDENTIAL_TEXTS[language];
  const onRepeat = problem === 'different';
  const message = problem === undefined ? undefined : t.passwordProblem[problem];
  const name = onRepeat ? 'repeat' : 'password';
  return html`${message === undefined ? '' : errorSummary([{ name, message }], language)}${form({
    action: options.action,
    ...(options.fields && { fields: options.fields }),
    body: [
      // Password managers keep the new password under this name.
      html`<input type="text" name="username" value="${options.username}" autocomplete="username" readonly hidden>`,
      textField({
        language,
        name: 'password',
        label: t.newPassword,
        hint: t.newPasswordHint,
        type: 'password',
        autocomplete: 'new-password',
        ...(message !== undefined && !onRepeat && { error: message }),
      }),
      strengthMeter(language),
      textField({
        language,
        name: 'repeat',
        label: t.repeatPassword,
        type: 'password',
        autocomplete: 'new-password',
        ...(message !== undefined && onRepeat && { error: message }),
      }),
      button({ label: t.keepPassword, wide: true }),
    ],
  })}`;
}

/** Says how far the password in the field before it has come; with JavaScript only, and nothing is sent. */
export function strengthMeter(language: Language): Fragment {
  return html`<p class="strength" data-strength-of="field-password" data-words="${CREDENTIAL_TEXTS[language].strengthWords}" aria-live="polite" hidden></p>`;
}
