import {
  badge,
  button,
  buttonRow,
  card,
  descriptionList,
  emptyState,
  form,
  formatDateTime,
  html,
  section,
  stack,
  timeline,
  type Fragment,
  type IconName,
} from '@socle/pages';
import type { PersonId } from '@socle/base';
import type { PersonCard } from '@socle/directory';
import { approvalKinds } from '../../approvals/kinds.ts';
import type { ApprovalRow } from '../../approvals/store.ts';
import type { AreaPage, Visit } from '../visit.ts';
import { strings } from './strings.ts';

type Names = ReadonlyMap<PersonId, PersonCard>;

/** The page: what is mine to answer first, then what I asked, then what was decided. */
export function renderApprovals(visit: Visit, rows: readonly ApprovalRow[], names: Names): AreaPage {
  const words = strings[visit.language];
  const isOpen = (row: ApprovalRow) => row.verdict === null && row.expires_at > visit.now;
  const isMine = (row: ApprovalRow) => row.asked_by === visit.facts.person;
  const toAnswer = rows.filter((row) => isOpen(row) && !isMine(row));
  const asked = rows.filter((row) => isOpen(row) && isMine(row));
  const past = rows.filter((row) => !isOpen(row));
  const waiting =
    toAnswer.length === 0
      ? emptyState({ icon: 'circle-check', title: words.emptyTitle, text: words.emptyText })
      : stack(...toAnswer.map((row) => answerCard(visit, row, names)));
  return {
    title: words.title,
    lead: words.lead,
    body: html`${section({ title: words.toAnswer, body: waiting })}${
      asked.length === 0
        ? ''
        : section({ title: words.asked, body: stack(...asked.map((row) => askedCard(visit, row, names))) })
    }${past.length === 0 ? '' : section({ title: words.past, body: pastList(visit, past) })}`,
  };
}

function answerCard(visit: Visit, row: ApprovalRow, names: Names): Fragment {
  const words = strings[visit.language];
  const kind = approvalKinds[row.kind];
  return card({
    title: kind.title[visit.language],
    icon: 'alert-triangle',
    level: 3,
    note: kind.warning[visit.language],
    body: description(visit, row, names),
    actions: buttonRow(
      form({
        action: `/approvals/${row.id}/confirmed`,
        fields: visit.fields(),
        body: button({ label: words.confirm }),
        label: kind.title[visit.language],
      }),
      form({
        action: `/approvals/${row.id}/refused`,
        fields: visit.fields(),
        body: button({ label: words.refuse, kind: 'secondary' }),
        label: words.refuse,
      }),
    ),
  });
}

function askedCard(visit: Visit, row: ApprovalRow, names: Names): Fragment {
  const words = strings[visit.language];
  return card({
    title: approvalKinds[row.kind].title[visit.language],
    icon: 'clock',
    level: 3,
    note: words.waits,
    body: description(visit, row, names),
    actions: form({
      action: `/approvals/${row.id}/withdrawn`,
      fields: visit.fields(),
      body: button({ label: words.withdraw, kind: 'secondary' }),
    }),
  });
}

function description({ language }: Visit, row: ApprovalRow, names: Names): Fragment {
  const words = strings[language];
  const about = row.about === null ? undefined : names.get(row.about)?.displayName;
  return descriptionList([
    {
      term: words.what,
      description: html`<ul>${row.summary[language].map((line) => html`<li>${line}</li>`)}</ul>`,
    },
    ...(about === undefined ? [] : [{ term: words.about, description: about }]),
    { term: words.why, description: row.reason },
    { term: words.who, description: row.asked_by_kind === 'system' ? words.commandLine : words.aPerson },
    { term: words.until, description: formatDateTime(language, row.expires_at) },
  ]);
}

const ICONS = {
  confirmed: 'circle-check',
  refused: 'minus',
  withdrawn: 'arrow-back-up',
  expired: 'clock',
} as const satisfies Record<string, IconName>;

function pastList({ language }: Visit, rows: readonly ApprovalRow[]): Fragment {
  const words = strings[language];
  return timeline({
    language,
    label: words.past,
    entries: rows.map((row) => {
      const state = row.verdict ?? 'expired';
      return {
        at: row.decided_at ?? row.expires_at,
        icon: ICONS[state],
        title: approvalKinds[row.kind].title[language],
        text: html`${badge(words[state], state === 'confirmed' ? 'good' : 'neutral')} ${
          row.verdict === 'confirmed' ? badge(row.used_at ? words.used : words.notUsed) : ''
        }`,
      };
    }),
  });
}
