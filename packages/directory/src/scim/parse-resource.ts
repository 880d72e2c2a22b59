import { isObject, listMember, member, requireObject, textMember, type JsonObject } from './json.ts';
import { SCIM_SCHEMAS } from './schemas.ts';
import { refuseScim } from './scim-error.ts';

/** Roles that SCIM may give. Guardians come with their links, and administration by people's decision: not this way. */
const SCIM_ROLES = ['pupil', 'teacher', 'librarian', 'head', 'cpe', 'aed', 'staff'] as const;
type ScimRole = (typeof SCIM_ROLES)[number];

export interface WantedUser {
  readonly userName: string;
  readonly externalId?: string;
  readonly familyName: string;
  readonly givenName: string;
  readonly active: boolean;
  readonly birthDate?: string;
  /** `school` is a UAI. */
  readonly roles: readonly { readonly role: ScimRole; readonly school: string }[];
}

export interface WantedGroup {
  readonly displayName: string;
  readonly externalId?: string;
  /** UAI. */
  readonly school?: string;
  readonly kind?: 'class' | 'group';
  /** Ids of users. */
  readonly members: readonly string[];
}

const MAX_MEMBERS = 2_000;
const MAX_ROLES = 20;

/** Reads a user as sent; what is not kept is passed over. @throws DirectoryError `scim_syntax_invalid`, `scim_value_invalid`. */
export function parseUser(body: unknown): WantedUser {
  const user = requireObject(body);
  const extension = extensionOf(user, SCIM_SCHEMAS.socleUser);
  const userName = textMember(user, 'userName', 254);
  if (userName === undefined) throw refuseScim('invalidValue', 'userName is needed.');
  const name = member(user, 'name');
  const familyName = isObject(name) ? textMember(name, 'familyName', 100) : undefined;
  if (!isObject(name) || familyName === undefined)
    throw refuseScim('invalidValue', 'name.familyName is needed.');
  const externalId = textMember(user, 'externalId', 200);
  const birthDate = textMember(extension, 'birthDate', 10);
  if (birthDate !== undefined && !isDay(birthDate)) {
    throw refuseScim('invalidValue', 'birthDate must be a day of the calendar, as YYYY-MM-DD.');
  }
  return {
    userName,
    ...(externalId === undefined ? {} : { externalId }),
    familyName,
    givenName: textMember(name, 'givenName', 100) ?? '',
    active: parseActive(member(user, 'active')),
    ...(birthDate === undefined ? {} : { birthDate }),
    roles: parseRoles(extension),
  };
}

function extensionOf(resource: JsonObject, urn: string): JsonObject {
  const extension = member(resource, urn) ?? {};
  if (!isObject(extension)) throw refuseScim('invalidValue', 'The extension must be an object.');
  return extension;
}

/** Some clients send the boolean as text. */
function parseActive(value: unknown): boolean {
  const known =
    typeof value === 'string' ? ({ true: true, false: false } as const)[value.toLowerCase()] : value;
  if (known === undefined && value === undefined) return true;
  if (typeof known !== 'boolean') throw refuseScim('invalidValue', 'active must be true or false.');
  return known;
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
  );
}

function parseRoles(extension: JsonObject): WantedUser['roles'] {
  const seen = new Set<string>();
  return listMember(extension, 'roles', MAX_ROLES).flatMap((each) => {
    const text = textMember(each, 'role', 32)?.toLowerCase();
    const role = SCIM_ROLES.find((known) => known === text);
    const school = textMember(each, 'school', 8);
    if (!role || school === undefined) {
      throw refuseScim(
        'invalidValue',
        `Each of roles needs a school (UAI) and a role of ${SCIM_ROLES.join(', ')}.`,
      );
    }
    const key = `${role} ${school}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ role, school }];
  });
}

/** Reads a group as sent. @throws DirectoryError `scim_syntax_invalid`, `scim_value_invalid`. */
export function parseGroup(body: unknown): WantedGroup {
  const group = requireObject(body);
  const extension = extensionOf(group, SCIM_SCHEMAS.socleGroup);
  const displayName = textMember(group, 'displayName', 64);
  if (displayName === undefined) throw refuseScim('invalidValue', 'displayName is needed.');
  const externalId = textMember(group, 'externalId', 200);
  const school = textMember(extension, 'school', 8);
  const kind = textMember(extension, 'kind', 8);
  if (kind !== undefined && kind !== 'class' && kind !== 'group') {
    throw refuseScim('invalidValue', 'kind must be class or group.');
  }
  const members = listMember(group, 'members', MAX_MEMBERS).map((each) => {
    const value = textMember(each, 'value', 64);
    if (value === undefined)
      throw refuseScim('invalidValue', 'Each of members needs the id of a user as its value.');
    return value.toLowerCase();
  });
  return {
    displayName,
    ...(externalId === undefined ? {} : { externalId }),
    ...(school === undefined ? {} : { school }),
    ...(kind === undefined ? {} : { kind }),
    members: [...new Set(members)],
  };
}
