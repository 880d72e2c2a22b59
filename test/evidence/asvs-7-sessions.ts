import { FILES as F, type Chapter } from './requirement.ts';

/** OWASP ASVS 5.0 V7. */
export const SESSIONS: Chapter = {
  page: 'asvs-v7-sessions',
  title: 'ASVS 5.0 V7 Session management',
  requirements: [
    {
      id: '7.1.1',
      level: 2,
      says: 'Idle and absolute limits are written down and justified.',
      shown: {
        by: [
          [F.direct, 'ends after two hours'],
          [F.direct, 'on a shared computer'],
        ],
      },
    },
    {
      id: '7.1.2',
      level: 2,
      says: 'Written down (docs/authentication.md) how many sessions one account may have at once: any number, all shown, each ended by its person.',
      shown: { by: [[F.account, 'lists devices, ends one']] },
    },
    {
      id: '7.1.3',
      level: 2,
      says: 'How sessions of services hang on the provider’s is written down.',
      shown: {
        by: [
          [F.ends, 'gives the sessions that ended'],
          [F.ends, 'ends a session that nobody visited'],
        ],
      },
    },
    {
      id: '7.2.1',
      level: 1,
      says: 'Session tokens are checked by the server.',
      shown: {
        by: [
          [F.fixation, 'ignores a cookie that the provider did not sign'],
          [F.clientFixation, 'knows no session by the hash'],
        ],
      },
    },
    {
      id: '7.2.2',
      level: 1,
      says: 'Session tokens are made for each session.',
      shown: { by: [[F.fixation, 'gives a new session id at each']] },
    },
    {
      id: '7.2.3',
      level: 1,
      says: 'Reference tokens are unique and random.',
      shown: {
        by: [
          [F.stolen, 'holds no code, token, cookie'],
          [F.fixation, 'gives a new session id at each'],
        ],
      },
    },
    {
      id: '7.2.4',
      level: 1,
      says: 'A sign-in makes a new token and ends the old one.',
      shown: {
        by: [
          [F.fixation, 'gives a new session id at each'],
          [F.clientFixation, 'ends the earlier session of the browser'],
          [F.clientFixation, 'never takes over an id'],
        ],
      },
    },
    {
      id: '7.3.1',
      level: 2,
      says: 'A session ends when it is idle.',
      shown: {
        by: [
          [F.direct, 'ends after two hours'],
          [F.ends, 'ends a session that nobody visited'],
        ],
      },
    },
    {
      id: '7.3.2',
      level: 2,
      says: 'A session ends after a longest time.',
      shown: { by: [[F.direct, 'on a shared computer']] },
    },
    {
      id: '7.4.1',
      level: 1,
      says: 'After sign-out, nothing of the session works.',
      shown: {
        by: [
          [F.signOut, 'asks first, then ends the session'],
          [F.exchange, 'ends with the session'],
        ],
      },
    },
    {
      id: '7.4.2',
      level: 1,
      says: 'Suspended and deleted people lose every session.',
      shown: {
        by: [
          [F.suspended, 'loses sessions and tokens'],
          [F.suspended, 'with a live session gets a page'],
        ],
      },
    },
    {
      id: '7.4.3',
      level: 2,
      says: 'A changed factor ends the other sessions.',
      shown: {
        by: [
          [F.suspended, 'loses every session when the password'],
          [F.secondFactor, 'ends the other sessions when a factor'],
        ],
      },
    },
    {
      id: '7.4.4',
      level: 2,
      says: 'Signing out is easy to see on every page.',
      shown: { by: [[F.ways, 'shows the way out on every page']] },
    },
    {
      id: '7.4.5',
      level: 2,
      says: 'Administrators can end sessions.',
      shown: { by: [[F.signOut, 'ends one session from the list']] },
    },
    {
      id: '7.5.1',
      level: 2,
      says: 'Sensitive changes of an account ask to prove again.',
      shown: {
        by: [
          [F.secondFactor, 'refuses a session that is too weak'],
          [F.secondFactor, 'steps a session up'],
        ],
      },
    },
    {
      id: '7.5.2',
      level: 2,
      says: 'People see and end their sessions.',
      shown: { by: [[F.signOut, 'ends one session from the list']] },
    },
    {
      id: '7.5.3',
      level: 3,
      says: 'The most sensitive acts ask for a stronger proof.',
      shown: {
        by: [
          [F.secondFactor, 'asks again for a service that wants more'],
          [F.secondFactor, 'refuses a session that is too weak'],
        ],
      },
    },
    {
      id: '7.6.1',
      level: 2,
      says: 'Sessions of services and of the provider end as written.',
      shown: {
        by: [
          [F.logout, 'oidcc-backchannel-rp-initiated-logout'],
          [F.clientLogout, 'obeys a token by sid'],
          [F.ends, 'calls a service that did not answer'],
        ],
      },
    },
    {
      id: '7.6.2',
      level: 2,
      says: 'A session begins with an act of its person.',
      shown: {
        by: [
          [F.requests, 'oidcc-prompt-none-not-logged-in'],
          [F.clientResponse, 'refuses it in another browser'],
        ],
      },
    },
  ],
};
