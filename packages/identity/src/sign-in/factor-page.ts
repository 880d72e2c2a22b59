import { askColleagueForm } from '../approvals-by-colleague/answer-by-colleague.ts';
import {
  button,
  codeField,
  disclosure,
  errorSummary,
  form,
  html,
  nothing,
  textField,
  type Fragment,
} from '@socle/pages';
import type { FactorList } from '../credentials/factor-summary.ts';
import { passkeyForm } from '../credentials/passkey-form.ts';
import { CREDENTIAL_TEXTS } from '../credentials/texts.ts';
import type { IdentityPages } from '../pages.ts';
import type { RenderedPage } from '../provider-gate.ts';
import type { PromptView } from './prompt.ts';

/** What may be filled in: the generator's code, a cell of the grid, a recovery code, a passkey's answer. */
export type FactorField = 'code' | 'grid' | 'recovery' | 'response';

/** What is wrong with an answer. */
export interface FactorProblem {
  readonly field: FactorField;
  readonly message: string;
}

/** Asks for what the person has: the first in sight, the others one tap away. */
export function drawFactorPage(
  pages: IdentityPages,
  view: PromptView,
  has: FactorList,
  { asked, problem }: { asked: string | undefined; problem: FactorProblem | undefined },
): RenderedPage {
  const { language, action, formTargets, school } = view;
  const t = CREDENTIAL_TEXTS[language];
  const [first, ...others] = [
    ...(has.totp ? [totpForm(view, problem)] : []),
    ...(has.grid?.nextCell === undefined ? [] : [gridForm(view, has.grid.nextCell, problem)]),
  ];
  const asksGrid = !has.totp;
  const paper = has.recovery && has.recovery.left > 0 ? [recoveryForm(view, has.recovery.left, problem)] : [];
  return pages.sheet({
    language,
    title: t.codeTitle,
    ...(first && { lead: asksGrid ? t.gridLead : t.codeLead }),
    formTargets,
    school,
    returnTo: action,
    body: html`${problem === undefined ? nothing : errorSummary([problem.field === 'response' ? { message: problem.message } : { name: problem.field, message: problem.message }], language)}
      ${first?.form ?? nothing}
      ${asked === undefined ? nothing : passkeyForm({ action, kind: 'get', options: asked, label: t.usePasskey, failure: t.passkeyGaveUp })}
      ${[...others, ...paper].map((other) =>
        disclosure({ summary: other.summary, body: other.form, open: problem?.field === other.field }),
      )}
      ${askColleagueForm(view)}
      <p class="muted">${t.codeHelp}</p>`,
  });
}

interface FactorForm {
  readonly field: FactorField;
  readonly summary: string;
  readonly form: Fragment;
}

function totpForm({ language, action }: PromptView, problem: FactorProblem | undefined): FactorForm {
  const t = CREDENTIAL_TEXTS[language];
  const field = codeField({ language, name: 'code', label: t.code, ...errorAt('code', problem) });
  return { field: 'code', summary: t.code, form: wrap(action, field, t.codeContinue) };
}

function gridForm(
  { language, action }: PromptView,
  cell: string,
  problem: FactorProblem | undefined,
): FactorForm {
  const t = CREDENTIAL_TEXTS[language];
  const field = codeField({
    language,
    name: 'grid',
    label: t.gridCell(cell),
    ...errorAt('grid', problem),
  });
  return { field: 'grid', summary: t.useGrid, form: wrap(action, field, t.codeContinue) };
}

function recoveryForm(
  { language, action }: PromptView,
  left: number,
  problem: FactorProblem | undefined,
): FactorForm {
  const t = CREDENTIAL_TEXTS[language];
  const field = textField({
    language,
    name: 'recovery',
    label: t.recoveryCode,
    hint: t.recoveryLeft(left),
    autocomplete: 'off',
    spellcheck: false,
    maxLength: 20,
    ...errorAt('recovery', problem),
  });
  return { field: 'recovery', summary: t.useRecovery, form: wrap(action, field, t.codeContinue) };
}

function errorAt(field: FactorField, problem: FactorProblem | undefined): { readonly error?: string } {
  return problem?.field === field ? { error: problem.message } : {};
}

function wrap(action: string, field: Fragment, label: string): Fragment {
  return form({ action, body: [field, button({ label, wide: true })] });
}
