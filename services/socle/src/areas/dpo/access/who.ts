import type { ReadParty } from '@socle/audit';
import type { PersonId } from '@socle/base';
import type { PersonCard } from '@socle/directory';
import type { Language } from '@socle/pages';
import { roleInSentence, roleName } from '../../../pages/strings.ts';
import { strings } from './strings.ts';

/** Whom an event names, in words: a person with their main role, or a program. */
export function sayWho(
  language: Language,
  cards: ReadonlyMap<PersonId, PersonCard>,
  party: ReadParty | undefined,
): string {
  const words = strings[language];
  if (party === undefined) return words.nobody;
  const isPerson = party.kind === 'person' || party.kind.endsWith('.person');
  if (!isPerson) return words.programNamed(party.id);
  const card = cards.get(party.personId as PersonId);
  // the mapping was cut when the person was erased: what remains tells nobody who it was
  if (card === undefined) return words.forgotten;
  const role = card.roles.map((held) => roleName(language, held.role)).find((name) => name !== undefined);
  return role === undefined ? card.displayName : `${card.displayName}, ${roleInSentence(role)}`;
}
