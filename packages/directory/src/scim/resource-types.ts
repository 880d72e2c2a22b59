import { SCIM_SCHEMAS } from './schemas.ts';

/** RFC 7643 §6: the two kinds of resource. */
export const RESOURCE_TYPES = [
  { name: 'User', path: '/Users', schema: SCIM_SCHEMAS.user, extension: SCIM_SCHEMAS.socleUser },
  { name: 'Group', path: '/Groups', schema: SCIM_SCHEMAS.group, extension: SCIM_SCHEMAS.socleGroup },
] as const;
export type ResourceTypeName = (typeof RESOURCE_TYPES)[number]['name'];
