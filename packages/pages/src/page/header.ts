import { hrefAttribute, requireAction } from '../address.ts';
import { hiddenFields } from '../components/hidden-fields.ts';
import { html, nothing, type Fragment } from '../html.ts';
import { icon } from '../icons/icon.ts';
import { languageNames, languages } from '../languages/language.ts';
import { kitStrings } from '../strings/kit-strings.ts';
import type { PageOptions } from './page-options.ts';

/** The banner: where one is (school, service) and who one is, with the way out. */
export function pageHeader(options: PageOptions): Fragment {
  const words = kitStrings[options.language];
  const home = options.homeHref ?? options.school?.href ?? '/';
  const name = options.school?.name ?? 'Socle';
  const service =
    options.service === undefined ? nothing : html`<span class="brand-service">${options.service}</span>`;
  return html`<header class="page-header"><div class="page-header-line">
<a class="brand"${hrefAttribute(home)}>${brandMark(options.school?.logo)}<span class="brand-words"><span class="brand-name">${name}</span>${service}</span><span class="visually-hidden">, ${words.home}</span></a>
<div class="page-header-person">${person(options)}${signOut(options)}</div>
</div></header>`;
}

// The name stands beside it: the picture says nothing more to those who listen.
function brandMark(logo: string | undefined): Fragment {
  if (logo === undefined) return html`<span class="brand-mark">${icon('school')}</span>`;
  return html`<img class="brand-logo" src="${requireAction(logo)}" alt="">`;
}

/** The choice of language as a form without JavaScript: one button for each other language. */
export function languageSwitch(options: PageOptions): Fragment {
  const target = options.languageSwitch;
  if (target === undefined) return nothing;
  const choices = languages
    .filter((language) => language !== options.language)
    .map(
      (language) =>
        html`<button class="language-choice" type="submit" name="language" value="${language}" lang="${language}">${icon('language')}${languageNames[language]}</button>`,
    );
  return html`<form class="language-switch" method="post" action="${requireAction(target.action)}" aria-label="${kitStrings[options.language].languageChoice}">${hiddenFields({ ...target.fields, returnTo: target.returnTo })}${choices}</form>`;
}

function person(options: PageOptions): Fragment {
  if (options.person === undefined) return nothing;
  const { displayName, role, href } = options.person;
  const words = html`<span class="person-mark" aria-hidden="true">${initials(displayName)}</span><span class="person-words"><span class="person-name">${displayName}</span>${role === undefined ? nothing : html`<span class="person-role">${role}</span>`}</span>`;
  if (href === undefined) return html`<div class="person">${words}</div>`;
  return html`<a class="person"${hrefAttribute(href)}>${words}</a>`;
}

function signOut(options: PageOptions): Fragment {
  if (options.signOut === undefined) return nothing;
  const label = kitStrings[options.language].signOut;
  return html`<form class="sign-out" method="post" action="${requireAction(options.signOut.action)}">${hiddenFields(options.signOut.fields ?? {})}<button class="button button-quiet" type="submit">${icon('logout')}<span class="sign-out-words">${label}</span></button></form>`;
}

function initials(name: string): string {
  const parts = name.split(/[\s-]+/u).filter((part) => part !== '');
  const ends = [parts[0], parts.length > 1 ? parts.at(-1) : undefined];
  const letters = ends.map((part) =>
    String.fromCodePoint(...(part === undefined ? [] : [part.codePointAt(0) ?? 0])),
  );
  return letters.join('').toLocaleUpperCase('fr');
}
