import { card, html, buttonLink, renderPage, type Language, type PageAssets } from '@socle/pages';
import { strings } from './strings.ts';

/** The page of a failure: what happened, what to do, whom to ask. */
export function renderErrorPage(options: {
  readonly status: number;
  readonly language: Language;
  readonly assets: PageAssets;
  /** Shown for a failure of ours, so that the team finds it. */
  readonly reference: string;
}): string {
  const { language, status } = options;
  const words = strings[language];
  const { title, text } = describe(language, status);
  const reference = status >= 500 && status !== 503 ? html`<p><code>${options.reference}</code></p>` : html``;
  return renderPage({
    title,
    language,
    assets: options.assets,
    layout: 'narrow',
    body: card({
      body: html`<p>${text}</p>${reference}`,
      actions: buttonLink({ label: words.backHome, href: '/', kind: 'primary' }),
    }),
  });
}

function describe(language: Language, status: number): { title: string; text: string } {
  const words = strings[language];
  if (status === 404) return { title: words.notFoundTitle, text: words.notFoundText };
  if (status === 403 || status === 401) return { title: words.forbiddenTitle, text: words.forbiddenText };
  if (status === 503 || status === 429) return { title: words.unavailableTitle, text: words.unavailableText };
  if (status < 500) return { title: words.refusedTitle, text: words.refusedText };
  return { title: words.failedTitle, text: words.failedText };
}
