import { chooseRequestLanguage, type Language } from './page-language.ts';
import type { ProviderPages, ProviderView, RenderedPage } from './provider-gate.ts';
import type { SignInRefusal } from './sign-in/step.ts';
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
  readonly problem?: SignInRefusal | { readonly reason: 'missing' };
}

/** Every page of this package. */
export interface IdentityPages extends ProviderPages {
  signIn(view: SignInView): RenderedPage;
  expired(view: { readonly language: Language }): RenderedPage;
}
const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

export function buildPages(): IdentityPages {
  const page = (
    language: Language,
    title: string,
    body: string,
    targets: readonly string[] = [],
  ): RenderedPage => ({
    html: `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escape(title)}</title></head><body><main><h1>${escape(title)}</h1>${body}</main></body></html>`,
    contentSecurityPolicy: `default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' ${targets.join(' ')}`,
  });
  const of = (view: ProviderView) => chooseRequestLanguage(view.request);
  return {
    signIn(view) {
      const t = TEXTS[view.language];
      const problem = view.problem ? `<p>${escape(describe(view.problem, view.language))}</p>` : '';
      return page(
        view.language,
        t.signInTitle,
        `${problem}<form method="post" action="${escape(view.action)}"><input name="username" value="${escape(view.username)}"><input name="password" type="password"><input type="checkbox" name="shared"><button>${t.signIn}</button></form>`,
        view.formTargets,
      );
    },
    expired: ({ language }) =>
      page(language, TEXTS[language].expiredTitle, `<a href="/sign-in">${TEXTS[language].startAgain}</a>`),
    confirmSignOut: (view) =>
      page(
        of(view),
        TEXTS[of(view)].signOutTitle,
        `${view.form}<button form="op.logoutForm" name="logout" value="yes">x</button>`,
        view.formTargets,
      ),
    signedOut: (view) => page(of(view), TEXTS[of(view)].signedOutTitle, ''),
    failure: (view) => page(of(view), TEXTS[of(view)].failureTitle, escape(view.code)),
  };
}

function describe(problem: NonNullable<SignInView['problem']>, language: Language): string {
  const t = TEXTS[language];
  switch (problem.reason) {
    case 'missing':
      return t.missing;
    case 'credentials':
      return t.credentials;
    case 'busy':
      return t.busy;
    case 'throttled':
      return t.throttled(Math.ceil(problem.retryAfterSeconds / 60));
  }
}
