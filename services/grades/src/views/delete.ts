import { button, buttonLink, buttonRow, form, html, stack } from '@socle/pages';
import type { Assessment } from '../domain/assessment.ts';
import { placeOf } from './place.ts';
import type { View, Wording } from './view.ts';

/** What goes with a draft, before it is set aside. */
export function renderDelete(
  wording: Wording,
  content: { readonly assessment: Assessment; readonly marks: number },
): View {
  const { strings, csrf } = wording;
  const { assessment, marks } = content;
  const base = `/assessments/${assessment.id}`;
  return {
    title: strings.delete.title(assessment.title),
    lead: `${assessment.divisionName} · ${assessment.subjectName}`,
    back: placeOf(wording, assessment),
    body: stack(
      html`<p>${strings.delete.text(marks)} ${strings.delete.undo}</p>`,
      form({
        action: `${base}/delete`,
        fields: { _csrf: csrf },
        body: buttonRow(
          button({ label: strings.delete.submit, kind: 'danger', icon: 'trash' }),
          buttonLink({ label: strings.delete.cancel, href: base, kind: 'secondary' }),
        ),
      }),
    ),
  };
}
