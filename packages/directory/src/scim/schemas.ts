/** URNs of the resources' schemas (RFC 7643 §4, and our own extensions). */
export const SCIM_SCHEMAS = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  socleUser: 'urn:ietf:params:scim:schemas:extension:socle:2.0:User',
  socleGroup: 'urn:ietf:params:scim:schemas:extension:socle:2.0:Group',
} as const;

/** An attribute as RFC 7643 §7 describes it. */
export interface ScimAttribute {
  readonly name: string;
  readonly type: 'string' | 'boolean' | 'complex' | 'reference';
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable';
  readonly returned: 'default';
  readonly uniqueness: 'none' | 'server';
  readonly subAttributes?: readonly ScimAttribute[];
}

function attribute(
  name: string,
  description: string,
  change: Partial<Omit<ScimAttribute, 'name' | 'description'>> = {},
): ScimAttribute {
  return {
    name,
    type: 'string',
    multiValued: false,
    description,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...change,
  };
}

const readOnly = { mutability: 'readOnly' } as const;
const list = (subAttributes: readonly ScimAttribute[]) =>
  ({ type: 'complex', multiValued: true, subAttributes }) as const;

export interface ScimSchema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly ScimAttribute[];
}

/** What is kept of a resource; what RFC 7643 has beside it is taken and thrown away (see IGNORED). */
export const SCHEMAS: readonly ScimSchema[] = [
  {
    id: SCIM_SCHEMAS.user,
    name: 'User',
    description: 'A person of the directory',
    attributes: [
      attribute('userName', 'Name of the account at the client, unique for a controller', {
        required: true,
        uniqueness: 'server',
      }),
      attribute('name', 'Name', {
        type: 'complex',
        required: true,
        subAttributes: [
          attribute('formatted', 'Given name, then family name', readOnly),
          attribute('familyName', 'Used family name', { required: true }),
          attribute('givenName', 'Used given name'),
        ],
      }),
      attribute('displayName', 'Given name, then family name', readOnly),
      attribute('active', 'False: nothing is decided in favour of this person', { type: 'boolean' }),
      attribute('groups', 'Classes and groups', {
        ...list([
          attribute('value', 'id of the group', readOnly),
          attribute('$ref', 'Its address', { ...readOnly, type: 'reference' }),
          attribute('display', 'Its name', readOnly),
        ]),
        ...readOnly,
      }),
    ],
  },
  {
    id: SCIM_SCHEMAS.group,
    name: 'Group',
    description: 'A class or a group of a school',
    attributes: [
      attribute('displayName', 'Name', { required: true }),
      attribute(
        'members',
        'Pupils, and those who teach them',
        list([
          attribute('value', 'id of the user', { required: true, mutability: 'immutable' }),
          attribute('$ref', 'Its address', { ...readOnly, type: 'reference' }),
          attribute('type', 'User', readOnly),
          attribute('display', 'Name', readOnly),
        ]),
      ),
    ],
  },
  {
    id: SCIM_SCHEMAS.socleUser,
    name: 'SocleUser',
    description: 'What a person is in which school',
    attributes: [
      attribute('birthDate', 'YYYY-MM-DD', { caseExact: true }),
      attribute(
        'roles',
        'Roles in schools',
        list([
          attribute('role', 'pupil, teacher, librarian, head, cpe, aed or staff', { required: true }),
          attribute('school', 'UAI of a school of the client’s controller', {
            required: true,
            caseExact: true,
          }),
        ]),
      ),
    ],
  },
  {
    id: SCIM_SCHEMAS.socleGroup,
    name: 'SocleGroup',
    description: 'The school of a class or group',
    attributes: [
      attribute('school', 'UAI', { required: true, caseExact: true, mutability: 'immutable' }),
      attribute('kind', 'class or group', { mutability: 'immutable' }),
    ],
  },
];

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Attributes of RFC 7643 that clients send and that nothing here needs, in lower case: taken, and thrown away. */
export const IGNORED: Readonly<Record<'User' | 'Group', ReadonlySet<string>>> = {
  User: words(
    'schemas id meta nickname profileurl title usertype preferredlanguage locale timezone password emails phonenumbers ims photos addresses entitlements roles x509certificates',
  ),
  Group: words('schemas id meta'),
};
