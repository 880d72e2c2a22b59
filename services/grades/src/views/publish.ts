import { button, buttonLink, buttonRow, card, emptyState, form, html, nothing, stack } from '@socle/pages';
import type { Fragment } from '@socle/pages';
import { LEAST_PUPILS_FOR_FIGURES } from '../domain/statistics.ts';
import type { Sheet } from '../reading/sheet.ts';
import type { View, Wording } from './view.ts';
import { describeAssessment } from './words.ts';

/** What publishing does, who sees what, and who has no mark, before it is done for good. */
export function renderPublish(
  wording: Wording,
  content: { readonly sheet: Sheet; readonly changed: boolean },
): View {
  const { strings, csrf } = wording;
  const { assessment, lines } = content.sheet;
  const base = `/assessments/${assessment.id}`;
  const entered = lines.filter((line) => line.stored?.mark).length;
  return {
    title: strings.publish.title(assessment.title),
    lead: `${assessment.divisionName} · ${assessment.subjectName} · ${describeAssessment(wording, assessment)}`,
    back: { href: base, label: strings.back.sheet },
    ...(content.changed ? { flash: [{ kind: 'warning' as const, text: strings.publish.changed }] } : {}),
    body:
      entered === 0
        ? emptyState({
            icon: 'pencil',
            title: strings.publish.emptyTitle,
            text: strings.publish.emptyText,
            action: buttonLink({ label: strings.home.continue, href: base, kind: 'primary' }),
          })
        : stack(
            card({
              title: strings.publish.whoTitle,
              icon: 'eye',
              body: html`<ul><li>${strings.publish.who(entered)}</li><li>${strings.publish.parents}</li><li>${strings.publish.headTeacher}</li><li>${strings.publish.figures(LEAST_PUPILS_FOR_FIGURES)}</li></ul>`,
            }),
            withoutMark(wording, content.sheet),
            html`<p>${strings.publish.forGood}</p>`,
            form({
              action: `${base}/publish`,
              fields: { _csrf: csrf, revision: String(assessment.revision) },
              body: buttonRow(
                button({ label: strings.publish.submit, kind: 'primary', icon: 'send' }),
                buttonLink({ label: strings.publish.cancel, href: base, kind: 'quiet' }),
              ),
            }),
          ),
  };
}

function withoutMark({ strings }: Wording, { lines }: Sheet): Fragment {
  const missing = lines.filter((line) => !line.stored?.mark);
  if (missing.length === 0) return nothing;
  const names = missing.map((line) => line.name ?? strings.sheet.left).join(', ');
  return card({
    title: strings.publish.missing(missing.length),
    icon: 'alert-triangle',
    body: html`<p>${names}</p><p class="muted">${strings.publish.missingText}</p>`,
  });
}
