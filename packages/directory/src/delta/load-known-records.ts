import type { Tx } from '@socle/db';
import type { Degree } from '../aaf/file-name.ts';
import type { FeedRecord } from '../aaf/read-file.ts';

export interface KnownQuery {
  readonly academyCode: string;
  readonly degree: Degree;
  readonly keys: readonly string[];
  /** Also people whom the feed no longer names. Default: not. */
  readonly missingToo?: boolean;
}

interface KnownRow {
  readonly key: string;
  readonly category: 'pupil' | 'relative' | 'staff';
  readonly given_name: string;
  readonly family_name: string;
  readonly birth_date: string | null;
  readonly attached_to: string | null;
  readonly teaches: boolean | null;
  readonly directs: string | null;
  readonly mail: string | null;
  /** School's key, role, function. */
  readonly roles: readonly (readonly [string, string, string | null])[];
  /** School's key, kind, code, name. */
  readonly members: readonly (readonly [string, string, string, string])[];
  /** School's key, kind, code, name, subject. */
  readonly teaching: readonly (readonly [string, string, string, string, string | null])[];
  /** School's key, code. */
  readonly heads: readonly (readonly [string, string])[];
  /** Adult's key, kind, relation. */
  readonly links: readonly (readonly [string, string, string | null])[];
}

/** What the feed said of these people until now, as records of the feed, by key: the inverse of reading one. */
export async function loadKnownRecords(tx: Tx, query: KnownQuery): Promise<ReadonlyMap<string, FeedRecord>> {
  const rows = await tx.query<KnownRow>(KNOWN, [
    query.academyCode,
    query.degree,
    query.keys,
    query.missingToo ?? false,
  ]);
  return new Map(rows.map((row) => [row.key, buildRecord(row, query.degree)]));
}

const CATEGORIES = { pupil: 'Eleve', relative: 'PersRelEleve', staff: 'PersEducNat' } as const;

function buildRecord(row: KnownRow, degree: Degree): FeedRecord {
  const second = degree === '2D';
  const attributes = new Map<string, readonly string[]>([
    ['ENTPersonJointure', [row.key]],
    [second ? 'sn' : 'ENTPersonNom', [row.family_name]],
    [second ? 'givenName' : 'ENTPersonPrenom', row.given_name === '' ? [] : [row.given_name]],
    ['ENTPersonDateNaissance', row.birth_date ? [row.birth_date] : []],
  ]);
  const school = row.attached_to ?? row.roles.find(([, role]) => role === 'pupil')?.[0];
  if (school) attributes.set('ENTPersonStructRattach', [school]);
  if (row.category === 'pupil') addPupil(attributes, row, second);
  if (row.category === 'staff') addStaff(attributes, row, second);
  return { operation: 'add', category: CATEGORIES[row.category], id: row.key, attributes };
}

const ofKind = <Row extends readonly [string, string, ...unknown[]]>(rows: readonly Row[], kind: string) =>
  rows.filter((row) => row[1] === kind);

const LEGAL: Readonly<Record<string, string>> = { legal: '1', in_charge: '2', contact: '0' };

function addPupil(attributes: Map<string, readonly string[]>, row: KnownRow, second: boolean): void {
  for (const [kind, word] of [
    ['class', 'Classes'],
    ['group', 'Groupes'],
  ] as const) {
    attributes.set(
      second ? `ENTEleve${word}` : `ENTPerson${word}`,
      ofKind(row.members, kind).map(([school, , code, name]) =>
        second ? `${school}$${code}` : `${school}$$$${code}$${name.replaceAll('$', ' ')}`,
      ),
    );
  }
  attributes.set(
    second ? 'ENTElevePersRelEleve' : 'ENTEleveAutoriteParentale',
    row.links.map(([adult, kind, relation]) =>
      second ? `${adult}$${relation ?? ''}$0$${LEGAL[kind]}$0$0` : `${adult}$${relation ?? ''}`,
    ),
  );
}

