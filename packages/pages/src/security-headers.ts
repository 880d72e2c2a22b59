/** What differs between services in the headers of pages. */
export interface SecurityHeaderOptions {
  /** Other origins that a form may lead to, redirects included (browsers check `form-action` along redirects). */
  readonly formActions?: readonly string[];
  /** True for a page that starts one of the kit's workers. Default false: pages start none. */
  readonly worker?: boolean;
  /** True behind https: adds Strict-Transport-Security for two years. Default false. */
  readonly https?: boolean;
}

const origin = /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/i;

/**
 * The Content-Security-Policy of every page: own scripts, styles, fonts and images, nothing inline, no frames, no
 * plug-ins, no base, no dangerous DOM sinks (CSP 3, Trusted Types). Entries of `formActions` that are not plain origins are left out.
 */
export function contentSecurityPolicy(options: SecurityHeaderOptions = {}): string {
  const formActions = (options.formActions ?? []).filter((entry) => origin.test(entry));
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    `worker-src ${options.worker === true ? "'self'" : "'none'"}`,
    `form-action ${["'self'", ...formActions].join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    // the kit's own script makes the one policy, for the address of a worker
    `trusted-types ${options.worker === true ? 'socle-worker' : "'none'"}`,
  ].join('; ');
}

/**
 * The headers of every page, names in lower case. Pages are never stored; `same-origin` referrers keep the Origin header of
 * our own forms, which the forgery check reads.
 */
export function securityHeaders(options: SecurityHeaderOptions = {}): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentSecurityPolicy(options),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy':
      'camera=(), microphone=(), geolocation=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)',
    'cache-control': 'no-store',
    ...(options.https === true ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' } : {}),
  };
}
