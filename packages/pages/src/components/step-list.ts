import { html, nothing, type Fragment } from '../html.ts';
import { icon } from '../icons/icon.ts';
import type { Language } from '../languages/language.ts';
import { kitStrings } from '../strings/kit-strings.ts';

/** One step of something that takes several. */
export interface Step {
  readonly label: string;
  readonly note?: string;
  readonly state: 'done' | 'current' | 'to-do';
}

/** The steps in order, with where one is. */
export function stepList(options: {
  readonly language: Language;
  readonly label: string;
  readonly steps: readonly Step[];
}): Fragment {
  const words = kitStrings[options.language];
  const states = { done: words.stepDone, current: words.stepCurrent, 'to-do': words.stepToDo };
  const items = options.steps.map(
    (step, index) =>
      html`<li class="step step-${step.state}"${step.state === 'current' ? html` aria-current="step"` : nothing}><span class="step-mark" aria-hidden="true">${step.state === 'done' ? icon('check') : index + 1}</span><div class="step-words"><span class="step-label">${step.label}<span class="visually-hidden"> (${states[step.state]})</span></span>${step.note === undefined ? nothing : html`<span class="step-note">${step.note}</span>`}</div></li>`,
  );
  return html`<ol class="steps" role="list" aria-label="${options.label}">${items}</ol>`;
}
