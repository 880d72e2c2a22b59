import type { FeedRecord } from '../aaf/read-file.ts';
import { isUai, normaliseAcademy } from '../aaf/values.ts';
import { all, first, type Mapping } from './map-person.ts';

/** Stages a school and the classes and groups that it lists. */
export function mapSchool(record: FeedRecord, mapping: Mapping): void {
  const { findings, staging } = mapping;
  const { id } = record;
  const academy = first(record, 'ENTServAcCodeAcademie');
  if (academy) mapping.academies.add(normaliseAcademy(academy));
  const uai = first(record, 'ENTStructureUAI') ?? first(record, 'ENTEtablissementUAI') ?? '';
  const name = readName(first(record, 'ENTStructureNomCourant') ?? '');
  if (!isUai(uai) || name === '' || (first(record, 'ENTStructureJointure') ?? id) !== id) {
    findings.refuse('school_malformed', id);
    return;
  }
  staging.add('schools', id, uai, name, readKind(record, mapping));
  for (const [attribute, kind] of LISTS) {
    for (const value of all(record, attribute)) {
      const [code, label] = value.split('$');
      if (!code || code.length > 64) findings.add('class_malformed', id);
      else staging.add('divisions', id, kind, code, label ? label.slice(0, 200) : undefined);
    }
  }
}

const LISTS = [
  ['ENTStructureClasses', 'class'],
  ['ENTStructureGroupes', 'group'],
] as const;

const TYPE_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^(CLG|COLLEGE|COL)$/, 'Collège'],
  [/^(LP|LYCEE PROFESSIONNEL)$/, 'Lycée professionnel'],
  [/^(LYC|LGT|LG|LPO|LYCEE)$/, 'Lycée'],
  [/^E\.?M\.?(PU|PR)?$/, 'École maternelle'],
  [/^E\.?E\.?(PU|PR)?$/, 'École élémentaire'],
  [/^E\.?P\.?(PU|PR)?$/, 'École primaire'],
];

/** `TYPE$NOM$VILLE` as people say it; older `TYPE-NOM-ac-ACADEMIE` without its end. */
function readName(text: string): string {
  if (!text.includes('$')) return text.replace(/-ac-[\w-]+$/i, '').slice(0, 200);
  const [type = '', name = '', town = ''] = text.split('$').map((part) => part.trim());
  const word = TYPE_WORDS.find(([pattern]) => pattern.test(type.toUpperCase()))?.[1] ?? type;
  const full = [word, name].filter(Boolean).join(' ');
  return (town ? `${full}, ${town}` : full).slice(0, 200);
}

function readKind(record: FeedRecord, mapping: Mapping): string {
  if (mapping.degree === '1D') return 'primary';
  const type = first(record, 'ENTStructureTypeStruct') ?? '';
  if (/COLLEGE|CLG|SEGPA/i.test(type) || first(record, 'ENTStructureCodeTypeStruct') === '340')
    return 'college';
  return /LYC/i.test(type) || /^30/.test(first(record, 'ENTStructureCodeTypeStruct') ?? '')
    ? 'lycee'
    : 'other';
}

/** Stages a subject (matière). */
export function mapSubject(record: FeedRecord, mapping: Mapping): void {
  mapCode(record, 'subjects', 'ENTLibelleMatiere', mapping);
}

/** Stages a MEF: a year of the programme. */
export function mapMef(record: FeedRecord, mapping: Mapping): void {
  mapCode(record, 'mefs', 'ENTLibelleMef', mapping);
}

function mapCode(record: FeedRecord, table: 'subjects' | 'mefs', label: string, mapping: Mapping): void {
  if (record.id.length > 16) mapping.findings.refuse('key_mismatch', record.id);
  else mapping.staging.add(table, record.id, (first(record, label) ?? record.id).slice(0, 200));
}
