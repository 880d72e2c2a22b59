import {
  button,
  buttonLink,
  checkbox,
  descriptionList,
  errorSummary,
  form,
  html,
  nothing,
  printedCodeField,
  textField,
  type FieldError,
} from '@socle/pages';
import type { IdentityPages } from '../pages.ts';
import type { RenderedPage } from '../provider-gate.ts';
import type { WayView } from '../sign-in/way-view.ts';
import { strengthMeter } from '../credentials/choose-form.ts';
import { TEXTS } from '../texts.ts';
import { ACTIVATION_TEXTS } from './activation-texts.ts';
import type { PasswordProblem } from './choose-password.ts';
import { codeFieldError, summariseCodeProblem, type CodeProblem } from './code-problem.ts';

interface CodeView extends WayView {
  /** What was typed, written back so that one symbol can be put right. */
  readonly typed?: string;
  readonly problem?: CodeProblem;
}

interface ChooseView extends WayView {
  readonly code: string;
  /** What else the form carries. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly name: string;
  readonly login: string;
  readonly shared: boolean;
  readonly problem?: PasswordProblem;
}

/** The two pages of a printed code. */
export interface ActivationPages {
  code(view: CodeView): RenderedPage;
  choose(view: ChooseView): RenderedPage;
}

export function buildActivationPages(pages: IdentityPages): ActivationPages {
  return {
    code(view) {
      const t = ACTIVATION_TEXTS[view.language];
      return pages.sheet({
        language: view.language,
        title: t.codeTitle,
        lead: t.codeLead,
        formTargets: view.formTargets,
        ...(view.school && { school: view.school }),
        returnTo: view.action,
        body: html`${summariseCodeProblem(view.language, view.problem, t)}${form({
          action: view.action,
          body: [
            printedCodeField({
              language: view.language,
              name: 'code',
              label: t.code,
              hint: t.codeHint,
              fromAddress: true,
              ...codeFieldError(view.problem, t),
              ...(view.typed !== undefined && { value: view.typed }),
            }),
            button({ label: t.go, wide: true }),
          ],
        })}
          <p class="muted">${t.help}</p>
          ${buttonLink({ label: t.withPassword, href: view.back, kind: 'quiet', wide: true })}`,
      });
    },
    choose(view) {
      const { language } = view;
      const t = ACTIVATION_TEXTS[language];
      const password = { language, type: 'password', autocomplete: 'new-password' } as const;
      const problem = passwordProblem(view);
      const errorOf = (name: string) => (problem?.name === name ? { error: problem.message } : {});
      return pages.sheet({
        language,
        title: t.chooseTitle,
        lead: t.hello(view.name),
        formTargets: view.formTargets,
        ...(view.school && { school: view.school }),
        body: html`${problem ? errorSummary([problem], language) : nothing}${descriptionList([
          { term: TEXTS[language].username, description: html`<strong>${view.login}</strong>` },
        ])}
          <p>${t.keepLogin}</p>
          ${form({
            action: view.action,
            fields: { ...view.fields, code: view.code },
            body: [
              html`<input type="hidden" name="username" autocomplete="username" value="${view.login}">`,
              textField({
                ...password,
                name: 'password',
                label: t.password,
                hint: t.passwordHint,
                ...errorOf('password'),
              }),
              strengthMeter(language),
              textField({ ...password, name: 'repeat', label: t.repeat, ...errorOf('repeat') }),
              checkbox({
                name: 'shared',
                label: TEXTS[language].shared,
                hint: TEXTS[language].sharedHint,
                checked: view.shared,
              }),
              button({ label: t.choose, wide: true }),
            ],
          })}`,
      });
    },
  };
}

function passwordProblem({ language, problem }: ChooseView): FieldError | undefined {
  if (problem === undefined) return undefined;
  const t = ACTIVATION_TEXTS[language];
  const errors = {
    missing: { name: 'password', message: t.passwordMissing },
    different: { name: 'repeat', message: t.passwordDifferent },
    refused: { name: 'password', message: t.passwordRefused },
    busy: { message: TEXTS[language].busy },
    // its field stood on the page before
    code: { message: t.refused },
  } as const satisfies Record<PasswordProblem, FieldError>;
  return errors[problem];
}
