import {
  button,
  buttonLink,
  checkbox,
  contentSecurityPolicy,
  errorSummary,
  form,
  html,
  nothing,
  renderPage,
  textField,
  trustedHtml,
  type FieldError,
  type Fragment,
  type Language,
  type PageAssets,
} from '@socle/pages';
import { CREDENTIAL_TEXTS } from './credentials/texts.ts';
import { chooseRequestLanguage } from './page-language.ts';
import type { EntranceSchool } from './ports.ts';
import type { ProviderPages, ProviderView, RenderedPage } from './provider-gate.ts';
import type { SignInRefusal } from './sign-in/refusal-reason.ts';
import type { WorkChallenge } from './proof-of-work/challenge.ts';
import { workField, workMessage } from './proof-of-work/work-field.ts';
import { TEXTS } from './texts.ts';

/** What the password page shows. */
export interface SignInView {
  readonly language: Language;
  /** The page's own address, to which it posts. */
  readonly action: string;
  readonly username: string;
  readonly shared: boolean;
  readonly formTargets: readonly string[];
  /** The relying party's name. */
  readonly service?: string;
  /** True for somebody who is signed in and proves anew who they are. */
  readonly confirming?: boolean;
  /** The form of a passkey, under the password. */
  readonly passkey?: Fragment;
  readonly school?: EntranceSchool;
  /** What the form has to bring before its password is looked at. */
  readonly work?: WorkChallenge;
  readonly problem?: SignInRefusal | { readonly reason: 'missing' | 'passkey' };
}

/** Every page of this package. */
export interface IdentityPages extends ProviderPages {
  /** Draws a page of sign-in whose words and form are the caller's. */
  sheet(sheet: Sheet): RenderedPage;
  signIn(view: SignInView): RenderedPage;
  expired(view: { readonly language: Language; readonly school?: EntranceSchool | undefined }): RenderedPage;
  /** For a browser that came by a name of the machine that is not the issuer's. */
  wrongHost(view: { readonly language: Language; readonly issuer: string }): RenderedPage;
}

/** Where the language form of these pages posts. */
export const LANGUAGE_PATH = '/sign-in/language';

/** One centred card with a title, as every page before the session. */
interface Sheet {
  readonly language: Language;
  readonly title: string;
  /** After the document's title alone: which state of the page it is. */
  readonly titleNote?: string;
  readonly lead?: string;
  readonly body: Fragment;
  readonly formTargets?: readonly string[];
  /** Whose name and logo stand above. */
  readonly school?: EntranceSchool | undefined;
  /** The page starts a script of ours beside itself. */
  readonly hasWorker?: boolean;
  /** The page's own address, when it may be asked for again in the other language. */
  readonly returnTo?: string;
}

/** What stands in the footer of every page, in the reader's language. */
export type FooterLinks = (
  language: Language,
) => readonly { readonly label: string; readonly href: string }[];

