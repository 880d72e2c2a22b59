import type { School } from '@socle/directory';
import {
  button,
  emptyState,
  errorSummary,
  form,
  html,
  radioGroup,
  section,
  selectField,
  stack,
  textField,
  trustNote,
  type Fragment,
} from '@socle/pages';
import { EMERGENCY_DAILY, EMERGENCY_MINUTES, type EmergencyAccess } from '../../../emergency/emergency.ts';
import { accessCard } from '../../security/emergency/open-ones-page.ts';
import { strings } from '../../security/emergency/strings.ts';
import type { AreaPage, Visit } from '../../visit.ts';

interface EmergencyView {
  readonly schools: readonly School[];
  readonly given: { readonly school?: string; readonly reason?: string; readonly minutes?: string };
  /** Opened in the last 24 hours. */
  readonly ofDay: number;
  /** Open now. */
  readonly mine: readonly EmergencyAccess[];
  readonly problem?: { readonly name?: string; readonly message: string };
}

/** `/account/emergency`: what I have open, and the form that opens one. */
export function renderEmergency(visit: Visit, view: EmergencyView): AreaPage {
  const { language } = visit;
  const words = strings[language];
  const mine =
    view.mine.length === 0
      ? html``
      : section({
          title: words.mine,
          body: stack(
            ...view.mine.map((access) => accessCard(visit, access, `/account/emergency/${access.id}/closed`)),
          ),
        });
  const body =
    view.schools.length === 0
      ? emptyState({ icon: 'school', title: words.noSchool, text: words.noSchoolText })
      : openForm(visit, view);
  const page = { title: words.openTitle, lead: words.openLead, body: html`${mine}${body}` };
  // whoever may open none has no tab of it either
  const hasNothing = view.schools.length === 0 && view.mine.length === 0;
  return hasNothing ? { ...page, tabs: false, back: { href: '/account' } } : page;
}

function openForm(visit: Visit, { schools, given, ofDay, problem }: EmergencyView): Fragment {
  const { language } = visit;
  const words = strings[language];
  const only = schools.length === 1 ? schools[0]?.id : undefined;
  const school = given.school ?? only;
  const left = Math.max(0, EMERGENCY_DAILY - ofDay);
  if (left === 0 && problem === undefined) return html`<p>${words.left(0)}</p>`;
  const wrong = (name: string) => (problem?.name === name ? { error: problem.message } : {});
  return html`${problem === undefined ? '' : errorSummary([problem], language)}${form({
    action: '/account/emergency',
    fields: visit.fields(),
    body: [
      selectField({
        language,
        name: 'school',
        label: words.school,
        prompt: words.schoolPrompt,
        ...(school === undefined ? {} : { value: school }),
        choices: schools.map(({ id, name }) => ({ value: id, label: name })),
        ...wrong('school'),
      }),
      textField({
        language,
        name: 'reason',
        label: words.reason,
        hint: words.reasonHint,
        rows: 3,
        maxLength: 500,
        value: given.reason ?? '',
        ...wrong('reason'),
      }),
      radioGroup({
        language,
        name: 'minutes',
        label: words.length,
        value: given.minutes ?? '30',
        choices: EMERGENCY_MINUTES.map((count) => ({ value: String(count), label: words.minutes(count) })),
      }),
      trustNote({ summary: words.told, body: words.toldText }),
      html`<p class="muted">${words.left(left)}</p>`,
      button({ label: words.open, kind: 'danger' }),
    ],
  })}`;
}
