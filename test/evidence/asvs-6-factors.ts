import { FILES as F, type Requirement } from './requirement.ts';

/** OWASP ASVS 5.0 V6.5 to V6.8: second factors, keys, and sign-in by another provider. */
export const FACTORS: readonly Requirement[] = [
  {
    id: '6.5.1',
    level: 2,
    says: 'Codes and one-time passwords work once.',
    shown: {
      by: [
        [F.factor, 'takes one code once'],
        [F.factor, 'takes the code once'],
        [F.oneTimeCodes, 'is given to one of twenty'],
      ],
    },
  },
  {
    id: '6.5.2',
    level: 2,
    says: 'Looked-up secrets are not stored in clear. Here as keyed digests whose key is outside the database: not the salted password hash that the standard asks for below 112 bits.',
    shown: {
      by: [
        [F.oneTimeCodes, 'is worth nothing when revoked'],
        [F.printed, 'throws the former set away'],
      ],
    },
  },
  {
    id: '6.5.3',
    level: 2,
    says: 'Codes and seeds come from a random generator made for it.',
    shown: {
      by: [
        [F.totp, 'makes secrets of 160 bits'],
        [F.codeSymbols, 'has ten symbols of 32'],
      ],
    },
  },
  {
    id: '6.5.4',
    level: 2,
    says: 'Looked-up secrets have at least 20 bits.',
    shown: { by: [[F.codeSymbols, 'has ten symbols of 32']] },
  },
  {
    id: '6.5.5',
    level: 2,
    says: 'Codes have a life. Of TOTP: steps of 30 seconds, and one on each side for clocks that drift, which is more than the standard says.',
    shown: {
      by: [
        [F.totp, 'takes the code of one step before'],
        [F.oneTimeCodes, 'expires'],
        [F.factor, 'forgets a half-done sign-in'],
      ],
    },
  },
  {
    id: '6.5.6',
    level: 3,
    says: 'Every factor can be revoked.',
    shown: {
      by: [
        [F.passkeys, 'refuses a key that was never registered'],
        [F.printed, 'throws the former set away'],
        [F.badge, 'refuses the former badge'],
      ],
    },
  },
  {
    id: '6.5.7',
    level: 3,
    says: 'Biometrics are only a second factor.',
    shown: { outside: 'they never leave the device that holds a passkey' },
  },
  {
    id: '6.5.8',
    level: 3,
    says: 'TOTP uses the server’s clock.',
    shown: { by: [[F.totp, 'takes the code of one step before']] },
  },
  {
    id: '6.6.1',
    level: 2,
    says: 'Telephones are not the only second channel.',
    shown: { outside: 'no telephone is used at all' },
  },
  {
    id: '6.6.2',
    level: 2,
    says: 'A code of another channel serves the request it was made for.',
    shown: {
      by: [
        [F.device, 'makes the device wait'],
        [F.device, 'keeps no code that a reader'],
      ],
    },
  },
  {
    id: '6.6.3',
    level: 2,
    says: 'Codes of another channel cannot be guessed in bulk.',
    shown: { by: [[F.device, 'stops those who try many codes']] },
  },
  {
    id: '6.6.4',
    level: 3,
    says: 'Push messages cannot be sent in bulk.',
    shown: { outside: 'no push messages are used' },
  },
  {
    id: '6.7.1',
    level: 3,
    says: 'Keys that verify assertions cannot be changed by others.',
    shown: {
      by: [
        [F.passkeys, 'refuses a key that was never registered'],
        [F.openSession, 'refuses every form without the session’s token'],
      ],
    },
  },
  {
    id: '6.7.2',
    level: 3,
    says: 'Challenges have at least 64 bits and serve once.',
    shown: { by: [[F.passkeys, 'takes each challenge once']] },
  },
  {
    id: '6.8.1',
    level: 2,
    says: 'One provider cannot speak for another’s people.',
    shown: { by: [[F.clientResponse, 'never sends a code to the token endpoint']] },
  },
  {
    id: '6.8.2',
    level: 2,
    says: 'Signatures of assertions are always checked.',
    shown: {
      by: [
        [F.clientIdToken, 'refuses an ID token'],
        [F.tokens, 'are refused as a hint'],
      ],
    },
  },
  { id: '6.8.3', level: 2, says: 'SAML assertions serve once.', shown: { open: 'SAML is not built yet' } },
  {
    id: '6.8.4',
    level: 2,
    says: 'The strength that a provider promises is checked.',
    shown: {
      by: [
        [F.clientIdToken, 'refuses a sign-in that is older'],
        [F.secondFactor, 'refuses a session that is too weak'],
      ],
    },
  },
];
