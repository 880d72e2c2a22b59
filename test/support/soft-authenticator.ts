import { createHash, createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';

/** An authenticator in memory, which can be made to lie. */
export interface SoftAuthenticator {
  readonly credentialId: string;
  /** The answer to options of `create`, as the browser's module sends it. */
  create(options: string, lies?: Lies): string;
  /** The answer to options of `get`. */
  get(options: string, lies?: Lies): string;
}

/** What an attacker changes. */
export interface Lies {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly userVerified?: boolean;
  readonly counter?: number;
  readonly userHandle?: string;
  readonly credentialId?: string;
  readonly spoilSignature?: boolean;
}

interface Options {
  readonly challenge: string;
  readonly rp?: { readonly id: string };
  readonly rpId?: string;
  readonly user?: { readonly id: string };
}

const FLAGS = { present: 0x01, verified: 0x04, attested: 0x40 } as const;

/** Makes one with an ES256 key, for pages of `origin`. */
export function makeAuthenticator(origin: string): SoftAuthenticator {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(32);
  const credentialId = id.toString('base64url');
  let counter = 0;
  let handle = '';

  const clientData = (type: string, options: Options, lies: Lies) =>
    Buffer.from(
      JSON.stringify({
        type: lies.type ?? type,
        challenge: lies.challenge ?? options.challenge,
        origin: lies.origin ?? origin,
        crossOrigin: false,
      }),
    );
  const authenticatorData = (options: Options, lies: Lies, attested?: Buffer) => {
    const rpId = lies.rpId ?? options.rpId ?? options.rp?.id ?? '';
    const flags =
      FLAGS.present | (lies.userVerified === false ? 0 : FLAGS.verified) | (attested ? FLAGS.attested : 0);
    const count = Buffer.alloc(4);
    counter += 1;
    count.writeUInt32BE(lies.counter ?? counter);
    const hash = createHash('sha256').update(rpId).digest();
    return Buffer.concat([hash, Buffer.from([flags]), count, ...(attested ? [attested] : [])]);
  };

  return {
    credentialId,
    create(text, lies = {}) {
      const options = JSON.parse(text) as Options;
      handle = options.user?.id ?? '';
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const attested = Buffer.concat([Buffer.alloc(16), length, id, encodeKey(publicKey)]);
      const data = authenticatorData(options, lies, attested);
      const attestation = Buffer.concat([
        Buffer.from([0xa3]),
        cborText('fmt'),
        cborText('none'),
        cborText('attStmt'),
        Buffer.from([0xa0]),
        cborText('authData'),
        cborBytes(data),
      ]);
      return JSON.stringify({
        id: credentialId,
        rawId: credentialId,
        type: 'public-key',
        response: {
          clientDataJSON: clientData('webauthn.create', options, lies).toString('base64url'),
          attestationObject: attestation.toString('base64url'),
          transports: ['internal'],
        },
      });
    },
    get(text, lies = {}) {
      const options = JSON.parse(text) as Options;
      const data = authenticatorData(options, lies);
      const client = clientData('webauthn.get', options, lies);
      const hash = createHash('sha256').update(client).digest();
      const signature = createSign('sha256')
        .update(Buffer.concat([data, hash]))
        .sign(privateKey);
      if (lies.spoilSignature) signature.writeUInt8(signature.readUInt8(12) ^ 1, 12);
      const shownId = lies.credentialId ?? credentialId;
      return JSON.stringify({
        id: shownId,
        rawId: shownId,
        type: 'public-key',
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: signature.toString('base64url'),
          userHandle: lies.userHandle ?? handle,
        },
      });
    },
  };
}

/** COSE_Key of an ES256 public key (RFC 9053 §7.1). */
function encodeKey(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
    cborBytes(Buffer.from(x, 'base64url')),
    Buffer.from([0x22]),
    cborBytes(Buffer.from(y, 'base64url')),
  ]);
}

function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 | text.length]), Buffer.from(text)]);
}

function cborBytes(bytes: Buffer): Buffer {
  const head =
    bytes.length < 256
      ? Buffer.from([0x58, bytes.length])
      : Buffer.from([0x59, bytes.length >> 8, bytes.length & 255]);
  return Buffer.concat([head, bytes]);
}
