import { z } from 'zod';

/** What a service may receive of a person, by the name of its claim. */
export const ATTRIBUTES = ['name', 'given_name', 'family_name', 'locale'] as const;

export type Attribute = (typeof ATTRIBUTES)[number];

const words = z.string().min(3).max(300);

/** Members of client metadata that are the socle's own (README, "Members of a client"). */
export const SOCLE_MEMBERS = {
  /** FAPI 2.0 Security Profile is demanded of every request of this client. */
  socle_profile: z.literal('fapi2').optional(),
  /** A `publisher` is outside the school: people are shown what it receives before the first visit. */
  socle_kind: z.enum(['school', 'publisher']).optional(),
  /** What the attributes are for, shown to people. */
  socle_purpose: z.strictObject({ fr: words, en: words }).optional(),
  /** The attribute contract: nothing else leaves, whatever is asked for. */
  socle_attributes: z.array(z.enum(ATTRIBUTES)).max(ATTRIBUTES.length).optional(),
  /** Modules that may call this one for a person (token exchange), and the scopes each may carry. */
  socle_called_by: z
    .record(z.string().regex(/^[A-Za-z0-9._~-]{1,64}$/), z.string().min(1).max(500))
    .optional(),
} as const;

/**
 * Checks that a module gives scopes of its own name only: `<client id>:<what>`.
 * @returns the rule that is broken, or undefined.
 */
export function checkCallers(
  clientId: string | undefined,
  callers: Readonly<Record<string, string>> | undefined,
): string | undefined {
  for (const [caller, scopes] of Object.entries(callers ?? {})) {
    if (caller === clientId) return 'socle_called_by: a module does not call itself.';
    for (const scope of scopes.split(' ')) {
      if (
        clientId === undefined ||
        !scope.startsWith(`${clientId}:`) ||
        !/^[a-z0-9._~:-]{3,120}$/.test(scope)
      ) {
        return 'socle_called_by: a scope is the client id, a colon, then small letters, digits or . _ ~ : -';
      }
    }
  }
  return undefined;
}
