import type { DirectorySearch, FoundPeople, FoundPerson } from '@socle/directory';
import {
  button,
  dataTable,
  emptyState,
  form,
  formatList,
  html,
  nothing,
  section,
  selectField,
  textField,
  type Fragment,
} from '@socle/pages';
import { roleName } from '../../../pages/strings.ts';
import type { AreaPage, Visit } from '../../visit.ts';
import type { SearchChoices } from './search.ts';
import { peopleStrings } from './strings.ts';

interface SearchView {
  readonly choices: SearchChoices;
  readonly search: DirectorySearch;
  readonly missing?: boolean;
  readonly found?: FoundPeople;
}

/** The search and what it found. */
export function renderSearch(visit: Visit, view: SearchView): AreaPage {
  const words = peopleStrings[visit.language];
  return {
    title: words.title,
    lead: words.lead,
    ...(view.missing ? { status: 422 } : {}),
    body: html`${searchForm(visit, view)}${view.found === undefined ? nothing : results(visit, view, view.found)}`,
  };
}

function searchForm(visit: Visit, { choices, search, missing }: SearchView): Fragment {
  const { language, context } = visit;
  const words = peopleStrings[language];
  const schools = new Map(context.schools.map(({ id, name }) => [id as string, name]));
  const role = search.roles?.[0];
  return form({
    action: '/school/people',
    fields: visit.fields(),
    label: words.title,
    body: [
      textField({
        language,
        name: 'name',
        label: words.name,
        hint: words.nameHint,
        autocomplete: 'off',
        optional: true,
        maxLength: 100,
        ...(search.text === undefined ? {} : { value: search.text }),
        ...(missing ? { error: words.missing } : {}),
      }),
      choices.divisions.length === 0
        ? nothing
        : selectField({
            language,
            name: 'division',
            label: words.division,
            prompt: words.anyDivision,
            optional: true,
            width: 'medium',
            ...(search.division === undefined ? {} : { value: search.division }),
            choices: choices.divisions.map(({ id, name, school }) => ({
              value: id,
              label: schools.size > 1 ? `${name} · ${schools.get(school) ?? ''}` : name,
            })),
          }),
      choices.roles.length < 2
        ? nothing
        : selectField({
            language,
            name: 'role',
            label: words.role,
            prompt: words.anyRole,
            optional: true,
            width: 'medium',
            ...(role === undefined ? {} : { value: role }),
            choices: choices.roles.map((each) => ({ value: each, label: roleName(language, each) ?? each })),
          }),
      button({ label: words.search, icon: 'search' }),
    ],
  });
}

function results(visit: Visit, { search }: SearchView, { people, next }: FoundPeople): Fragment {
  const words = peopleStrings[visit.language];
  if (people.length === 0) {
    return emptyState({ icon: 'search', title: words.noneTitle, text: words.noneText });
  }
  const more =
    next === undefined
      ? nothing
      : form({
          action: '/school/people',
          fields: visit.fields({
            after: next,
            ...(search.text === undefined ? {} : { name: search.text }),
            ...(search.division === undefined ? {} : { division: search.division }),
            ...(search.roles?.[0] === undefined ? {} : { role: search.roles[0] }),
          }),
          label: words.more,
          body: button({ label: words.more, kind: 'secondary' }),
        });
  return section({
    title: next === undefined && search.after === undefined ? words.found(people.length) : words.results,
    body: html`${dataTable<FoundPerson>({
      language: visit.language,
      caption: words.results,
      captionHidden: true,
      rows: people,
      columns: [
        {
          title: words.columnName,
          names: true,
          cell: ({ person, namesake }) =>
            html`<a href="/school/people/${person.id}">${person.displayName}</a>${namesake ? html` <span class="muted">(${words.namesake})</span>` : nothing}`,
        },
        { title: words.columnPlace, cell: (found) => placesOf(visit, found) },
      ],
    })}${more}`,
  });
}

/** Roles with their classes; the school too when this person acts in several. */
function placesOf({ language, context }: Visit, { places }: FoundPerson): string {
  const several = context.schools.length > 1;
  const lines = places.flatMap(({ role, divisions, school }) => {
    const name = roleName(language, role);
    if (name === undefined) return [];
    const where = several ? context.schools.find(({ id }) => id === school)?.name : undefined;
    return [
      [name, divisions.length === 0 ? undefined : divisions.join(', '), where]
        .filter((part) => part !== undefined)
        .join(' · '),
    ];
  });
  return formatList(language, [...new Set(lines)]);
}
