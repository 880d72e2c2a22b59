import type { Resource } from '@socle/authorization';
import type { Visitor } from './visit.ts';

/** The places, as resources of this type, where one of the person's roles lets them do the action. */
export function placesWhere(visitor: Visitor, action: string, type: string): readonly Resource[] {
  const places = visitor.facts.roles.map(({ scope, domain }): Resource => ({ type, [scope]: domain }));
  const distinct = new Map(places.map((place) => [JSON.stringify(place), place]));
  return [...distinct.values()].filter((place) => visitor.may(action, place));
}

/** Does any of the person's roles let them do the action, in the place where it is held? */
export function mayAnywhere(visitor: Visitor, action: string, type: string): boolean {
  return placesWhere(visitor, action, type).length > 0;
}
