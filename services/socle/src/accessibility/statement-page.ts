import {
  flashMessage,
  formatDate,
  html,
  join,
  section,
  stack,
  type Content,
  type Fragment,
  type Language,
} from '@socle/pages';
import { accessibilityLevel, accessibilityRate, type Measured } from './level.ts';
import { accessibilityStrings } from './strings.ts';

const DEFENDER_FORM = 'https://formulaire.defenseurdesdroits.fr/';
const DEFENDER_DELEGATES = 'https://www.defenseurdesdroits.fr/saisir/delegues';

/** What the statement is drawn from. */
export interface Statement {
  readonly measured: Measured & { readonly on: string };
  /** Where the service is, as people know it. */
  readonly site: string;
  readonly operator: string | undefined;
  /** E-mail address, or https address of a form. */
  readonly contact: string | undefined;
}

/** The accessibility statement, in the order of the model of RGAA 4.1. */
export function renderStatement(language: Language, statement: Statement): { title: string; body: Fragment } {
  const words = accessibilityStrings[language];
  const { measured, operator, contact } = statement;
  const on = formatDate(language, new Date(`${measured.on}T12:00:00Z`), 'long');
  const level = words.levels[accessibilityLevel(measured)];
  const isDraft = operator === undefined || contact === undefined;
  const draft = flashMessage({ kind: 'information', title: words.draftTitle, text: words.draft }, language);
  return {
    title: words.title,
    body: html`${isDraft ? draft : ''}
      <p>${words.commitment(operator ?? words.someOperator)}</p>
      <p>${words.scope(statement.site)}</p>
      ${part(words.stateTitle, html`<p>${words.state(level)}</p>`)}
      ${part(
        words.resultsTitle,
        html`<p>${words.results({
          ...measured,
          on,
          applicable: measured.shown + measured.failed + measured.unseen,
          rate: accessibilityRate(measured),
        })}</p><p>${words.caution}</p>`,
      )}
      ${part(
        words.unseenTitle,
        html`<p>${words.unseenCount(measured.unseen)}</p>${list(Object.values(words.unseen))}<p>${words.exempt}</p>`,
      )}
      ${part(
        words.establishedTitle,
        html`<p>${words.established(on)}</p>${list([words.technologies, words.environment, words.pages])}`,
      )}
      ${part(words.contactTitle, html`<p>${words.contact}</p><p>${contactWays(language, contact)}</p>`)}
      ${part(
        words.remediesTitle,
        html`<p>${words.remedies}</p>${list([
          html`<a href="${DEFENDER_FORM}">${words.remedyForm}</a>`,
          html`<a href="${DEFENDER_DELEGATES}">${words.remedyDelegate}</a>`,
          words.remedyPost,
        ])}`,
      )}`,
  };
}

function contactWays(language: Language, contact: string | undefined): Content {
  const words = accessibilityStrings[language];
  if (contact === undefined) return words.contactSchool;
  if (contact.startsWith('https:')) return html`<a href="${contact}">${words.contactForm}</a>`;
  return html`${words.contactMail} <a href="mailto:${contact}">${contact}</a>`;
}

function part(title: string, body: Fragment): Fragment {
  return section({ title, body: stack(body) });
}

function list(items: readonly Content[]): Fragment {
  return html`<ul>${join(items.map((item) => html`<li>${item}</li>`))}</ul>`;
}
