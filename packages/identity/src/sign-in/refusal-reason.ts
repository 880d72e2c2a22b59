/** Why an attempt goes no further. The person sees one text for each, whoever they are. */
export type SignInRefusal =
  | { readonly reason: 'credentials' }
  | { readonly reason: 'throttled'; readonly retryAfterSeconds: number }
  | { readonly reason: 'busy'; readonly retryAfterSeconds: number };
