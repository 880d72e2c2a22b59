/** A role that administers: given by people and by the operator, never by a feed. */
export type AdministrativeRole = 'local_admin' | 'academy_admin' | 'security_officer' | 'dpo';

export type AdministrativeScope = 'school' | 'academy' | 'region';

interface Delegation {
  /** Where it may be held. */
  readonly scopes: readonly AdministrativeScope[];
  /** Who gives it, in a place that their own role covers: whoever holds it, or the role that it is a part of. */
  readonly heldWithin: readonly AdministrativeRole[];
  /** Giving or prolonging it takes two people. */
  readonly needsTwo: boolean;
}

/**
 * Who gives what. Nobody gives what they do not hold; an academy administrator holds the local administration of each
 * school of the academy. DPO and security officer are apart from administration: administrators do not make them.
 */
export const DELEGATIONS: Readonly<Record<AdministrativeRole, Delegation>> = {
  local_admin: { scopes: ['school'], heldWithin: ['local_admin', 'academy_admin'], needsTwo: false },
  academy_admin: { scopes: ['academy', 'region'], heldWithin: ['academy_admin'], needsTwo: true },
  security_officer: {
    scopes: ['school', 'academy', 'region'],
    heldWithin: ['security_officer'],
    needsTwo: true,
  },
  dpo: { scopes: ['school', 'academy', 'region'], heldWithin: ['dpo'], needsTwo: true },
};

/** All of them, in the order of pages. */
export const ADMINISTRATIVE_ROLES = Object.keys(DELEGATIONS) as readonly AdministrativeRole[];

/** Is this a role of administration? */
export function isAdministrativeRole(role: string | undefined): role is AdministrativeRole {
  return role !== undefined && Object.hasOwn(DELEGATIONS, role);
}
