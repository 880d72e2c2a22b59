import { DirectoryError, type DirectoryErrorCode } from '../errors.ts';

/** The values of `scimType` (RFC 7644 §3.12, table 9) that are used here. */
type ScimType =
  | 'invalidFilter'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue';

const CODES: Readonly<Record<ScimType, DirectoryErrorCode>> = {
  invalidFilter: 'scim_filter_invalid',
  uniqueness: 'scim_uniqueness',
  mutability: 'scim_mutability',
  invalidSyntax: 'scim_syntax_invalid',
  invalidPath: 'scim_path_invalid',
  noTarget: 'scim_no_target',
  invalidValue: 'scim_value_invalid',
};

/** A refusal with its `scimType`; the sentence never quotes what was sent. */
export function refuseScim(scimType: ScimType, detail: string): DirectoryError {
  return new DirectoryError(CODES[scimType], {
    status: scimType === 'uniqueness' ? 409 : 400,
    publicMessage: detail,
    details: { scimType },
  });
}

/** @throws nothing: gives the refusal of a resource that is not there, or is another controller's. */
export const refuseUnknownResource = (): DirectoryError =>
  new DirectoryError('scim_resource_unknown', { status: 404, publicMessage: 'There is no such resource.' });
