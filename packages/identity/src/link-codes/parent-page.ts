import {
  button,
  buttonLink,
  dateField,
  errorSummary,
  form,
  html,
  nothing,
  printedCodeField,
  type Fragment,
  type Language,
} from '@socle/pages';
import type { IdentityPages } from '../pages.ts';
import type { EntranceSchool } from '../ports.ts';
import type { RenderedPage } from '../provider-gate.ts';
import type { SignInRefusal } from '../sign-in/refusal-reason.ts';
import { TEXTS } from '../texts.ts';
import { PARENT_TEXTS } from './parent-texts.ts';

interface ParentView {
  readonly language: Language;
  readonly action: string;
  readonly back: string;
  readonly formTargets: readonly string[];
  readonly school: EntranceSchool | undefined;
  readonly typed?: string;
  readonly birthDate?: string;
  readonly problem?: SignInRefusal | { readonly reason: 'missing' };
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
      body: html`${problemOf(view)}${form({
        action: view.action,
        body: [
          printedCodeField({
            language,
            name: 'code',
            label: t.code,
            hint: t.codeHint,
            fromAddress: true,
            keepsForm: true,
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

function problemOf({ language, problem }: ParentView): Fragment {
  const t = PARENT_TEXTS[language];
  switch (problem?.reason) {
    case undefined:
      return nothing;
    case 'missing':
      return errorSummary([{ name: 'code', message: t.missing }], language);
    case 'credentials':
      return errorSummary([{ name: 'code', message: t.refused }], language);
    case 'busy':
      return errorSummary([{ message: TEXTS[language].busy }], language);
    case 'throttled':
      return errorSummary(
        [{ message: TEXTS[language].throttled(Math.ceil(problem.retryAfterSeconds / 60)) }],
        language,
      );
  }
}
