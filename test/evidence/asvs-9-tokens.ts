import { FILES as F, type Chapter } from './requirement.ts';

/** OWASP ASVS 5.0 V9. */
export const TOKENS: Chapter = {
  page: 'asvs-v9-self-contained-tokens',
  title: 'ASVS 5.0 V9 Self-contained tokens',
  requirements: [
    {
      id: '9.1.1',
      level: 1,
      says: 'The signature is checked before anything inside counts.',
      shown: {
        by: [
          [F.tokens, 'are refused as a hint'],
          [F.tokens, 'are refused as a client assertion'],
          [F.tokens, 'are refused as a module token'],
        ],
      },
    },
    {
      id: '9.1.2',
      level: 1,
      says: 'Algorithms come from a list; "none" is not on it.',
      shown: {
        by: [
          [F.tokens, 'are refused as a hint'],
          [F.basic, 'oidcc-idtoken-unsigned'],
          [F.fapiToken, 'fapi2-security-profile-final-ensure-signed-client-assertion-with-RS256-fails'],
        ],
      },
    },
    {
      id: '9.1.3',
      level: 1,
      says: 'Keys come from known places, never from the token.',
      shown: {
        by: [
          [F.tokens, 'are refused as a hint'],
          [F.tokens, 'are refused as a module token'],
        ],
      },
    },
    {
      id: '9.2.1',
      level: 1,
      says: 'The times of a token are checked.',
      shown: {
        by: [
          [F.tokens, 'are refused when their time'],
          [
            F.fapiToken,
            'fapi2-security-profile-final-ensure-client-assertion-with-exp-is-5-minutes-in-past-fails',
          ],
        ],
      },
    },
    {
      id: '9.2.2',
      level: 2,
      says: 'A token of one kind does not serve as another.',
      shown: {
        by: [
          [F.tokens, 'are refused as a module token'],
          [F.clientLogout, 'obeys a token by sid'],
        ],
      },
    },
    {
      id: '9.2.3',
      level: 2,
      says: 'The audience is checked.',
      shown: {
        by: [
          [F.modules, 'is refused with a token that was altered'],
          [F.host, 'refuses a client assertion whose audience'],
          [F.exchange, 'is worth nothing at user info'],
        ],
      },
    },
    {
      id: '9.2.4',
      level: 2,
      says: 'Tokens by one key for many name whom they are for.',
      shown: { by: [[F.tokens, 'say which service they are for']] },
    },
  ],
};
