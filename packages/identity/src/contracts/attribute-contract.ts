import type { Person } from '../ports.ts';
import { ATTRIBUTES, type Attribute } from './members.ts';

/** The attributes that this client's contract lets out. */
export function attributesOf(client: unknown): readonly Attribute[] {
  const listed = (client as { socle_attributes?: unknown }).socle_attributes;
  // A client without a contract is one of the school's own.
  if (!Array.isArray(listed)) return ATTRIBUTES;
  return ATTRIBUTES.filter((each) => listed.includes(each));
}

/** True for a client outside the school, whose attributes are shown to the person first. */
export function isPublisher(client: unknown): boolean {
  return (client as { socle_kind?: unknown }).socle_kind === 'publisher';
}

/** Claims about a person, cut down to the contract: what is not in it does not exist for this client. */
export function claimsOf(person: Person, contract: readonly Attribute[]): Record<string, unknown> {
  const known: Record<Attribute, unknown> = {
    name: person.displayName,
    given_name: person.givenName,
    family_name: person.familyName,
    locale: person.language,
  };
  return Object.fromEntries(
    contract.flatMap((name) => (known[name] === undefined ? [] : [[name, known[name]]])),
  );
}
