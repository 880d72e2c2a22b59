import { randomBytes } from 'node:crypto';
import { invariant } from '@socle/base';
import { Secret as OtpSecret, TOTP } from 'otpauth';

const PERIOD_SECONDS = 30;
const DIGITS = 6;
const SECRET_BYTES = 20;
/** Codes of the step before and the step after fit too: clocks differ (RFC 6238 §5.2). */
const WINDOW = 1;

/** A new secret: 160 random bits (RFC 4226 §4, R6). */
export function inventTotpSecret(): Buffer {
  return randomBytes(SECRET_BYTES);
}

/** The secret as people type it into their application: base32, in groups of four. */
export function showTotpSecret(secret: Uint8Array): string {
  return (openOtpSecret(secret).base32.match(/.{1,4}/g) ?? []).join(' ');
}

/** A new secret in base32 (RFC 4648 §6), without spaces: what an authenticator application and `assignTotp` take. */
export function newTotpSecret(): string {
  return openOtpSecret(inventTotpSecret()).base32;
}

/** The code that a generator with this base32 secret shows at an instant (RFC 6238 §4). */
export function buildTotpCode(secret: string, at: Date): string {
  return TOTP.generate({
    secret: openOtpSecret(decodeTotpSecret(secret)),
    algorithm: 'SHA1',
    digits: DIGITS,
    period: PERIOD_SECONDS,
    timestamp: at.getTime(),
  });
}

/** The bytes of a base32 secret, which must be at least 128 bits (RFC 4226 §4, R6). */
export function decodeTotpSecret(secret: string): Buffer {
  const bytes = Buffer.from(OtpSecret.fromBase32(secret).bytes);
  invariant(bytes.length >= 16, 'the secret of a generator has at least 128 bits');
  return bytes;
}

/** The address that authenticator applications read from a QR code. */
export function buildTotpUri(secret: Uint8Array, label: { issuer: string; account: string }): string {
  return new TOTP({
    issuer: label.issuer,
    label: label.account,
    secret: openOtpSecret(secret),
    algorithm: 'SHA1',
    digits: DIGITS,
    period: PERIOD_SECONDS,
  }).toString();
}

/** The time step whose code this is, within one step of now, or undefined. Compares in constant time. */
export function findTotpStep(secret: Uint8Array, code: string, now: Date): number | undefined {
  const token = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return undefined;
  const delta = TOTP.validate({
    token,
    secret: openOtpSecret(secret),
    algorithm: 'SHA1',
    digits: DIGITS,
    period: PERIOD_SECONDS,
    timestamp: now.getTime(),
    window: WINDOW,
  });
  return delta === null ? undefined : Math.floor(now.getTime() / 1000 / PERIOD_SECONDS) + delta;
}

function openOtpSecret(secret: Uint8Array): OtpSecret {
  return new OtpSecret({ buffer: new Uint8Array(secret).buffer });
}
