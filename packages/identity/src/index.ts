export type { Account, Accounts, ChangeBy } from './accounts.ts';
export type { Notice } from './recovery/notices.ts';
export type { PrintedBadge } from './badges/badges.ts';
export type { BadgeRule } from './badges/badge-store.ts';
export { pictureName, isPicture } from './badges/pictures.ts';
export type { Activation, CodeRequest, PrintedCode } from './activation/activation.ts';
export { ACR_ORDER, OFFERED_ACR, type Acr } from './acr.ts';
export { identityActions } from './actions.ts';
export type { Clients, RegisteredClient } from './clients.ts';
export { buildLeakedPasswords, type LeakedBuild } from './credentials/build-leaked-passwords.ts';
export { choosePasswordForm } from './credentials/choose-form.ts';
export { openLeakedPasswords, type LeakedPasswords } from './credentials/leaked-passwords.ts';
export type { ChoiceProblem, OwnPasswords } from './credentials/own-passwords.ts';
export type { PasswordRules } from './credentials/password-policy.ts';
export type { FactorList } from './credentials/factor-summary.ts';
export { gridRows, nameCell, type PrintedKind } from './credentials/printed-codes.ts';
export { totpSetUpForm } from './credentials/set-up-form.ts';
export type { FactorChange } from './credentials/factor-changes.ts';
export { passkeyForm } from './credentials/passkey-form.ts';
export type { PasskeyEntry, Passkeys } from './credentials/passkeys.ts';
export type { SecondFactors, TotpOffer } from './credentials/second-factors.ts';
export { buildTotpCode, newTotpSecret } from './credentials/totp.ts';
export type { Receipts, ServiceReceipt } from './contracts/received.ts';
export type { Defences } from './defences/defences.ts';
export type { Stop, StopKind } from './defences/stop-store.ts';
export { IdentityError, type IdentityErrorCode } from './errors.ts';
export type { DueWork, Identity, IdentityOptions } from './identity.ts';
export type { RotationStep, SigningKey, SigningKeys } from './keys.ts';
export { migrations } from './migration-set.ts';
export {
  MODULE_RESOURCE_PATH,
  MODULE_SCOPE,
  SCIM_RESOURCE_PATH,
  SCIM_SCOPE,
  type ModuleCaller,
} from './module-token.ts';
export { openIdentity } from './open-identity.ts';
export { LANGUAGE_PATH } from './pages.ts';
export type { Argon2Build, PasswordParameters } from './password-cost.ts';
export type { EntranceSchool, FactorDemand, FindEntranceSchool, PeoplePort, Person } from './ports.ts';
export {
  SESSIONS_ENDED_CHANNEL,
  sessionsEndedSince,
  type EndedSession,
  type EndedSessions,
  type SignOutResult,
} from './session-notices.ts';
export type { SessionEntry, Sessions, SocleSession } from './sessions.ts';
export type { RegistrationTerms } from './registration/terms.ts';
export type { MadeKey, Signer, SigningHandle, StoredSigningKey } from './signer.ts';
export type { SigningAlgorithm } from './tables.ts';
export type { WorkStatus } from './proof-of-work/work.ts';
