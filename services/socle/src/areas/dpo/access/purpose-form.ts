import { button, form, periodField, radioGroup, textField, trustNote, html } from '@socle/pages';
import type { AreaPage, Visit } from '../../visit.ts';
import { PURPOSES, type Question } from './question.ts';
import { strings } from './strings.ts';

/** Asked before anything of the log is read: why, and of when. */
export function renderPurpose({ language }: Visit, question: Question, path: string): AreaPage {
  const words = strings[language];
  return {
    title: words.purposeTitle,
    lead: words.purposeLead,
    body: html`${form({
      action: path,
      method: 'get',
      ...(question.person === undefined ? {} : { fields: { person: question.person, as: question.as } }),
      body: [
        radioGroup({
          language,
          name: 'purpose',
          label: words.purposeLegend,
          choices: PURPOSES.map((purpose) => ({ value: purpose, label: words[`purpose_${purpose}`] })),
        }),
        textField({
          language,
          name: 'reference',
          label: words.reference,
          hint: words.referenceHint,
          optional: true,
          maxLength: 40,
        }),
        periodField({
          language,
          name: 'period',
          legend: words.period,
          from: { value: question.from },
          to: { value: question.to },
        }),
        button({ label: words.read }),
      ],
    })}${trustNote({ summary: words.whoSees, body: html`<p>${words.whoSeesText}</p>` })}`,
  };
}
