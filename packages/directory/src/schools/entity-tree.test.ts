import type { ControllerId, PersonId } from '@socle/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPersonFacts } from '../people/load-person-facts.ts';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { SAMPLE } from '../testing/write-feed-sample.ts';
import {
  changeEntitySettings,
  findEntity,
  loadEntitiesBelow,
  loadEntityTrail,
  openEntity,
  placeEntity,
  type EntityId,
  type NewEntity,
} from './entity-tree.ts';
import { ensureController, loadAcademies, loadSchools, type School } from './schools.ts';

describe('the tree of entities', () => {
  let directory: TestDirectory;
  let schools: readonly School[];
  let academy: EntityId;
  let head: PersonId;
  beforeAll(async () => {
    directory = await openTestDirectory();
    await directory.importSample(SAMPLE);
    schools = await directory.all((tx) => loadSchools(tx));
    [academy] = (await directory.all((tx) => loadAcademies(tx))).map(
      ({ id }) => id as string as EntityId,
    ) as [EntityId];
    head = await directory.person('3002');
  });
  afterAll(() => directory.close());

  const context = () => ({
    audit: directory.audit,
    author: { kind: 'person', id: head } as const,
    at: directory.clock.now(),
  });
  const open = (entity: NewEntity) => directory.all((tx) => openEntity(tx, entity, context()));
  const school = (kind: string) => schools.find((each) => each.kind === kind)!.id as string as EntityId;
  const settings = async (id: EntityId) => (await directory.all((tx) => findEntity(tx, id)))?.settings;

  it('refuses what does not belong there, a time zone that is none, and a second node of one code', async () => {
    const commune = { kind: 'commune', code: '99001', name: 'Valmorne' } as const;
    await expect(open({ ...commune, parent: academy })).rejects.toMatchObject({ code: 'entity_misplaced' });
    await expect(open({ ...commune, parent: head as string as EntityId })).rejects.toMatchObject({
      code: 'entity_misplaced',
    });
    const department = { kind: 'department', code: '99', name: 'Haute-Clairière', parent: academy } as const;
    await expect(open({ ...department, says: { timeZone: 'Europe/Nowhere' } })).rejects.toMatchObject({
      code: 'entity_misplaced',
    });
    const id = await open(department);
    await expect(open(department)).rejects.toMatchObject({ code: 'entity_exists' });
    await open({ ...commune, parent: id });
    await expect(
      directory.all((tx) => placeEntity(tx, id, school('college'), context())),
    ).rejects.toMatchObject({ code: 'entity_misplaced' });
    expect((await directory.events()).map(({ action }) => action)).toContain('directory.entity.opened');
  });

  it('has a node say what holds below, unless a nearer one says otherwise', async () => {
    expect(await settings(school('college'))).toEqual({
      language: 'fr',
      timeZone: 'Europe/Paris',
      law: 'FR',
    });
    await directory.all((tx) =>
      changeEntitySettings(tx, academy, { timeZone: 'Indian/Reunion', language: 'fr-RE' }, context()),
    );
    await directory.all((tx) => changeEntitySettings(tx, school('lycee'), { language: 'en' }, context()));
    expect(await settings(school('college'))).toMatchObject({
      language: 'fr-RE',
      timeZone: 'Indian/Reunion',
    });
    expect(await settings(school('lycee'))).toMatchObject({ language: 'en', timeZone: 'Indian/Reunion' });
    const found = await directory.all((tx) => loadSchools(tx));
    expect(found.map(({ language, timeZone, law }) => `${language} ${timeZone} ${law}`).toSorted()).toEqual([
      'en Indian/Reunion FR',
      'fr-RE Indian/Reunion FR',
    ]);
    await directory.all((tx) => changeEntitySettings(tx, school('lycee'), { language: null }, context()));
    expect(await settings(school('lycee'))).toMatchObject({ language: 'fr-RE' });
  });

  it('has pupils come of age at midnight of the place, and tells who holds facts when the place moves', async () => {
    const mother = await directory.person('2001');
    const [adele, at] = [await directory.person('1002'), directory.clock.now()];
    const facts = () => directory.all((tx) => loadPersonFacts(tx, mother, at));
    const end = async () => (await facts()).children.find(({ child }) => child === adele)?.to;
    // Born on 2 November 2009; La Réunion is four hours ahead of UTC.
    expect(await end()).toEqual(new Date('2027-11-01T20:00:00Z'));
    const { revision } = await facts();
    await directory.all((tx) => changeEntitySettings(tx, academy, { timeZone: null }, context()));
    expect(await end()).toEqual(new Date('2027-11-01T23:00:00Z'));
    expect((await facts()).revision).toBeGreaterThan(revision);
  });

  it('puts a school abroad under its owner, whose controller, law and time zone hold there; a feed leaves it', async () => {
    const controller = await directory.all((tx) =>
      ensureController(tx, {
        code: 'owner:erables',
        name: 'Association des Érables',
        kind: 'owner',
        at: directory.clock.now(),
      }),
    );
    const network = await open({ kind: 'network', code: 'R', name: 'Réseau', controller });
    const owner = await open({
      kind: 'owner',
      code: 'erables',
      name: 'Association des Érables',
      parent: network,
      controller,
      says: { law: 'MG', timeZone: 'Indian/Antananarivo' },
    });
    await directory.all((tx) => placeEntity(tx, school('lycee'), owner, context()));
    directory.clock.advanceSeconds(60);
    await directory.importSample({ ...SAMPLE, day: '20260902' });
    expect(await settings(school('lycee'))).toEqual({
      language: 'fr',
      timeZone: 'Indian/Antananarivo',
      law: 'MG',
    });
    const trail = await directory.all((tx) => loadEntityTrail(tx, school('lycee')));
    expect(trail.map(({ kind }) => kind)).toEqual(['network', 'owner', 'school']);
    expect(trail[1]!.controller).toBe(controller);
    expect((await directory.all((tx) => findEntity(tx, owner)))?.says).toEqual({
      law: 'MG',
      timeZone: 'Indian/Antananarivo',
    });
  });

  it('shows what is above schools to any scope, schools to their controller, and nothing without a scope', async () => {
    const below = async (scope?: readonly ControllerId[]) =>
      directory.database.transaction((tx) => loadEntitiesBelow(tx, academy), scope ? { scope } : {});
    const college = schools.find(({ kind }) => kind === 'college')!;
    const lycee = schools.find(({ kind }) => kind === 'lycee')!;
    expect(await below()).toEqual([]);
    expect((await below([college.controller])).map(({ id }) => id)).toContain(college.id);
    expect((await below([lycee.controller])).map(({ kind }) => kind)).toEqual(['department']);
    await expect(
      directory.database.transaction(
        (tx) => changeEntitySettings(tx, school('college'), { law: 'BE' }, context()),
        { scope: [lycee.controller] },
      ),
    ).rejects.toMatchObject({ code: 'entity_unknown' });
  });
});
