/** A column of the template. */
export interface CsvField {
  readonly name: string;
  readonly meaning: string;
}

/** The columns that are read, in the order of the template. */
export const CSV_FIELDS = [
  { name: 'type', meaning: 'school, pupil, guardian or staff' },
  {
    name: 'key',
    meaning:
      'what your system calls this person for ever: 1 to 128 letters, digits or . _ : / { } -, and no e-mail address. Of a school: its UAI',
  },
  { name: 'family_name', meaning: 'used family name; of a school, its name' },
  { name: 'given_name', meaning: 'used given name' },
  { name: 'birth_date', meaning: 'YYYY-MM-DD, or the form that the mapping names' },
  { name: 'school', meaning: 'UAI; several, separated by |, for staff' },
  { name: 'classes', meaning: 'codes of a pupil’s classes, separated by |' },
  { name: 'groups', meaning: 'codes of a pupil’s groups, separated by |' },
  { name: 'roles', meaning: 'of staff: teacher, librarian, head, cpe, aed, staff, separated by |' },
  {
    name: 'teaches',
    meaning:
      'of staff: CLASS=Subject separated by |; group:CODE=Subject for a group; UAI/CLASS in several schools',
  },
  { name: 'head_teacher_of', meaning: 'of staff: codes of classes, separated by |' },
  {
    name: 'children',
    meaning:
      'of a guardian: KEY=legal, KEY=in_charge or KEY=contact, separated by |; and /mother, /father, /tutor, /family or /other after it',
  },
  { name: 'kind', meaning: 'of a school: primary, college, lycee or other' },
  { name: 'degree', meaning: 'of a school: 1D or 2D' },
  { name: 'language', meaning: 'of a school: fr, en, …' },
  { name: 'time_zone', meaning: 'of a school: Europe/Paris, Indian/Antananarivo, …' },
] as const satisfies readonly CsvField[];

export type CsvFieldName = (typeof CSV_FIELDS)[number]['name'];

/** A file that can be imported as it is: one school, a pupil, a parent and a teacher, all invented. */
export function buildCsvTemplate(): string {
  const rows: Partial<Record<CsvFieldName, string>>[] = [
    {
      type: 'school',
      key: '2990002C',
      family_name: 'Lycée français Les Flamboyants',
      kind: 'lycee',
      degree: '2D',
      language: 'fr',
      time_zone: 'Indian/Antananarivo',
    },
    {
      type: 'staff',
      key: 'P-001',
      family_name: 'Kergoat',
      given_name: 'Soizic',
      school: '2990002C',
      roles: 'teacher',
      teaches: '2A=Mathématiques|group:2LV2=Mathématiques',
      head_teacher_of: '2A',
    },
    {
      type: 'pupil',
      key: 'E-001',
      family_name: 'Razafy',
      given_name: 'Éloïse',
      birth_date: '2011-03-15',
      school: '2990002C',
      classes: '2A',
      groups: '2LV2',
    },
    {
      type: 'guardian',
      key: 'R-001',
      family_name: 'Razafy',
      given_name: 'Noël',
      children: 'E-001=legal/father',
    },
  ];
  const names = CSV_FIELDS.map(({ name }) => name);
  return [names.join(';'), ...rows.map((row) => names.map((name) => row[name] ?? '').join(';')), ''].join(
    '\n',
  );
}
