const MAX_LENGTH = 2_000;
/** Never come back to these: they would sign in, or out, again. */
const OWN_PATHS = /^\/(?:sign-in|sign-out|signed-out|oidc)(?:[/?]|$)/;

/**
 * The path on this module to come back to, or `/` for anything else (RFC 9700 §4.11, open redirection). Only an
 * absolute path of this origin passes: no other host, scheme, backslash, control character or network path (`//…`),
 * also after the normalisation that a browser would do.
 */
export function parseReturnPath(value: unknown, baseUrl: string): string {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return '/';
  if (!value.startsWith('/') || hasUnsafeCharacter(value)) return '/';
  if (!URL.canParse(value, baseUrl)) return '/';
  const url = new URL(value, baseUrl);
  const path = `${url.pathname}${url.search}`;
  // `/.//evil.example` has this origin, and its normal form is a network path.
  if (url.origin !== baseUrl || path.startsWith('//') || OWN_PATHS.test(path)) return '/';
  return path;
}

function hasUnsafeCharacter(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    if (code <= 0x20 || code === 0x7f || code === 0x5c) return true;
  }
  return value.startsWith('//');
}
