import type { ReadEvent } from '@socle/audit';
import type { PersonId } from '@socle/base';

/** The person who looked: themselves, also in somebody's place, or through a module. */
export function whoLooked({ actor, onBehalfOf }: ReadEvent): PersonId | undefined {
  const looked = actor.kind === 'person' ? actor : (onBehalfOf ?? actor);
  return looked.personId as PersonId | undefined;
}
