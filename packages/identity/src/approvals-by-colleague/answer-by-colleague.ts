import {
  button,
  buttonLink,
  descriptionList,
  errorSummary,
  form,
  html,
  nothing,
  type Fragment,
} from '@socle/pages';
import { formatCode } from '../one-time-codes/code-symbols.ts';
import type { PromptOutcome, PromptView } from '../sign-in/prompt.ts';
import type { ProvenAttempt, SignInTools } from '../sign-in/step.ts';
import { COLLEAGUE_TEXTS } from './colleague-texts.ts';

/**
 * The way past a lost second factor: the person asks, tells a colleague the code that is shown, and comes back once the
 * colleague has vouched. Undefined when the form asked for nothing of the kind.
 */
export async function answerByColleague(
  attempt: ProvenAttempt,
  fields: Readonly<Record<string, string>>,
  tools: SignInTools,
  view: PromptView,
): Promise<PromptOutcome | undefined> {
  const request = { signIn: attempt.pending.uid, accountId: attempt.account.id, person: attempt.person };
  if (fields['colleague'] === 'ask') {
    const code = formatCode(await tools.colleagues.ask(request));
    return { done: false, status: 200, page: waitingPage(tools, view, code) };
  }
  if (fields['colleague'] !== 'check') return undefined;
  if (await tools.colleagues.use(request)) return { done: true, amr: ['mca', 'mfa'] };
  return { done: false, status: 422, page: waitingPage(tools, view, fields['shown'] ?? '', true) };
}

/** The way to it, under the form of the code. */
export function askColleagueForm(view: PromptView): Fragment {
  const t = COLLEAGUE_TEXTS[view.language];
  return form({
    action: view.action,
    fields: { colleague: 'ask' },
    body: button({ label: t.ask, kind: 'quiet', wide: true }),
  });
}

function waitingPage(tools: SignInTools, view: PromptView, code: string, isEarly = false) {
  const { language, action, formTargets, school } = view;
  const t = COLLEAGUE_TEXTS[language];
  return tools.pages.sheet({
    language,
    title: t.title,
    lead: t.lead,
    formTargets,
    school,
    body: html`${isEarly ? errorSummary([{ message: t.notYet }], language) : nothing}${descriptionList([
      { term: t.code, description: html`<strong class="sheet-code">${code}</strong>` },
    ])}<p>${t.where}</p>${form({
      action,
      fields: { colleague: 'check', shown: code },
      body: button({ label: t.check, wide: true }),
    })}<p class="muted">${t.told}</p>${buttonLink({ label: t.back, href: action, kind: 'quiet', wide: true })}`,
  });
}
