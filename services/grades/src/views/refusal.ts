import { buttonLink, buttonRow, html, section, stack } from '@socle/pages';
import type { Refusal, RefusalCode } from '../errors.ts';
import type { Strings } from '../strings/fr.ts';
import type { View } from './view.ts';

const WORDS = {
  assessment_denied: 'assessment',
  marks_denied: 'marks',
  pupil_sheet_denied: 'pupilSheet',
  child_denied: 'child',
  division_denied: 'division',
} as const satisfies Partial<Record<RefusalCode, keyof Strings['refused']>>;

/** A page that cannot be shown: what happened, what to do, whom to ask. */
export function renderRefusal(refusal: Refusal, strings: Strings): View {
  const home = buttonRow(
    buttonLink({ label: strings.refused.home, href: '/', kind: 'primary', icon: 'home' }),
  );
  if (refusal.code === 'not_found' || refusal.code === 'bad_form') {
    const { title, text } = refusal.code === 'not_found' ? strings.missing : strings.badForm;
    return { title, body: stack(html`<p>${text}</p>`, home) };
  }
  const words = strings.refused;
  return {
    title: words.title,
    body: stack(
      section({ title: words.whatTitle, body: html`<p>${words[WORDS[refusal.code]]}</p>` }),
      section({ title: words.doTitle, body: html`<p>${words.askSchool}</p>` }),
      home,
    ),
  };
}
