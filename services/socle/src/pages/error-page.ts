import { LANGUAGE_PATH } from '@socle/identity';
import { buttonLink, buttonRow, card, html, renderPage, type Language, type PageAssets } from '@socle/pages';
import { footerLinks } from '../accessibility/footer-links.ts';
import { strings } from './strings.ts';

/** The page of a failure: what happened, what to do, whom to ask. */
export function renderErrorPage(options: {
  readonly status: number;
  /** What was refused, where the status alone would say it wrong. */
  readonly code: string;
  readonly language: Language;
  readonly assets: PageAssets;
  /** Shown for a failure of ours, so that the team finds it. */
  readonly reference: string;
  /** Where the language form returns. */
  readonly returnTo: string;
}): string {
  const { language, status, code } = options;
  const words = strings[language];
  const { title, text } = describe(language, status, code);
  const reference = status >= 500 && status !== 503 ? html`<p><code>${options.reference}</code></p>` : html``;
  const home = buttonLink({ label: words.backHome, href: '/', kind: 'primary' });
  // on a shared computer, whoever is refused is often not the one who signed in
  const isDenied = (status === 401 || status === 403) && code !== 'form_refused';
  const actions = isDenied
    ? buttonRow(home, buttonLink({ label: words.otherAccount, href: '/sign-out', kind: 'secondary' }))
    : home;
  return renderPage({
    title,
    language,
    assets: options.assets,
    layout: 'narrow',
    footerLinks: footerLinks(language),
    languageSwitch: { action: LANGUAGE_PATH, returnTo: options.returnTo },
    body: card({ body: html`<p>${text}</p>${reference}`, actions }),
  });
}

function describe(language: Language, status: number, code: string): { title: string; text: string } {
  const words = strings[language];
  if (status === 404) return { title: words.notFoundTitle, text: words.notFoundText };
  if (code === 'form_refused') return { title: words.formTitle, text: words.formText };
  if (status === 403 || status === 401) return { title: words.forbiddenTitle, text: words.forbiddenText };
  if (status === 429) return { title: words.busyTitle, text: words.busyText };
  if (status === 503) return { title: words.unavailableTitle, text: words.unavailableText };
  if (status < 500) return { title: words.refusedTitle, text: words.refusedText };
  return { title: words.failedTitle, text: words.failedText };
}
