import { createHmac } from 'node:crypto';
import { sha256 } from '@socle/base';

/** The two secrets of one sign-in, both made from what only the browser that began it holds. */
export interface TransactionSecrets {
  /** PKCE verifier (RFC 7636 §4.1): 43 characters. */
  readonly verifier: string;
  /** S256 of the verifier. */
  readonly challenge: string;
  /** Nonce of the ID token (OpenID Connect Core §3.1.2.1). */
  readonly nonce: string;
}

/**
 * Derives verifier and nonce from the browser's random cookie. Nothing that could complete the sign-in is in the
 * database, and a code that reaches another browser cannot be redeemed there (RFC 9700 §4.5, ASVS 10.1.2).
 */
export function deriveSecrets(browserToken: string): TransactionSecrets {
  const derive = (purpose: string) =>
    createHmac('sha256', browserToken).update(`socle-client/sign-in/${purpose}`).digest('base64url');
  const verifier = derive('verifier');
  return { verifier, challenge: sha256(verifier).toString('base64url'), nonce: derive('nonce') };
}
