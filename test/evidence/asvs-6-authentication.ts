import { FILES as F, type Chapter } from './requirement.ts';

/** OWASP ASVS 5.0 V6, levels 1 and 2, and level 3 where it is met. */
export const AUTHENTICATION: Chapter = {
  page: 'asvs-v6-authentication',
  title: 'ASVS 5.0 V6 Authentication',
  requirements: [
    {
      id: '6.1.1',
      level: 1,
      says: 'Written down how guessing is slowed without letting strangers lock an owner out.',
      shown: { by: [[F.guessing, 'does not let strangers lock out the owner']] },
    },
    {
      id: '6.1.2',
      level: 2,
      says: 'Words of the context that passwords must not hold are listed.',
      shown: { open: 'the rule of passwords belongs to the room of credentials; not mapped yet' },
    },
    {
      id: '6.1.3',
      level: 2,
      says: 'Every way to sign in is written down with its controls.',
      shown: { open: 'ways of sign-in are still being added' },
    },
    {
      id: '6.2.1',
      level: 1,
      says: 'Passwords have at least 8 characters.',
      shown: { by: [[F.passwords, 'refuses fewer than 8 and more than 128 characters']] },
    },
    {
      id: '6.2.2',
      level: 1,
      says: 'People can change their password.',
      shown: { open: 'the page of the account is not mapped yet' },
    },
    {
      id: '6.2.3',
      level: 1,
      says: 'A change asks for the present password.',
      shown: { open: 'the page of the account is not mapped yet' },
    },
    {
      id: '6.2.4',
      level: 1,
      says: 'Passwords are compared with the most common ones.',
      shown: { open: 'not mapped yet' },
    },
    {
      id: '6.2.5',
      level: 1,
      says: 'Any composition of characters is allowed.',
      shown: { by: [[F.passwords, 'verifies exactly what was typed']] },
    },
    {
      id: '6.2.6',
      level: 1,
      says: 'Password fields hide what is typed.',
      shown: { open: 'shown by the browser tests, which this run does not hold' },
    },
    {
      id: '6.2.7',
      level: 1,
      says: 'Pasting and password managers work.',
      shown: { open: 'shown by the browser tests, which this run does not hold' },
    },
    {
      id: '6.2.8',
      level: 1,
      says: 'A password is verified as it was received: not cut, no case changed.',
      shown: {
        by: [
          [F.passwords, 'verifies exactly what was typed'],
          [F.passwords, 'refuses a password over 128 characters'],
        ],
      },
    },
    {
      id: '6.2.9',
      level: 2,
      says: 'Passwords of at least 64 characters are allowed.',
      shown: { by: [[F.passwords, 'refuses fewer than 8 and more than 128 characters']] },
    },
    {
      id: '6.2.10',
      level: 2,
      says: 'No periodic change is demanded.',
      shown: { by: [[F.secondFactor, 'leaves people of a long password']] },
    },
    {
      id: '6.2.11',
      level: 2,
      says: 'The listed words of the context are refused.',
      shown: { open: 'not mapped yet' },
    },
    {
      id: '6.2.12',
      level: 2,
      says: 'Passwords are compared with a set of leaked ones.',
      shown: { open: 'not mapped yet' },
    },
    {
      id: '6.3.1',
      level: 1,
      says: 'Stuffing and guessing are slowed.',
      shown: {
        by: [
          [F.guessing, 'counts parallel guesses'],
          [F.guessing, 'opens a throttled login'],
          [F.code, 'stops guesses on one code'],
          [F.device, 'stops those who try many codes'],
        ],
      },
    },
    {
      id: '6.3.2',
      level: 1,
      says: 'There are no default accounts.',
      shown: { open: 'the demo is refused outside localhost; shown by the tests of the service' },
    },
    {
      id: '6.3.3',
      level: 2,
      says: 'A second factor, or factors together, open what is sensitive.',
      shown: {
        by: [
          [F.secondFactor, 'sets a generator up for staff'],
          [F.secondFactor, 'always sets one up for those who administer'],
          [F.secondFactor, 'leaves people of a long password'],
        ],
      },
    },
    {
      id: '6.3.4',
      level: 2,
      says: 'No other way in is weaker than the ways that are written down.',
      shown: {
        by: [
          [F.factor, 'does not open a session by another page'],
          [F.factor, 'gives a sign-in that was planted nothing'],
        ],
      },
    },
    {
      id: '6.3.8',
      level: 3,
      says: 'Nobody learns from a refusal whether a person exists.',
      shown: {
        by: [
          [F.guessing, 'answers unknown, known, suspended'],
          [F.code, 'answers unknown, used, replaced'],
          [F.factor, 'says nothing of the second factor'],
        ],
      },
    },
    {
      id: '6.4.1',
      level: 1,
      says: 'First codes are random, expire, and do not become the password.',
      shown: {
        by: [
          [F.activation, 'asks for the code, then for a password'],
          [F.oneTimeCodes, 'expires'],
          [F.oneTimeCodes, 'works once'],
        ],
      },
    },
    {
      id: '6.4.2',
      level: 1,
      says: 'No hints and no questions about one’s life.',
      shown: { outside: 'there are none' },
    },
    {
      id: '6.4.3',
      level: 2,
      says: 'A reset does not go round the second factor.',
      shown: { open: 'not mapped yet' },
    },
    {
      id: '6.4.4',
      level: 2,
      says: 'Replacing a lost factor proves as much as the first time.',
      shown: { open: 'not mapped yet' },
    },
    {
      id: '6.4.6',
      level: 3,
      says: 'An administrator starts a reset and never chooses the password.',
      shown: { open: 'not mapped yet' },
    },
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
      says: 'Looked-up secrets are stored hashed.',
      shown: { by: [[F.oneTimeCodes, 'is worth nothing when revoked']] },
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
      says: 'Codes have a life; TOTP 30 seconds.',
      shown: {
        by: [
          [F.totp, 'takes the code of one step before'],
          [F.oneTimeCodes, 'expires'],
          [F.factor, 'forgets a half-done sign-in'],
        ],
      },
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
      id: '6.7.1',
      level: 3,
      says: 'Keys that verify assertions cannot be changed by others.',
      shown: { open: 'passkeys are not mapped yet' },
    },
    {
      id: '6.7.2',
      level: 3,
      says: 'Challenges have at least 64 bits and serve once.',
      shown: { open: 'passkeys are not mapped yet' },
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
  ],
};
