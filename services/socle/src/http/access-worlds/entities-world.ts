import type { Fixtures, PersonFacts, Resource } from '@socle/authorization';
import type { AccessWorld } from './world.ts';

/** A cursor is the number of entities that were seen. */
const START = 0;

/**
 * The entities of a policies folder (`entities.yaml`, in the form of the policies' fixtures): for a certification of the
 * interface with people and things of its own. A subject's type is `person` or `user`, and a resource that is named there
 * brings its properties; those of the request are added to them.
 */
export function openEntitiesWorld(entities: Fixtures): AccessWorld {
  const people = [...entities.people];
  const resources = [...entities.resources];
  const pageOf = <Item, Candidate>(
    items: readonly Item[],
    { cursor, limit }: { readonly cursor?: string; readonly limit: number },
    build: (item: Item) => Candidate,
  ) => {
    const start = /^\d{1,9}$/.test(cursor ?? '') ? Number(cursor) : START;
    const candidates = items.slice(start, start + limit).map(build);
    return {
      candidates,
      ...(start + limit < items.length ? { next: String(start + limit) } : {}),
    };
  };
  return {
    async prepare() {},
    async factsOf({ type, id }) {
      return type === 'person' || type === 'user' ? entities.people.get(id) : undefined;
    },
    describe({ type, id, properties = {} }) {
      const held = entities.resources.get(id);
      const base: Resource = held?.type === type ? { id, ...held } : { type, id };
      const known = Object.entries(properties).filter(([, value]) =>
        ['string', 'boolean'].includes(typeof value),
      );
      return { ...base, ...Object.fromEntries(known), type };
    },
    async listSubjects(_resource, page) {
      return pageOf(people, page, ([id, facts]: readonly [string, PersonFacts]) => ({
        name: { type: 'person', id },
        facts,
      }));
    },
    async listResources(type, _facts, page) {
      const held = resources.filter(([, resource]) => resource.type === type);
      return pageOf(held, page, ([id, resource]) => ({ name: { type, id }, resource: { id, ...resource } }));
    },
  };
}
