import { hash, verify, X509Certificate } from 'node:crypto';
import { childrenOf, readElements, readOid, TAG, type Element } from './der.ts';

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const DIGESTS: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** Reads the certificate of a time-stamp authority (PEM or DER). Undefined when it is none, or not for time stamping. */
export function readAuthority(bytes: Buffer): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(bytes);
    // Node gives the extended key usage under this name
    return certificate.keyUsage?.includes(TIME_STAMPING) ? certificate : undefined;
  } catch {
    return undefined;
  }
}

/**
 * When the authority says that it saw `data` (RFC 3161): the stamp must be of its SHA-256, signed (RFC 5652 §5.4) by this very
 * certificate, which names itself in the signed attributes (RFC 5035) and was valid then. Undefined otherwise. Certificates
 * that come with the stamp are not looked at: the one that was given is the one that is trusted.
 */
export function openTimeStamp(stamp: Buffer, data: Buffer, authority: X509Certificate): Date | undefined {
  const signed = readSignedData(stamp);
  if (!signed) return undefined;
  const at = readInfo(signed.info, data);
  if (!at || at < authority.validFromDate || at > authority.validToDate) return undefined;
  return signed.signers.some((signer) => checkSigner(signer, signed.info, authority)) ? at : undefined;
}

function readSignedData(stamp: Buffer): { info: Buffer; signers: readonly Element[] } | undefined {
  const whole = readElements(stamp);
  const [status, token] = whole?.length === 1 ? childrenOf(whole[0], TAG.sequence) : [];
  const [granted] = childrenOf(status, TAG.sequence);
  if (granted?.tag !== TAG.integer || granted.content.length !== 1 || granted.content[0]! > 1)
    return undefined;
  const [type, explicit] = childrenOf(token, TAG.sequence);
  if (readOid(type) !== SIGNED_DATA) return undefined;
  const parts = childrenOf(childrenOf(explicit, TAG.context0)[0], TAG.sequence);
  const [contentType, content] = childrenOf(parts[2], TAG.sequence);
  const [octets] = childrenOf(content, TAG.context0);
  const signers = childrenOf(parts.at(-1), TAG.set);
  if (readOid(contentType) !== TST_INFO || octets?.tag !== TAG.octets || parts.length < 4) return undefined;
  return { info: octets.content, signers };
}

/** TSTInfo (RFC 3161 §2.4.2): version, policy, imprint, serial, time, … */
function readInfo(info: Buffer, data: Buffer): Date | undefined {
  const [, , imprint, , time] = childrenOf(readElements(info)?.[0], TAG.sequence);
  const [algorithm, digest] = childrenOf(imprint, TAG.sequence);
  const name = DIGESTS[readOid(childrenOf(algorithm, TAG.sequence)[0]) ?? ''];
  if (name === undefined || !digest?.content.equals(hash(name, data, 'buffer'))) return undefined;
  const match =
    time?.tag === TAG.time
      ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/.exec(time.content.toString('latin1'))
      : null;
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** SignerInfo (RFC 5652 §5.3): version, sid, digest algorithm, [0] signed attributes, signature algorithm, signature. */
function checkSigner(signer: Element, info: Buffer, authority: X509Certificate): boolean {
  const [, , algorithm, attributes, , signature] = childrenOf(signer, TAG.sequence);
  const digest = DIGESTS[readOid(childrenOf(algorithm, TAG.sequence)[0]) ?? ''];
  if (digest === undefined || attributes?.tag !== TAG.context0 || signature?.tag !== TAG.octets) return false;
  const valueOf = (oid: string): Element | undefined => {
    const found = childrenOf(attributes, TAG.context0).map((one) => childrenOf(one, TAG.sequence));
    const matching = found.filter(([type]) => readOid(type) === oid);
    const values = matching.length === 1 ? childrenOf(matching[0]![1], TAG.set) : [];
    return values.length === 1 ? values[0] : undefined;
  };
  if (readOid(valueOf(CONTENT_TYPE)) !== TST_INFO) return false;
  if (!valueOf(MESSAGE_DIGEST)?.content.equals(hash(digest, info, 'buffer'))) return false;
  if (!namesCertificate(valueOf, authority.raw)) return false;
  // what is signed is the set of attributes under its own tag, not under the tag of its place
  const message = Buffer.concat([Buffer.from([TAG.set]), attributes.bytes.subarray(1)]);
  try {
    const isEdwards = authority.publicKey.asymmetricKeyType === 'ed25519';
    return verify(isEdwards ? null : digest, message, authority.publicKey, signature.content);
  } catch {
    return false;
  }
}

/** ESSCertID by SHA-1 (RFC 2634) or ESSCertIDv2, by SHA-256 unless it says otherwise (RFC 5035 §3). */
function namesCertificate(valueOf: (oid: string) => Element | undefined, raw: Buffer): boolean {
  const first = (value: Element | undefined) =>
    childrenOf(childrenOf(childrenOf(value, TAG.sequence)[0], TAG.sequence)[0], TAG.sequence);
  const second = first(valueOf(SIGNING_CERTIFICATE_V2));
  if (second.length > 0) {
    const named = second[0]!.tag === TAG.sequence;
    const name = named ? DIGESTS[readOid(childrenOf(second[0], TAG.sequence)[0]) ?? ''] : 'sha256';
    return name !== undefined && second[named ? 1 : 0]?.content.equals(hash(name, raw, 'buffer')) === true;
  }
  return first(valueOf(SIGNING_CERTIFICATE))[0]?.content.equals(hash('sha1', raw, 'buffer')) === true;
}
