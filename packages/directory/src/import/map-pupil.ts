import type { FeedRecord } from '../aaf/read-file.ts';
import { parseAuthorityLink, parseRelation, parseRelativeLink, parseSchoolCode } from '../aaf/values.ts';
import { all, first, mapPerson, type Mapping } from './map-person.ts';

/** Stages a pupil, its classes and groups, and its relatives. */
export function mapPupil(record: FeedRecord, mapping: Mapping): void {
  const school = first(record, 'ENTPersonStructRattach');
  if (!mapPerson(record, { category: 'pupil', ...(school ? { school } : {}) }, mapping)) return;
  if (!school) mapping.findings.add('pupil_without_school', record.id);
  for (const [attribute, kind] of DIVISIONS) {
    for (const value of all(record, attribute)) mapMembership(record.id, value, kind, mapping);
  }
  for (const [attribute, kind] of FIRST_DEGREE_DIVISIONS) {
    for (const value of all(record, attribute)) {
      const division = mapFirstDegreeDivision(record.id, value, kind, mapping);
      if (division) mapping.staging.add('members', record.id, division.school, kind, division.code);
    }
  }
  mapLinks(record, mapping);
}

const DIVISIONS = [
  ['ENTEleveClasses', 'class'],
  ['ENTEleveGroupes', 'group'],
] as const;

/** The first degree names classes and groups on people: five parts. */
export const FIRST_DEGREE_DIVISIONS = [
  ['ENTPersonClasses', 'class'],
  ['ENTPersonGroupes', 'group'],
] as const;

const MAX_CODE = 64;

function mapMembership(key: string, value: string, kind: 'class' | 'group', mapping: Mapping): void {
  const parsed = parseSchoolCode(value);
  if (!parsed || parsed.code.length > MAX_CODE) {
    mapping.findings.add('class_malformed', key);
    return;
  }
  mapping.staging.add('members', key, parsed.school, kind, parsed.code);
}

/** `struct$…$…$idClasse$libellé`: stages the class and gives its place; anything but five parts is left out. */
export function mapFirstDegreeDivision(
  key: string,
  value: string,
  kind: 'class' | 'group',
  mapping: Mapping,
): { school: string; code: string } | undefined {
  const parts = value.split('$');
  const [school, , , code, name] = parts;
  if (parts.length !== 5 || !school || !code || code.length > MAX_CODE) {
    mapping.findings.add('class_malformed', key);
    return undefined;
  }
  mapping.staging.add('divisions', school, kind, code, name ? name.slice(0, 200) : undefined);
  return { school, code };
}

function mapLinks(record: FeedRecord, mapping: Mapping): void {
  const links =
    mapping.degree === '2D'
      ? all(record, 'ENTElevePersRelEleve').map(parseRelativeLink)
      : all(record, 'ENTEleveAutoriteParentale').map(parseAuthorityLink);
  for (const link of links) {
    if (!link || link.adult.length > 32) {
      mapping.findings.add('link_malformed', record.id);
      continue;
    }
    const relation = parseRelation(link.relation);
    if (!relation) mapping.findings.add('relation_code_unknown', record.id);
    mapping.staging.add('links', record.id, link.adult, link.kind, relation);
  }
}
