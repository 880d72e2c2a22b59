import { FACTORS } from './asvs-6-factors.ts';
import { FILES as F, type Chapter } from './requirement.ts';

/** OWASP ASVS 5.0 V6, levels 1 and 2, and level 3 where it is met. */
export const AUTHENTICATION: Chapter = {
  page: 'asvs-v6-authentication',
  title: 'ASVS 5.0 V6 Authentication',
  requirements: [
    {
      id: '6.1.1',
      level: 1,
      says: 'Written down (docs/authentication.md) how guessing is slowed without letting strangers lock an owner out.',
      shown: {
        by: [
          [F.guessing, 'does not let strangers lock out the owner'],
          [F.stuffing, 'asks for more the more is refused'],
          [F.ways, 'has every way in written down'],
        ],
      },
    },
    {
      id: '6.1.2',
      level: 2,
      says: 'Words of the context that passwords must not hold are listed (docs/authentication.md).',
      shown: { by: [[F.policy, 'refuses what is made of the names']] },
    },
    {
      id: '6.1.3',
      level: 2,
      says: 'Every way to sign in is written down with its controls (docs/authentication.md).',
      shown: { by: [[F.ways, 'has every way in written down']] },
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
      shown: { by: [[F.account, 'changes the password by the policy']] },
    },
    {
      id: '6.2.3',
      level: 1,
      says: 'A change proves who asks for it: the present password, or whatever they sign in with, in the last five minutes.',
      shown: {
        by: [
          [F.openSession, 'asks again who they are after five minutes'],
          [F.account, 'changes the password by the policy'],
        ],
      },
    },
    {
      id: '6.2.4',
      level: 1,
      says: 'Passwords are compared with the most common ones.',
      shown: { by: [[F.policy, 'refuses every one of the three thousand']] },
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
      shown: { by: [[F.ways, 'hides passwords while they are typed']] },
    },
    {
      id: '6.2.7',
      level: 1,
      says: 'Pasting and password managers work.',
      shown: { by: [[F.ways, 'hides passwords while they are typed']] },
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
      shown: { by: [[F.policy, 'refuses what is made of the names']] },
    },
    {
      id: '6.2.12',
      level: 2,
      says: 'Passwords are compared with a set of leaked ones.',
      shown: {
        by: [
          [F.policy, 'refuses what is on the list'],
          [F.leaked, 'finds every password of a file'],
        ],
      },
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
          [F.stuffing, 'lets a solution through'],
          [F.stuffing, 'is raised by refusals alone'],
        ],
      },
    },
    {
      id: '6.3.2',
      level: 1,
      says: 'There are no default accounts.',
      shown: {
        by: [
          [F.ways, 'holds no account before somebody makes one'],
          [F.start, 'an issuer that is not on localhost'],
        ],
      },
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
          [F.ways, 'has every way in written down'],
        ],
      },
    },
    {
      id: '6.3.5',
      level: 3,
      says: 'People are told of suspicious attempts.',
      shown: {
        open: 'security officers see them; the person finds their own sign-ins in /account/activity, and is told nothing by itself',
      },
    },
    {
      id: '6.3.6',
      level: 3,
      says: 'E-mail is no factor.',
      shown: { outside: 'no e-mail is sent at all' },
    },
    {
      id: '6.3.7',
      level: 3,
      says: 'People are told when their credentials were changed.',
      shown: { by: [[F.resets, 'tells the pupil at the next sign-in']] },
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
      shown: { by: [[F.ways, 'asks for the second factor after a password']] },
    },
    {
      id: '6.4.4',
      level: 2,
      says: 'Replacing a lost factor proves as much as the first time: a colleague who knows the person vouches with a strong sign-in.',
      shown: {
        by: [
          [F.colleague, 'lets the sign-in that asked through once'],
          [F.colleague, 'refuses oneself'],
        ],
      },
    },
    {
      id: '6.4.5',
      level: 3,
      says: 'What expires is renewed in time.',
      shown: { outside: 'nothing that people keep expires by itself; printed codes bear their date' },
    },
    {
      id: '6.4.6',
      level: 3,
      says: 'An administrator starts a reset and never chooses the password.',
      shown: {
        by: [
          [F.resets, 'gives a code, never a password'],
          [F.newPassword, 'is changed before anything opens'],
        ],
      },
    },
    ...FACTORS,
  ],
};
