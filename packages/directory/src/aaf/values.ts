/** `dd/MM/yyyy` as `YYYY-MM-DD`; undefined for what is no day of the calendar. */
export function parseFeedDay(text: string): string | undefined {
  const match = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text);
  if (!match) return undefined;
  const [, day, month, year] = match;
  const iso = `${year}-${month}-${day}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : undefined;
}

const UAI_LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';

/** True for 7 digits followed by the letter that their remainder by 23 gives. */
export function isUai(text: string): boolean {
  return /^\d{7}[A-Z]$/.test(text) && UAI_LETTERS[Number(text.slice(0, 7)) % 23] === text[7];
}

/** An academy's code without the zeros that some attributes put before it. */
export function normaliseAcademy(code: string): string {
  return code.replace(/^0+(?=.)/, '');
}

/** `struct$code`: the code may itself hold a `$`. */
export function parseSchoolCode(text: string): { school: string; code: string } | undefined {
  const cut = text.indexOf('$');
  if (cut <= 0 || cut === text.length - 1) return undefined;
  return { school: text.slice(0, cut), code: text.slice(cut + 1) };
}

// BCN N_LIEN_ELEVE_RESPONSABLE: the codes before the reform, and those after.
const FORMER_RELATIONS: Readonly<Record<string, string>> = {
  '1': '20',
  '2': '10',
  '3': '50',
  '4': '39',
  '5': '51',
  '6': '90',
  '7': '70',
};
const RELATIONS: ReadonlySet<string> = new Set([
  '10',
  '20',
  '37',
  '38',
  '39',
  '41',
  '42',
  '43',
  '50',
  '51',
  '70',
  '90',
]);

/** The relation in today's list, from either list; undefined for neither. */
export function parseRelation(code: string): string | undefined {
  const current = FORMER_RELATIONS[code] ?? code;
  return RELATIONS.has(current) ? current : undefined;
}

export interface RelativeLink {
  readonly adult: string;
  readonly relation: string;
  readonly kind: 'legal' | 'in_charge' | 'contact';
}

const KINDS: Readonly<Record<string, RelativeLink['kind']>> = {
  '1': 'legal',
  '2': 'in_charge',
  '0': 'contact',
};

/** ENTElevePersRelEleve: `id$lien$respFinancier$respLegal$contact$paiement`, exactly six parts. */
export function parseRelativeLink(text: string): RelativeLink | undefined {
  const parts = text.split('$');
  const [adult, relation, , legal] = parts;
  const kind = KINDS[legal ?? ''];
  return parts.length === 6 && adult && kind ? { adult, relation: relation!, kind } : undefined;
}

/** ENTEleveAutoriteParentale (first degree): `id$lien`, all of them legal guardians. */
export function parseAuthorityLink(text: string): RelativeLink | undefined {
  const parts = text.split('$');
  const [adult, relation] = parts;
  return parts.length === 2 && adult ? { adult, relation: relation!, kind: 'legal' } : undefined;
}

// SDET, operational annex 6.3 §4.7: national profiles by function code.
const ROLES_BY_FUNCTION = new Map<string, string>([
  ...['ENS', 'BED', 'EAP', 'FCA', 'FCP', 'FIJ', 'IS', 'ISES', 'PPA', 'RH1D', 'RPL', 'UPI'].map(
    (code) => [code, 'teacher'] as const,
  ),
  ['DOC', 'librarian'],
  ...['DIR', 'DEC', 'DECPR', 'DSES'].map((code) => [code, 'head'] as const),
  ['EDU', 'cpe'],
  ...['AED', 'ADE', 'AES', 'SUR'].map((code) => [code, 'aed'] as const),
  ...[
    'ADA',
    'ADF',
    'ADM',
    'ALB',
    'ASE',
    'ASH',
    'CFC',
    'CPD',
    'CTR',
    'LAB',
    'MDS',
    'ORI',
    'OUV',
    'PSY',
    'TEC',
  ].map((code) => [code, 'staff'] as const),
  ...['INJ', 'INS', 'COLTER', '-'].map((code) => [code, 'staff'] as const),
]);

/** The role that a national function code gives; undefined for a code of no list. */
export function roleOfFunction(code: string): string | undefined {
  return ROLES_BY_FUNCTION.get(code);
}
