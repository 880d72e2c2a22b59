import type { School } from '@socle/directory';
import type { Stop } from '@socle/identity';
import {
  button,
  card,
  descriptionList,
  disclosure,
  emptyState,
  errorSummary,
  form,
  formatDateTime,
  html,
  section,
  selectField,
  stack,
  textField,
  type Fragment,
} from '@socle/pages';
import type { AreaPage, Visit } from '../../visit.ts';
import { strings } from './strings.ts';

interface SwitchesView {
  readonly stops: readonly Stop[];
  readonly schools: readonly School[];
  readonly services: readonly { readonly id: string; readonly name: string }[];
  /** The visitor may act on services and their registration. */
  readonly onPlatform: boolean;
  readonly problem?: string;
}

const PATH = '/security/switches';

/** `/security/switches`: what is stopped first, then what can be. */
export function renderSwitches(visit: Visit, view: SwitchesView): AreaPage {
  const words = strings[visit.language];
  const { stops, schools, onPlatform, problem } = view;
  const forms = [
    ...(schools.length === 0
      ? []
      : [schoolForm(visit, view), sessionsForm(visit, view), resetForm(visit, view)]),
    ...(onPlatform ? [clientForm(visit, view), registrationForm(visit)] : []),
  ];
  return {
    title: words.title(stops.length),
    lead: words.lead,
    ...(problem === undefined ? {} : { status: 422 }),
    body: html`${problem === undefined ? '' : errorSummary([{ message: problem }], visit.language)}${
      stops.length === 0
        ? emptyState({ icon: 'circle-check', title: words.noneTitle, text: words.noneText })
        : section({ title: words.inForce, body: stack(...stops.map((stop) => stopCard(visit, view, stop))) })
    }${forms.length === 0 ? '' : section({ title: words.act, body: stack(...forms) })}`,
  };
}

function stopCard(visit: Visit, view: SwitchesView, stop: Stop): Fragment {
  const words = strings[visit.language];
  const name =
    view.schools.find(({ id }) => id === stop.target)?.name ??
    view.services.find(({ id }) => id === stop.target)?.name ??
    '';
  const title = name === '' ? words[`kind_${stop.kind}`] : `${words[`kind_${stop.kind}`]} · ${name}`;
  return card({
    title,
    icon: 'alert-triangle',
    level: 3,
    body: descriptionList([
      { term: words.since, description: formatDateTime(visit.language, stop.stoppedAt) },
      { term: words.reason, description: stop.reason },
      ...(stop.message === undefined ? [] : [{ term: words.message, description: stop.message }]),
    ]),
    actions: form({
      action: `${PATH}/${stop.id}/lifted`,
      fields: visit.fields(),
      label: `${words.lift} ${title}`,
      body: button({ label: words.lift, about: title }),
    }),
  });
}

function schoolForm(visit: Visit, view: SwitchesView): Fragment {
  const words = strings[visit.language];
  return act(visit, words.stopSchool, words.stopSchoolNote, `${PATH}/stopped`, { kind: 'school' }, [
    schoolField(visit, view, 'target-school'),
    textField({
      language: visit.language,
      name: 'message',
      label: words.message,
      hint: words.messageHint,
      rows: 2,
      maxLength: 300,
      optional: true,
    }),
    reasonField(visit, 'school'),
    button({ label: words.stopSchoolDo, kind: 'danger' }),
  ]);
}

function sessionsForm(visit: Visit, view: SwitchesView): Fragment {
  const words = strings[visit.language];
  return act(visit, words.endSessions, words.endSessionsNote, `${PATH}/sessions-ended`, {}, [
    schoolField(visit, view, 'target-sessions'),
    button({ label: words.endSessionsDo, kind: 'danger' }),
  ]);
}

function resetForm(visit: Visit, view: SwitchesView): Fragment {
  const words = strings[visit.language];
  return disclosure({
    summary: words.reset,
    body: html`<p>${words.resetNote}</p>${form({
      action: `${PATH}/passwords`,
      method: 'get',
      label: words.reset,
      body: [schoolField(visit, view, 'school'), button({ label: words.next, kind: 'secondary' })],
    })}`,
  });
}

function clientForm(visit: Visit, { services }: SwitchesView): Fragment {
  const words = strings[visit.language];
  return act(visit, words.stopClient, words.stopClientNote, `${PATH}/stopped`, { kind: 'client' }, [
    selectField({
      language: visit.language,
      name: 'target-client',
      label: words.client,
      prompt: words.clientPrompt,
      choices: services.map(({ id, name }) => ({ value: id, label: name })),
    }),
    reasonField(visit, 'client'),
    button({ label: words.stopClientDo, kind: 'danger' }),
  ]);
}

function registrationForm(visit: Visit): Fragment {
  const words = strings[visit.language];
  return act(
    visit,
    words.stopRegistration,
    words.stopRegistrationNote,
    `${PATH}/stopped`,
    { kind: 'registration' },
    [reasonField(visit, 'registration'), button({ label: words.stopRegistrationDo, kind: 'danger' })],
  );
}

/** A form that stays closed until it is wanted. The names of its fields end in what it stops: ids are made of them. */
function act(
  visit: Visit,
  title: string,
  note: string,
  action: string,
  fields: Readonly<Record<string, string>>,
  body: readonly Fragment[],
): Fragment {
  return disclosure({
    summary: title,
    body: html`<p>${note}</p>${form({ action, fields: visit.fields(fields), label: title, body: [...body] })}`,
  });
}

function schoolField({ language }: Visit, { schools }: SwitchesView, name: string): Fragment {
  const words = strings[language];
  const [only] = schools.length === 1 ? schools : [];
  return selectField({
    language,
    name,
    label: words.school,
    prompt: words.schoolPrompt,
    ...(only ? { value: only.id } : {}),
    choices: schools.map(({ id, name }) => ({ value: id, label: name })),
  });
}

function reasonField({ language }: Visit, kind: string): Fragment {
  const words = strings[language];
  return textField({
    language,
    name: `reason-${kind}`,
    label: words.reason,
    hint: words.reasonHint,
    rows: 2,
    maxLength: 500,
  });
}
