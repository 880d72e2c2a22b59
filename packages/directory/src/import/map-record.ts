import type { FeedRecord } from '../aaf/read-file.ts';
import { KNOWN_ATTRIBUTES } from './known-attributes.ts';
import { mapPerson, type Mapping } from './map-person.ts';
import { mapPupil } from './map-pupil.ts';
import { mapMef, mapSchool, mapSubject } from './map-school.ts';
import { mapStaff } from './map-staff.ts';

/** Turns one record into rows of the staging tables; what cannot be used is counted, never thrown. */
export function mapRecord(record: FeedRecord, expectedCategory: string, mapping: Mapping): void {
  const { category, id, attributes } = record;
  if (category !== expectedCategory || record.operation !== 'add') {
    mapping.findings.refuse('record_of_another_type', id);
    return;
  }
  const known = KNOWN_ATTRIBUTES[category]!;
  for (const name of attributes.keys()) if (!known.has(name)) mapping.findings.add('attribute_unknown', name);
  mapping.number += 1;
  MAPPERS[category]!(record, mapping);
}

const MAPPERS: Readonly<Record<string, (record: FeedRecord, mapping: Mapping) => void>> = {
  EtabEducNat: mapSchool,
  MatEducNat: mapSubject,
  MefEducNat: mapMef,
  Eleve: mapPupil,
  PersEducNat: mapStaff,
  PersRelEleve: (record, mapping) => {
    mapPerson(record, { category: 'relative' }, mapping);
  },
};
