import type { Division, FoundPerson, Person } from '@socle/directory';
import {
  button,
  card,
  emptyState,
  errorSummary,
  form,
  formatList,
  html,
  nothing,
  radioGroup,
  selectField,
  textField,
  type Fragment,
} from '@socle/pages';
import { roleName } from '../../../pages/strings.ts';
import type { AreaPage, Visit } from '../../visit.ts';
import { decisionFields, errorOf, valueOf, type Typed } from './decision.ts';
import type { ShownDivision } from './organised.ts';
import { classStrings } from './strings.ts';

/** Somebody who may be added, with the class that they then leave. */
export interface Candidate {
  readonly found: FoundPerson;
  readonly leaves?: Division;
}

/** What was searched for, and who was found; undefined before the first search. */
export interface CandidateSearch {
  readonly text: string;
  readonly candidates?: readonly Candidate[];
}

/** Adding somebody to a class or group: find them, then say until when and why. */
export function renderAdd(
  visit: Visit,
  shown: ShownDivision,
  { text, candidates }: CandidateSearch,
  typed: Typed,
): AreaPage {
  const { language } = visit;
  const words = classStrings[language];
  const { division } = shown;
  return {
    ...deepPage(shown, typed),
    title: words.addTitle(division.name),
    lead: shown.school.name,
    body: html`${errorSummary(typed.errors, language)}${form({
      action: `/school/classes/${division.id}/find`,
      fields: visit.fields(),
      label: words.find,
      body: [
        textField({
          language,
          name: 'name',
          label: division.kind === 'class' ? words.findPupil : words.findAnybody,
          hint: words.findHint,
          maxLength: 100,
          autocomplete: 'off',
          width: 'medium',
          value: text,
          ...errorOf(typed, 'name'),
        }),
        button({
          label: words.find,
          icon: 'search',
          kind: candidates === undefined || candidates.length === 0 ? 'primary' : 'secondary',
        }),
      ],
    })}${candidates === undefined ? nothing : chooseForm(visit, shown, text, candidates, typed)}`,
  };
}

function chooseForm(
  visit: Visit,
  { division, school }: ShownDivision,
  text: string,
  candidates: readonly Candidate[],
  typed: Typed,
): Fragment {
  const { language } = visit;
  const words = classStrings[language];
  if (candidates.length === 0) {
    const hint = division.kind === 'class' ? words.nobodyPupil : words.nobodyAnybody;
    return emptyState({ icon: 'search', title: words.nobodyTitle, text: hint });
  }
  const [only] = candidates;
  return card({
    body: form({
      action: `/school/classes/${division.id}/add`,
      fields: visit.fields({ name: text }),
      label: words.addTitle(division.name),
      body: [
        radioGroup({
          language,
          name: 'person',
          label: words.who,
          ...(candidates.length === 1 && only ? { value: only.found.person.id } : {}),
          ...valueOfPerson(typed),
          ...errorOf(typed, 'person'),
          choices: candidates.map((candidate) => ({
            value: candidate.found.person.id,
            label: candidate.found.person.displayName,
            hint: placesOf(visit, candidate),
          })),
        }),
        ...decisionFields(visit, school, typed),
        button({ label: words.add, icon: 'user-plus' }),
      ],
    }),
  });
}

function valueOfPerson({ fields }: Typed): { readonly value?: string } {
  return fields['person'] === undefined || fields['person'] === '' ? {} : { value: fields['person'] };
}

/** What they are and where; the school too when the visitor acts in several. */
function placesOf({ language, context }: Visit, { found, leaves }: Candidate): string {
  const words = classStrings[language];
  const several = context.schools.length > 1;
  const places = found.places.map(({ role, divisions, school }) => {
    const where = several ? context.schools.find(({ id }) => id === school)?.name : undefined;
    return [roleName(language, role), ...divisions, where].filter((part) => part !== undefined).join(' · ');
  });
  const line = formatList(language, [...new Set(places)]);
  return leaves === undefined ? line : `${line} (${words.quits(leaves.name)})`;
}

/** Removing a pupil from a class or group, or moving them to another. */
export function renderChange(
  visit: Visit,
  shown: ShownDivision,
  others: readonly Division[],
  person: Person,
  typed: Typed,
): AreaPage {
  const { language } = visit;
  const words = classStrings[language];
  const { division, school } = shown;
  const isClass = division.kind === 'class';
  return {
    ...deepPage(shown, typed),
    title: isClass
      ? words.changeTitle(person.displayName)
      : words.changeGroupTitle(person.displayName, division.name),
    lead: `${division.name} · ${school.name}`,
    body: html`${errorSummary(typed.errors, language)}${form({
      action: `/school/classes/${division.id}/people/${person.id}`,
      fields: visit.fields(),
      label: words.move,
      body: [
        selectField({
          language,
          name: 'to',
          label: isClass ? words.destination : words.destinationGroup,
          prompt: words.choose,
          width: 'medium',
          ...valueOf(typed, 'to'),
          ...errorOf(typed, 'to'),
          choices: [
            ...others.map(({ id, name }) => ({ value: id, label: name })),
            { value: 'none', label: words.destinationNone },
          ],
        }),
        ...decisionFields(visit, school, typed),
        button({ label: words.move }),
      ],
    })}`,
  };
}

function deepPage({ division }: ShownDivision, { errors }: Typed) {
  return {
    tabs: false,
    back: { href: `/school/classes/${division.id}`, label: division.name },
    ...(errors.length > 0 ? { status: 422 } : {}),
  };
}
