import type { Language } from '@socle/pages';
import type { EntranceSchool } from '../ports.ts';
import type { RenderedPage } from '../provider-gate.ts';
import type { ProvenAttempt, SignInTools } from './step.ts';

/** What a prompt's page is drawn with. */
export interface PromptView {
  readonly language: Language;
  /** The page's own address: its form posts there, and the language switch comes back to it. */
  readonly action: string;
  /** Origins to which the form may lead, redirects included. */
  readonly formTargets: readonly string[];
  /** The school whose name and logo stand above. */
  readonly school: EntranceSchool | undefined;
}

/** What an answer led to: the prompt is done, or a page is shown again. */
export type PromptOutcome =
  | {
      readonly done: true;
      /** What the answer proved (RFC 8176), added to what was proven. */
      readonly amr?: readonly string[];
    }
  | {
      readonly done: false;
      readonly page: RenderedPage;
      readonly status: number;
      readonly retryAfterSeconds?: number;
    };

/**
 * Something that is asked of a person between the first proof and the session, on a page of its own at
 * `/sign-in/<id>/<name>`: a second factor, a new password, an offer. A template:
 * ```ts
 * export const newPasswordPrompt: SignInPrompt = {
 *   name: 'new-password',
 *   isDue: async ({ account, amr }) => amr.includes('pwd') && account.password_must_change,
 *   show: async (attempt, tools, view) => newPasswordPage(tools.pages, view),
 *   async answer(attempt, fields, tools, view) { … return { done: true }; },
 * };
 * ```
 */
export interface SignInPrompt {
  /** Lower case and hyphens. Last part of the page's address; must not be the name of a way in. */
  readonly name: string;
  /** Whether it stands between this attempt and its session. Asked again before every page. */
  isDue(attempt: ProvenAttempt, tools: SignInTools): Promise<boolean>;
  show(attempt: ProvenAttempt, tools: SignInTools, view: PromptView): Promise<RenderedPage>;
  /** `fields` are those of the form, each at most 4 096 characters. */
  answer(
    attempt: ProvenAttempt,
    fields: Readonly<Record<string, string>>,
    tools: SignInTools,
    view: PromptView,
  ): Promise<PromptOutcome>;
}
