import { hrefAttribute } from '../address.ts';
import { html, nothing, type Content, type Fragment } from '../html.ts';
import { icon } from '../icons/icon.ts';
import { kitStrings } from '../strings/kit-strings.ts';
import { areaBar, areaRail } from './areas.ts';
import { flashMessages } from './flash.ts';
import { languageSwitch, pageHeader } from './header.ts';
import type { PageOptions } from './page-options.ts';

/**
 * The whole HTML document of a page: landmarks, skip link, header with school and person, areas, messages, main and
 * footer. Nothing inline, so it stands under `contentSecurityPolicy()`.
 */
export function renderPage(options: PageOptions): string {
  const words = kitStrings[options.language];
  const layout = options.layout ?? 'app';
  const accentHref = options.accent === undefined ? undefined : options.assets.accentHref(options.accent);
  const areas = layout === 'entrance' ? [] : (options.areas ?? []);
  const note = options.titleNote ?? (hasErrors(options.body) ? words.toCorrect : undefined);
  const title = note === undefined ? options.title : `${options.title}, ${note}`;
  const name = [title, options.service, options.school?.name].filter(Boolean).join(' · ');
  const document = html`<!doctype html>
<html lang="${options.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${name}</title>
<link rel="stylesheet" href="${options.assets.href('page.css')}">
${accentHref === undefined ? nothing : html`<link rel="stylesheet" href="${accentHref}">`}
<link rel="preload" href="${options.assets.href('atkinson-hyperlegible-next-latin-wght-normal.woff2')}" as="font" type="font/woff2" crossorigin>
<link rel="icon" href="data:,">
<script type="module" src="${options.assets.href('page.js')}"></script>
</head>
<body class="page page-${layout}${areas.length > 0 ? ' has-areas' : ''}">
<a class="skip-link" href="#main">${words.skipToContent}</a>
${
  options.banner === undefined
    ? nothing
    : html`<aside class="page-banner" aria-label="${options.banner.label}"><div class="page-banner-line">${options.banner.body}</div></aside>
`
}${pageHeader(options)}
<div class="page-columns">
${areas.length > 0 ? areaRail(areas, options.language) : nothing}
<main id="main" class="page-main" tabindex="-1">
${flashMessages(options.flash ?? [], options.language)}
${options.back === undefined ? nothing : html`<p class="back"><a class="quiet-link"${hrefAttribute(options.back.href)}>${icon('arrow-left')}${options.back.label ?? words.back}</a></p>`}
${pageHeading(options)}
${options.body}
</main>
</div>
<footer class="page-footer"><div class="page-footer-line">${options.footer ?? html`<p>${words.footerSentence}</p>`}${footerLinks(options)}${languageSwitch(options)}</div></footer>
${areas.length > 0 ? areaBar(areas, options.language) : nothing}
</body>
</html>
`;
  return document.toString();
}

// without JavaScript nothing brings the reader to the summary: the title says that there is one
function hasErrors(body: Content): boolean {
  return html`${body}`.toString().includes(' data-error-summary>');
}

function footerLinks({ footerLinks: links = [] }: PageOptions): Fragment {
  if (links.length === 0) return nothing;
  const items = links.map(({ label, href }) => html`<li><a${hrefAttribute(href)}>${label}</a></li>`);
  return html`<ul class="footer-links" role="list">${items}</ul>`;
}

function pageHeading(options: PageOptions): Fragment {
  if (options.heading === false) return nothing;
  const lead = options.lead === undefined ? nothing : html`<p class="lead">${options.lead}</p>`;
  const actions =
    options.actions === undefined ? nothing : html`<div class="page-actions">${options.actions}</div>`;
  return html`<div class="page-heading"><div class="page-heading-words"><h1>${options.title}</h1>${lead}</div>${actions}</div>`;
}