function addStaff(attributes: Map<string, readonly string[]>, row: KnownRow, second: boolean): void {
  if (row.mail) attributes.set(second ? 'mail' : 'ENTPersonMail', [row.mail]);
  attributes.set(
    'ENTPersonFonctions',
    row.roles.flatMap(([school, , code]) => (code ? [`${school}$${code}$$$`] : [])),
  );
  if (row.directs) attributes.set('ENTEnsFonctionDir', row.directs.split(' '));
  if (row.teaches !== null) attributes.set('ENTPersonCategorieEnseignant', [row.teaches ? 'O' : 'N']);
  for (const [kind, word] of [
    ['class', 'Classes'],
    ['group', 'Groupes'],
  ] as const) {
    const taught = ofKind(row.teaching, kind);
    if (!second) {
      attributes.set(
        `ENTPerson${word}`,
        taught.map(([school, , code, name]) => `${school}$$$${code}$${name.replaceAll('$', ' ')}`),
      );
      continue;
    }
    attributes.set(
      `ENTAuxEns${word}Matieres`,
      taught.flatMap(([school, , code, , subject]) => (subject ? [`${school}$${code}$${subject}`] : [])),
    );
    attributes.set(
      `ENTAuxEns${word}`,
      taught.map(([school, , code]) => `${school}$${code}`),
    );
  }
  attributes.set(
    'ENTAuxEnsClassesPrincipal',
    row.heads.map(([school, code]) => `${school}$${code}`),
  );
}

/** One array of arrays from rows of text, in an order. */
const gather = (columns: string, from: string) =>
  `(SELECT coalesce(jsonb_agg(jsonb_build_array(${columns}) ORDER BY ${columns}), '[]') FROM ${from})`;

const DIVISION = (table: string) => `directory.${table} m JOIN directory.divisions d ON d.id = m.division_id
  JOIN schools s ON s.id = d.school_id`;
const OPEN = `m.person_id = j.person_id AND m.source = 'feed' AND m.valid_to IS NULL`;

const KNOWN = `
  WITH schools AS (
    SELECT s.id, s.join_key FROM directory.schools s JOIN directory.academies a ON a.id = s.academy_id AND a.code = $1
    WHERE s.degree = $2 AND s.join_key IS NOT NULL
  )
  SELECT substr(j.value, length($1) + 2) AS key, j.category, p.given_name, p.family_name,
    to_char(p.birth_date, 'DD/MM/YYYY') AS birth_date, j.attached_to, j.teaches, j.directs,
    (SELECT m.value FROM directory.join_keys m WHERE m.person_id = j.person_id AND m.kind = 'agent_mail'
      AND m.degree = $2 ORDER BY m.value LIMIT 1) AS mail,
    ${gather('s.join_key, m.role, m.function_code', `directory.roles m JOIN schools s ON s.id = m.school_id WHERE ${OPEN}`)} AS roles,
    ${gather('s.join_key, d.kind, d.code, d.name', `${DIVISION('division_members')} WHERE ${OPEN}`)} AS members,
    ${gather('s.join_key, d.kind, d.code, d.name, u.code', `${DIVISION('teaching_assignments')} LEFT JOIN directory.subjects u ON u.id = m.subject_id WHERE ${OPEN}`)} AS teaching,
    ${gather('s.join_key, d.code', `${DIVISION('head_teachers')} WHERE ${OPEN}`)} AS heads,
    ${gather(
      'substr(a.value, length($1) + 2), g.kind, g.relation_code',
      `directory.guardian_links g JOIN directory.join_keys a ON a.person_id = g.adult_id AND a.kind = 'aaf' AND a.degree = $2
         AND a.category = 'relative' AND starts_with(a.value, $1 || '-')
       WHERE g.child_id = j.person_id AND g.source = 'feed' AND g.superseded_at IS NULL AND g.valid_to IS NULL`,
    )} AS links
  FROM directory.join_keys j JOIN directory.people p ON p.id = j.person_id
  WHERE j.kind = 'aaf' AND j.degree = $2 AND j.value = ANY (SELECT $1 || '-' || key FROM unnest($3::text[]) AS key)
    AND ($4::boolean OR j.missing_since IS NULL)`;
