import { button, form, html, radioGroup, textField, trustNote, type Fragment } from '@socle/pages';
import { PURPOSES } from '../../dpo/access/question.ts';
import { strings as purposes } from '../../dpo/access/strings.ts';
import type { Visit } from '../../visit.ts';
import type { DecisionQuestion } from './question.ts';
import { strings } from './strings.ts';

/** Asks for a number and a purpose; with what is missing, once something was sent. */
export function renderDecisionForm({ language }: Visit, question: DecisionQuestion): Fragment {
  const words = strings[language];
  const isSent = question.written !== '' || question.purpose !== undefined;
  return html`${form({
    action: '/security/decisions',
    method: 'get',
    label: words.title,
    body: [
      textField({
        language,
        name: 'number',
        label: words.number,
        hint: words.numberHint,
        value: question.written,
        maxLength: 40,
        spellcheck: false,
        ...(isSent && question.number === undefined ? { error: words.numberMissing } : {}),
      }),
      radioGroup({
        language,
        name: 'purpose',
        label: words.purpose,
        choices: PURPOSES.map((purpose) => ({
          value: purpose,
          label: purposes[language][`purpose_${purpose}`],
        })),
        ...(question.purpose === undefined ? {} : { value: question.purpose }),
        ...(isSent && question.purpose === undefined ? { error: words.purposeMissing } : {}),
      }),
      button({ label: words.show }),
    ],
  })}${trustNote({ summary: words.whoSees, body: html`<p>${words.whoSeesText}</p>` })}`;
}
