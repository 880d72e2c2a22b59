import { button, buttonLink, dateField, form, html, printedCodeField } from '@socle/pages';
import { codeFieldError, summariseCodeProblem, type CodeProblem } from '../activation/code-problem.ts';
import type { IdentityPages } from '../pages.ts';
import type { RenderedPage } from '../provider-gate.ts';
import type { WayView } from '../sign-in/way-view.ts';
import { PARENT_TEXTS } from './parent-texts.ts';

interface ParentView extends WayView {
  readonly typed?: string;
  readonly birthDate?: string;
  readonly problem?: CodeProblem;
}

/** The page with a parent's code and the child's birth date, both at once: which of the two was wrong is not told. */
export function buildParentPage(pages: IdentityPages): (view: ParentView) => RenderedPage {
  return (view) => {
    const { language } = view;
    const t = PARENT_TEXTS[language];
    return pages.sheet({
      language,
      title: t.title,
      lead: t.lead,
      formTargets: view.formTargets,
      ...(view.school && { school: view.school }),
      returnTo: view.action,
      body: html`${summariseCodeProblem(language, view.problem, t)}${form({
        action: view.action,
        body: [
          printedCodeField({
            language,
            name: 'code',
            label: t.code,
            hint: t.codeHint,
            fromAddress: true,
            keepsForm: true,
            ...codeFieldError(view.problem, t),
            ...(view.typed !== undefined && { value: view.typed }),
          }),
          dateField({
            language,
            name: 'birth-date',
            label: t.birthDate,
            ...(view.birthDate !== undefined && { value: view.birthDate }),
          }),
          button({ label: t.go, wide: true }),
        ],
      })}
        <p class="muted">${t.help}</p>
        ${buttonLink({ label: t.withPassword, href: view.back, kind: 'quiet', wide: true })}`,
    });
  };
}