/** Builds the pages on the kit; `assets` are the files that the service serves. */
export function buildPages(assets: PageAssets, footerLinks: FooterLinks = () => []): IdentityPages {
  const show = (sheet: Sheet): RenderedPage => ({
    html: renderPage({
      title: sheet.title,
      ...(sheet.titleNote !== undefined && { titleNote: sheet.titleNote }),
      language: sheet.language,
      assets,
      layout: 'entrance',
      footerLinks: footerLinks(sheet.language),
      body: sheet.body,
      ...(sheet.lead !== undefined && { lead: sheet.lead }),
      ...(sheet.school !== undefined && { school: sheet.school }),
      ...(sheet.returnTo !== undefined && {
        languageSwitch: { action: LANGUAGE_PATH, returnTo: sheet.returnTo },
      }),
    }),
    contentSecurityPolicy: contentSecurityPolicy({
      formActions: sheet.formTargets ?? [],
      ...(sheet.hasWorker && { worker: true }),
    }),
  });
  const languageOf = (view: ProviderView) => chooseRequestLanguage(view.request);

  return {
    sheet: show,
    signIn(view) {
      const t = TEXTS[view.language];
      const problem = problemOf(view);
      return show({
        language: view.language,
        title: view.confirming ? t.confirmTitle : t.signInTitle,
        ...(view.confirming && { lead: t.confirmLead }),
        ...(view.service !== undefined && { lead: t.signInTo(view.service) }),
        formTargets: view.formTargets,
        ...(view.school && { school: view.school }),
        hasWorker: view.work !== undefined,
        returnTo: view.action,
        body: html`${problem ? errorSummary([problem], view.language) : nothing}${signInForm(view, assets, problem)}${view.passkey ?? nothing}${view.confirming ? nothing : otherWays(view)}<p class="muted">${view.confirming ? t.confirmHelp : t.help}</p>${view.confirming ? buttonLink({ label: t.home, href: '/', kind: 'quiet', wide: true }) : nothing}`,
      });
    },
    wrongHost({ language, issuer }) {
      const t = TEXTS[language];
      return show({
        language,
        title: t.wrongHostTitle,
        lead: t.wrongHost,
        body: buttonLink({ label: t.rightHost, href: issuer, kind: 'primary', wide: true }),
      });
    },
    expired({ language, school }) {
      const t = TEXTS[language];
      return show({
        language,
        school,
        returnTo: '/sign-in',
        title: t.expiredTitle,
        lead: t.expired,
        body: buttonLink({ label: t.startAgain, href: '/sign-in', kind: 'primary', wide: true }),
      });
    },
    confirmSignOut(view) {
      const language = languageOf(view);
      const t = TEXTS[language];
      return show({
        language,
        title: t.signOutTitle,
        lead: t.signOut,
        school: view.school,
        // a service that waits for the answer would be forgotten on the way
        ...(view.formTargets.length === 0 && { returnTo: '/sign-out' }),
        formTargets: view.formTargets,
        // The provider's form holds only its own token; the buttons join it by its id.
        body: html`${trustedHtml(view.form)}
          <div class="form">
            <button class="button button-primary button-wide" type="submit" form="op.logoutForm" name="logout" value="yes">
              <span>${t.signOutConfirm}</span>
            </button>
            <button class="button button-secondary button-wide" type="submit" form="op.logoutForm">
              <span>${t.signOutCancel}</span>
            </button>
          </div>`,
      });
    },
    signedOut(view) {
      const language = languageOf(view);
      const t = TEXTS[language];
      return show({
        language,
        title: t.signedOutTitle,
        lead: t.signedOut,
        school: view.school,
        returnTo: '/session/end/success',
        body: buttonLink({ label: t.signInAgain, href: '/sign-in', kind: 'primary', wide: true }),
      });
    },
    failure(view) {
      const language = languageOf(view);
      const t = TEXTS[language];
      const inactive = view.code === 'account_not_active';
      const ours = view.status >= 500;
      return show({
        language,
        school: view.school,
        title: inactive ? t.inactiveTitle : t.failureTitle,
        lead: inactive ? t.inactive : ours ? t.failureOurs : t.failure,
        body: html`<p class="muted">${t.code(view.code)}</p>
          ${buttonLink({ label: t.home, href: '/', wide: true })}`,
      });
    },
  };
}

function signInForm(view: SignInView, assets: PageAssets, problem: FieldError | undefined): Fragment {
  const t = TEXTS[view.language];
  const errorOf = (name: string) => (problem?.name === name ? { error: problem.message } : {});
  return form({
    action: view.action,
    body: [
      textField({
        language: view.language,
        name: 'username',
        label: t.username,
        value: view.username,
        autocomplete: view.passkey === undefined ? 'username' : 'username webauthn',
        maxLength: 128,
        spellcheck: false,
        ...errorOf('username'),
      }),
      // No maxlength: a password that is cut without a word is a password that does not work.
      textField({
        language: view.language,
        name: 'password',
        label: t.password,
        type: 'password',
        autocomplete: 'current-password',
        ...errorOf('password'),
      }),
      view.work === undefined
        ? nothing
        : workField({ challenge: view.work, language: view.language, assets }),
      checkbox({ name: 'shared', label: t.shared, hint: t.sharedHint, checked: view.shared }),
      button({ label: view.confirming ? t.confirm : t.signIn, wide: true }),
    ],
  });
}

function otherWays({ language, action }: SignInView): Fragment {
  const t = TEXTS[language];
  return html`<div class="form">${buttonLink({ label: t.withCode, href: `${action}/activate`, icon: 'qrcode', wide: true })}
    ${buttonLink({ label: t.withBadge, href: `${action}/badge`, icon: 'id-badge-2', wide: true })}
    ${buttonLink({ label: t.asParent, href: `${action}/parent`, icon: 'users', wide: true })}</div>`;
}

function problemOf(view: SignInView): FieldError | undefined {
  const t = TEXTS[view.language];
  const { problem } = view;
  switch (problem?.reason) {
    case undefined:
      return undefined;
    case 'missing':
      return { name: view.username === '' ? 'username' : 'password', message: t.missing };
    case 'credentials':
      return { name: 'username', message: t.credentials };
    case 'passkey':
      return { message: CREDENTIAL_TEXTS[view.language].passkeyRefused };
    case 'busy':
      return { message: t.busy };
    case 'work':
      return { message: workMessage(view.language, problem) };
    case 'throttled':
      return { message: t.throttled(Math.ceil(problem.retryAfterSeconds / 60)) };
  }
}
