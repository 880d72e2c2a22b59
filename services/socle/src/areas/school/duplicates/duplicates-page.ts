import type { PersonId } from '@socle/base';
import type { MergeRecord, Person, PersonCard } from '@socle/directory';
import {
  badge,
  button,
  buttonLink,
  card,
  dataTable,
  emptyState,
  form,
  formatDate,
  formatDateTime,
  formatList,
  html,
  nothing,
  radioGroup,
  section,
  stack,
  textField,
  trustNote,
  type Fragment,
} from '@socle/pages';
import { roleName } from '../../../pages/strings.ts';
import type { AreaPage, Visit } from '../../visit.ts';
import type { EntryPlaces, Pair } from './joinable.ts';
import { duplicateStrings } from './strings.ts';

interface DuplicatesView {
  readonly pairs: readonly Pair[];
  readonly made: readonly MergeRecord[];
  readonly cards: ReadonlyMap<PersonId, PersonCard>;
  /** The pair whose form came without a reason. */
  readonly unreasoned?: { readonly one: string | undefined; readonly other: string | undefined };
}

const SHOWN = 20;

/** Pairs side by side, likeliest first; then what was joined, with the way back. */
export function renderDuplicates(visit: Visit, view: DuplicatesView): AreaPage {
  const words = duplicateStrings[visit.language];
  const { pairs, made } = view;
  return {
    title: words.title,
    lead: words.lead,
    ...(view.unreasoned ? { status: 422 } : {}),
    body: html`${section({
      title: words.proposed(pairs.length),
      ...(pairs.length > SHOWN ? { lead: words.likeliest(SHOWN) } : {}),
      body:
        pairs.length === 0
          ? emptyState({ icon: 'circle-check', title: words.noneTitle, text: words.noneText })
          : stack(...pairs.slice(0, SHOWN).map((pair) => pairCard(visit, pair, view))),
    })}${made.length === 0 ? nothing : section({ title: words.made, body: madeTable(visit, view) })}${trustNote(
      {
        summary: words.whatHappens,
        body: html`<p>${words.whatHappensText}</p><p>${words.elsewhere}</p>`,
      },
    )}`,
  };
}

function pairCard(visit: Visit, pair: Pair, { unreasoned }: DuplicatesView): Fragment {
  const { language } = visit;
  const words = duplicateStrings[language];
  const { one, other, score, reasons, places } = pair;
  const fields = visit.fields({ one: one.id, other: other.id });
  const isWrong = unreasoned?.one === one.id && unreasoned.other === other.id;
  const about = `${one.displayName}, ${other.displayName}`;
  const rows = [
    { label: words.birth, cells: [birthOf(visit, one), birthOf(visit, other)] },
    { label: words.role, cells: places.map((place) => rolesOf(visit, place)) },
    { label: words.classes, cells: places.map(({ classes }) => formatList(language, classes) || '–') },
  ];
  return card({
    title:
      one.displayName === other.displayName ? one.displayName : `${one.displayName} / ${other.displayName}`,
    icon: 'users',
    level: 3,
    note: `${words.likeness(score)} ${formatList(
      language,
      reasons.map((reason) => words.reasons[reason]),
    )}`,
    body: html`${dataTable({
      language,
      caption: words.sideBySide(about),
      captionHidden: true,
      rows,
      columns: [
        { title: words.compared, names: true, cell: ({ label }) => label },
        { title: words.first(one.displayName), cell: ({ cells }) => cells[0] },
        { title: words.second(other.displayName), cell: ({ cells }) => cells[1] },
      ],
    })}${form({
      action: '/school/duplicates/distinct',
      fields,
      label: words.notTheSameOf(about),
      body: button({ label: words.notTheSame, kind: 'secondary', about }),
    })}<details class="disclosure"${isWrong ? html` open` : nothing}><summary><span>${words.same}</span></summary><div class="disclosure-body">${form(
      {
        action: '/school/duplicates/join',
        fields,
        label: words.joinOf(about),
        body: [
          radioGroup({
            language,
            name: 'keep',
            label: words.keep,
            value: one.id,
            choices: [one, other].map((each, index) => ({
              value: each.id,
              label: index === 0 ? words.first(each.displayName) : words.second(each.displayName),
            })),
          }),
          textField({
            language,
            name: 'reason',
            label: words.reason,
            hint: words.reasonHint,
            maxLength: 300,
            autocomplete: 'off',
            ...(isWrong ? { error: words.reasonMissing } : {}),
          }),
          button({ label: words.join, about }),
        ],
      },
    )}</div></details>`,
  });
}

function birthOf({ language }: Visit, { birthDate }: Person): string {
  return birthDate === undefined
    ? duplicateStrings[language].birthUnknown
    : formatDate(language, new Date(`${birthDate}T12:00:00Z`));
}

function rolesOf({ language, context }: Visit, { roles }: EntryPlaces): string {
  const lines = roles.flatMap(({ role, school }) => {
    const name = roleName(language, role);
    const where = context.schools.find(({ id }) => id === school)?.name;
    return name === undefined ? [] : [where === undefined ? name : `${name}, ${where}`];
  });
  return formatList(language, [...new Set(lines)]) || duplicateStrings[language].noRole;
}

function madeTable(visit: Visit, { made, cards }: DuplicatesView): Fragment {
  const { language } = visit;
  const words = duplicateStrings[language];
  const name = (id: PersonId) => cards.get(id)?.displayName ?? words.erased;
  return dataTable<MergeRecord>({
    language,
    caption: words.made,
    captionHidden: true,
    rows: made,
    columns: [
      { title: words.person, names: true, cell: ({ survivor }) => name(survivor) },
      { title: words.when, cell: ({ mergedAt }) => formatDateTime(language, mergedAt) },
      { title: words.by, cell: ({ mergedBy }) => name(mergedBy) },
      { title: words.reason, cell: ({ reason }) => reason },
      {
        title: words.act,
        cell: ({ id, survivor, undoneAt }) =>
          undoneAt === undefined
            ? buttonLink({
                label: words.part,
                href: `/school/duplicates/${id}/part`,
                kind: 'quiet',
                icon: 'arrow-back-up',
                about: name(survivor),
              })
            : badge(words.partedOn(formatDate(language, undoneAt))),
      },
    ],
  });
}

/** The question before a join is taken back. */
export function renderUndo(visit: Visit, merge: string, missing: boolean): AreaPage {
  const { language } = visit;
  const words = duplicateStrings[language];
  return {
    title: words.partTitle,
    lead: words.partText,
    tabs: false,
    back: { href: '/school/duplicates', label: words.title },
    ...(missing ? { status: 422 } : {}),
    body: form({
      action: `/school/duplicates/${merge}/part`,
      fields: visit.fields(),
      body: [
        textField({
          language,
          name: 'reason',
          label: words.reason,
          hint: words.reasonHint,
          maxLength: 300,
          autocomplete: 'off',
          ...(missing ? { error: words.reasonMissing } : {}),
        }),
        button({ label: words.part, icon: 'arrow-back-up' }),
      ],
    }),
  };
}
