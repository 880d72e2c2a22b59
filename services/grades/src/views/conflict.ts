import type { DivisionMembers } from '@socle/client';
import { button, buttonRow, card, form, hiddenFields, html, radioGroup, stack } from '@socle/pages';
import type { Fragment } from '@socle/pages';
import type { CellConflict } from '../acts/save-marks.ts';
import type { Assessment } from '../domain/assessment.ts';
import type { Mark } from '../domain/mark.ts';
import { formatMark } from '../domain/parse-mark.ts';
import { cellField, choiceField, versionField } from '../routes/marks-form.ts';
import type { View, Wording } from './view.ts';
import { sayInstant, sayMark } from './words.ts';

/** What two people changed differently: both values side by side, one to be chosen for each pupil. */
export function renderConflict(
  wording: Wording,
  content: {
    readonly assessment: Assessment;
    readonly members: DivisionMembers;
    readonly conflicts: readonly CellConflict[];
    readonly written: number;
  },
): View {
  const { strings, csrf } = wording;
  const { assessment, conflicts } = content;
  const names = new Map(content.members.pupils.map(({ sub, displayName }) => [sub, displayName]));
  const cards = conflicts.map((conflict) =>
    conflictCard(wording, assessment, names.get(conflict.pupil) ?? strings.sheet.left, conflict),
  );
  return {
    title: strings.conflict.title(conflicts.length),
    lead: strings.conflict.lead,
    flash: [
      { kind: content.written > 0 ? 'good' : 'information', text: strings.conflict.others(content.written) },
    ],
    body: form({
      action: `/assessments/${assessment.id}/marks`,
      fields: { _csrf: csrf },
      body: [stack(...cards), buttonRow(button({ label: strings.conflict.submit, kind: 'primary' }))],
    }),
  };
}

function conflictCard(
  wording: Wording,
  assessment: Assessment,
  name: string,
  { pupil, base, typed, current }: CellConflict,
): Fragment {
  const { strings, language } = wording;
  const say = (mark: Mark | undefined) =>
    mark ? sayMark(wording, mark, assessment.scale) : strings.conflict.empty;
  const when = strings.conflict.savedAt(sayInstant(wording, current.writtenAt));
  const hidden = hiddenFields({
    [cellField(pupil)]: formatMark(typed, language),
    // The version is the one seen here: a third change in between is a conflict again.
    [versionField(pupil)]: String(current.version),
  });
  const choices = radioGroup({
    language,
    name: choiceField(pupil),
    label: `${strings.conflict.opened} : ${say(base)}`,
    value: 'theirs',
    choices: [
      {
        value: 'theirs',
        label: strings.conflict.keep(say(current.mark)),
        hint: `${strings.conflict.current}, ${when}`,
      },
      { value: 'mine', label: strings.conflict.put(say(typed)), hint: strings.conflict.yours },
    ],
  });
  return card({ title: name, body: html`${hidden}${choices}` });
}
