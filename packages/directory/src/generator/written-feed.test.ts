import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateAaf } from './generate-aaf.ts';
import { parseWrittenFeed, type WrittenRecord } from '../../../../test/support/parse-written-feed.ts';
import type { WrittenFeed } from './write-feed.ts';

const UAI_LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';

let folder: string;
let written: WrittenFeed;
let feed: Map<string, WrittenRecord[]>;

const records = (type: string) => feed.get(type) ?? [];
const values = (record: WrittenRecord, name: string) =>
  (record.attributes.get(name) ?? []).filter((value) => value !== '');
const all = (types: readonly string[]) => types.flatMap(records);
const keysOf = (types: readonly string[]) => new Set(all(types).map((record) => record.id));

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'socle-feed-'));
  written = await generateAaf({
    folder,
    schools: 12,
    pupils: 6_000,
    seed: 'référence',
    date: new Date('2026-09-14'),
  });
  feed = await parseWrittenFeed(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a generated AAF feed', () => {
  it('is well-formed and has the ten kinds of files, the big ones in several parts', () => {
    expect([...feed.keys()].sort()).toEqual([
      '1D Eleve',
      '1D EtabEducNat',
      '1D PersEducNat',
      '1D PersRelEleve',
      '2D Eleve',
      '2D EtabEducNat',
      '2D MatiereEducNat',
      '2D MefEducNat',
      '2D PersEducNat',
      '2D PersRelEleve',
    ]);
    const names = written.files.map((file) => file.name);
    expect(names).toContain('ENT1DVA-SOCLE_Complet_20260914_PersRelEleve_0000.xml');
    expect(written.files.reduce((sum, file) => sum + file.records, 0)).toBe([...feed.values()].flat().length);
  });

  it('begins a new part after 5 000 records, numbered without gap', async () => {
    const parts = written.files.filter((file) => file.name.includes('1D') && file.name.includes('PersRel'));
    const second = written.files.filter((file) => file.name.includes('2D') && file.name.includes('PersRel'));
    for (const list of [parts, second])
      expect(list.map((file) => file.name.slice(-8, -4))).toEqual(
        list.map((_, index) => String(index).padStart(4, '0')),
      );
    for (const file of written.files) expect(file.records).toBeLessThanOrEqual(5_000);
    const shipped = (await readdir(folder)).filter((name) => !name.endsWith('.xml'));
    expect(shipped).toEqual(['ficAlimMENESR.dtd']);
  });

  it('says version, academy, degree and day in comments after the DOCTYPE', async () => {
    const header = (
      await readFile(path.join(folder, 'ENT2DVA-SOCLE_Complet_20260914_Eleve_0000.xml'), 'utf8')
    ).slice(0, 400);
    expect(
      header.startsWith(
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">\n<ficAlimMENESR>\n',
      ),
    ).toBe(true);
    for (const comment of [
      'versionAF="AAF-VE2407"',
      'codeAcademieExport="99"',
      'degre="2D"',
      'dateGenerationExport="14/09/2026"',
    ])
      expect(header).toContain(`<!-- ${comment} -->`);
  });

  it('lists every attribute of a kind in one order in every record, absent ones as one empty value', () => {
    let empty = 0;
    for (const [type, list] of feed) {
      const order = [...list[0]!.attributes.keys()].join();
      expect(list.length, type).toBeGreaterThan(0);
      for (const record of list) {
        expect([...record.attributes.keys()].join(), type).toBe(order);
        for (const held of record.attributes.values()) {
          expect(held.length).toBeGreaterThan(0);
          if (held.includes('')) {
            expect(held).toEqual(['']);
            empty += 1;
          }
        }
      }
    }
    expect(empty).toBeGreaterThan(1_000);
  });

  it('carries in each record the category of its file, and the join key as identifier', () => {
    const category: Readonly<Record<string, string>> = {
      Eleve: 'categoriePersonne Eleve',
      PersRelEleve: 'categoriePersonne PersRelEleve',
      PersEducNat: 'categoriePersonne PersEducNat',
      EtabEducNat: 'categorieStructure EtabEducNat',
      MefEducNat: 'categorieMef MefEducNat',
      MatiereEducNat: 'categorieMatiere MatEducNat',
    };
    for (const [type, list] of feed)
      for (const record of list) {
        expect(record.operational.join(' ')).toBe(category[type.slice(3)]);
        expect([...record.attributes.values()][0]).toEqual([record.id]);
      }
  });

  it('repeats no join key of persons, no academy mailbox and no INE', () => {
    for (const types of [
      ['2D Eleve', '1D Eleve'],
      ['2D PersRelEleve', '1D PersRelEleve'],
      ['2D PersEducNat', '1D PersEducNat'],
    ])
      expect(keysOf(types).size).toBe(all(types).length);
    const mailboxes = [
      ...records('2D PersEducNat').flatMap((record) => values(record, 'mail')),
      ...records('1D PersEducNat').flatMap((record) => values(record, 'ENTPersonMail')),
    ];
    expect(new Set(mailboxes).size).toBe(written.counts.staff);
    const ines = all(['2D Eleve', '1D Eleve']).flatMap((record) => values(record, 'ENTEleveINE'));
    expect(ines.length).toBeGreaterThan(5_000);
    expect(new Set(ines).size).toBe(ines.length);
    for (const ine of ines) expect(ine).toMatch(/^\d{9}[A-Z]{2}$/);
  });

  it('computes the control letter of every UAI', () => {
    const uais = all(['2D EtabEducNat', '1D EtabEducNat']).flatMap((record) =>
      values(record, 'ENTStructureUAI'),
    );
    expect(new Set(uais).size).toBe(12);
    for (const uai of uais) expect(uai[7]).toBe(UAI_LETTERS[Number(uai.slice(0, 7)) % 23]);
  });

  it('resolves every tie both ways, except the relatives that are missing on purpose', () => {
    let missing = 0;
    for (const degree of ['2D', '1D']) {
      const relatives = new Map(records(`${degree} PersRelEleve`).map((record) => [record.id, record]));
      const pupils = new Map(records(`${degree} Eleve`).map((record) => [record.id, record]));
      const [tie, reverse, parts] =
        degree === '2D'
          ? (['ENTElevePersRelEleve', 'ENTAuxPersRelEleveEleve', 6] as const)
          : (['ENTEleveAutoriteParentale', 'ENTPersRelEleveEleve', 2] as const);
      for (const pupil of pupils.values())
        for (const value of values(pupil, tie)) {
          expect(value.split('$')).toHaveLength(parts);
          const relative = relatives.get(value.split('$')[0]!);
          if (!relative) missing += 1;
          else expect(values(relative, reverse)).toContain(pupil.id);
        }
      for (const relative of relatives.values()) {
        const children = values(relative, reverse);
        expect(children.length).toBeGreaterThan(0);
        for (const child of children)
          expect(values(pupils.get(child)!, tie).map((value) => value.split('$')[0])).toContain(relative.id);
      }
      for (const pupil of pupils.values())
        for (const key of values(pupil, 'ENTEleveAdresseRel')) expect(relatives.has(key)).toBe(true);
    }
    expect(missing).toBe(written.counts.missingRelatives);
    expect(missing).toBeGreaterThan(0);
  });

  it('names only schools, classes, groups, subjects and MEF that exist', () => {
    const schools = keysOf(['2D EtabEducNat', '1D EtabEducNat']);
    const subjects = keysOf(['2D MatiereEducNat']);
    const mefs = keysOf(['2D MefEducNat']);
    const listed = (attribute: string) =>
      new Set(
        records('2D EtabEducNat').flatMap((school) =>
          values(school, attribute).map((value) => `${school.id}$${value.split('$')[0]!}`),
        ),
      );
    const classes = listed('ENTStructureClasses');
    const groups = listed('ENTStructureGroupes');
    const implied = new Set<string>();
    const group = (value: string) => {
      if (!groups.has(value)) implied.add(value);
    };
    for (const pupil of records('2D Eleve')) {
      expect(schools.has(values(pupil, 'ENTPersonStructRattach')[0]!)).toBe(true);
      expect(mefs.has(values(pupil, 'ENTEleveMEF')[0]!)).toBe(true);
      expect(values(pupil, 'ENTEleveClasses')).toHaveLength(1);
      for (const value of values(pupil, 'ENTEleveClasses')) expect(classes.has(value)).toBe(true);
      for (const code of values(pupil, 'ENTEleveCodeEnseignements')) expect(subjects.has(code)).toBe(true);
      values(pupil, 'ENTEleveGroupes').forEach(group);
    }
    for (const person of records('2D PersEducNat')) {
      for (const value of values(person, 'ENTPersonFonctions')) {
        expect(value.split('$')).toHaveLength(5);
        expect(schools.has(value.split('$')[0]!)).toBe(true);
      }
      for (const value of [
        ...values(person, 'ENTAuxEnsClasses'),
        ...values(person, 'ENTAuxEnsClassesPrincipal'),
      ])
        expect(classes.has(value)).toBe(true);
      values(person, 'ENTAuxEnsGroupes').forEach(group);
      for (const name of ['ENTAuxEnsClassesMatieres', 'ENTAuxEnsGroupesMatieres'])
        for (const value of values(person, name)) expect(subjects.has(value.split('$')[2]!)).toBe(true);
    }
    for (const person of all(['1D Eleve', '1D PersEducNat']))
      for (const value of values(person, 'ENTPersonClasses')) {
        expect(value.split('$')).toHaveLength(5);
        expect(schools.has(value.split('$')[0]!)).toBe(true);
      }
    // Latin groups are in nobody's list: the importer meets them in people.
    expect(implied.size).toBeGreaterThan(0);
    for (const value of implied) expect(value).toMatch(/LAT\d+$/);
    expect(groups.size + implied.size).toBe(written.counts.groups);
  });

  it('counts what it wrote', () => {
    const { counts } = written;
    expect(counts.pupils).toBe(6_000);
    expect(all(['2D Eleve', '1D Eleve'])).toHaveLength(counts.pupils);
    expect(all(['2D PersRelEleve', '1D PersRelEleve'])).toHaveLength(counts.relatives);
    expect(all(['2D PersEducNat', '1D PersEducNat'])).toHaveLength(counts.staff);
    expect(records('2D MefEducNat')).toHaveLength(counts.mefs);
    expect(records('2D MatiereEducNat')).toHaveLength(counts.subjects);
    const primaryClasses = new Set(
      all(['1D Eleve', '1D PersEducNat']).flatMap((person) =>
        values(person, 'ENTPersonClasses').map((value) => value.split('$').slice(0, 4).join()),
      ),
    );
    const listed = records('2D EtabEducNat').flatMap((school) => values(school, 'ENTStructureClasses'));
    expect(primaryClasses.size + listed.length).toBe(counts.classes);
    const legal = records('2D Eleve').flatMap((pupil) => values(pupil, 'ENTElevePersRelEleve'));
    const ofKind = (kind: string) => legal.filter((value) => value.split('$')[3] === kind).length;
    expect(ofKind('2')).toBe(counts.links.inCharge);
    expect(ofKind('0')).toBe(counts.links.contact + counts.missingRelatives);
    expect(
      ofKind('1') + records('1D Eleve').flatMap((pupil) => values(pupil, 'ENTEleveAutoriteParentale')).length,
    ).toBe(counts.links.legal);
  });
});
