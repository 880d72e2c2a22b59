import { buttonLink, buttonRow, html, renderPage, type Language, type PageAssets } from '@socle/pages';
import { messages, type MessageName } from './messages.ts';

/** Renders a page that says one thing and shows the way on. */
export function renderMessagePage(options: {
  readonly name: MessageName;
  readonly language: Language;
  readonly assets: PageAssets;
  /** Where the way on leads. */
  readonly href: string;
  /** The module's name as people read it. */
  readonly service: string;
  /** Quoted to the school, so that the incident can be found. */
  readonly reference?: string;
}): string {
  const { title, text, action } = messages[options.name][options.language];
  const words = options.language === 'fr' ? 'Référence\u00a0: ' : 'Reference: ';
  const reference =
    options.reference === undefined ? '' : html`<p class="muted">${words}${options.reference}</p>`;
  return renderPage({
    title,
    language: options.language,
    assets: options.assets,
    layout: 'entrance',
    service: options.service,
    lead: text,
    body: html`${buttonRow(buttonLink({ label: action, href: options.href, kind: 'primary' }))}${reference}`,
  });
}
