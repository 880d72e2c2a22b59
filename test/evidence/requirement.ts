/** A test that shows a requirement: its file, and its title or the beginning of it. */
export type Proof = readonly [file: string, title: string];

/** One requirement of a standard, in our own words. */
export interface Requirement {
  readonly id: string;
  /** Level of ASVS, where the standard has levels. */
  readonly level?: 1 | 2 | 3;
  readonly says: string;
  /** What shows it: tests that pass; or why nothing does yet; or why it does not apply. */
  readonly shown:
    | { readonly by: readonly Proof[] }
    | { readonly open: string }
    | { readonly outside: string };
}

/** Requirements of one chapter of a standard. */
export interface Chapter {
  /** File of docs/evidence, without its ending. */
  readonly page: string;
  readonly title: string;
  readonly requirements: readonly Requirement[];
}

const attack = (id: string) => `test/attacks/${id}.test.ts`;
const flow = (name: string) => `test/flows/${name}.test.ts`;

/** Files that several chapters quote. */
export const FILES = {
  race: attack('T-IDN-01-redemption-race'),
  host: attack('T-IDN-02-foreign-host'),
  weakened: attack('T-IDN-03-weakened-request'),
  guessing: attack('T-IDN-04-password-guessing'),
  stolen: attack('T-IDN-05-stolen-database'),
  suspended: attack('T-IDN-06-suspended-person'),
  fixation: attack('T-IDN-07-session-fixation'),
  factor: attack('T-IDN-20-second-factor'),
  code: attack('T-IDN-40-code-guessing'),
  tokens: attack('T-IDN-50-altered-tokens'),
  certificate: attack('T-IDN-53-borrowed-certificate'),
  refresh: flow('identity-refresh-limits'),
  bytes: attack('T-IDN-51-hostile-bytes'),
  restart: 'test/faults/identity-restart.test.ts',
  clientResponse: attack('T-CLI-01-forged-authorization-response'),
  clientIdToken: attack('T-CLI-02-forged-id-token'),
  clientLogout: attack('T-CLI-03-forged-logout-token'),
  clientRedirect: attack('T-CLI-04-open-redirect'),
  clientFixation: attack('T-CLI-05-session-fixation'),
  clientCsrf: attack('T-CLI-06-cross-site-request'),
  noVerdict: attack('T-CLI-07-no-verdict-no-access'),
  https: flow('identity-behind-https'),
  direct: flow('identity-direct-sign-in'),
  signIn: flow('identity-sign-in'),
  signOut: flow('identity-sign-out'),
  ends: flow('identity-session-ends'),
  modules: flow('identity-module-calls'),
  registration: flow('identity-dynamic-registration'),
  exchange: flow('identity-token-exchange'),
  device: flow('identity-device-flow'),
  contract: flow('identity-attribute-contract'),
  keys: flow('identity-signing-keys'),
  oldKeys: flow('identity-keys-and-clients'),
  secondFactor: flow('identity-second-factor'),
  activation: flow('identity-activation'),
  basic: flow('conformance/oidcc-basic-core'),
  requests: flow('conformance/oidcc-basic-requests'),
  logout: flow('conformance/oidcc-logout'),
  fapi: flow('conformance/fapi2-authorization'),
  fapiToken: flow('conformance/fapi2-token'),
  ways: attack('T-IDN-75-ways-in'),
  stuffing: attack('T-IDN-74-proof-of-work'),
  printed: attack('T-IDN-21-printed-codes'),
  openSession: attack('T-IDN-22-open-session'),
  passkeys: attack('T-IDN-23-passkeys'),
  badge: attack('T-IDN-62-badge'),
  resets: attack('T-IDN-63-resets'),
  colleague: attack('T-IDN-65-colleague'),
  account: flow('account-pages'),
  newPassword: flow('identity-new-password'),
  start: flow('start-refusals'),
  moduleSignIn: flow('module-sign-in'),
  policy: 'packages/identity/src/credentials/password-policy.test.ts',
  leaked: 'packages/identity/src/credentials/leaked-passwords.test.ts',
  passwords: 'packages/identity/src/passwords.test.ts',
  oneTimeCodes: 'packages/identity/src/one-time-codes/one-time-codes.test.ts',
  codeSymbols: 'packages/identity/src/one-time-codes/code-symbols.test.ts',
  totp: 'packages/identity/src/credentials/totp.test.ts',
  clientCookies: 'packages/client/src/cookies.test.ts',
  discovery: 'packages/client/src/oidc/discovery.test.ts',
} as const;
