import { FILES as F, type Chapter } from './requirement.ts';

const fapi = (module: string) => `fapi2-security-profile-final-${module}`;

/** OWASP ASVS 5.0 V10. */
export const OAUTH: Chapter = {
  page: 'asvs-v10-oauth',
  title: 'ASVS 5.0 V10 OAuth and OpenID Connect',
  requirements: [
    {
      id: '10.1.1',
      level: 2,
      says: 'Tokens go only to what needs them; never to the browser.',
      shown: {
        by: [
          [F.clientCookies, 'are __Host- cookies over https'],
          [F.clientFixation, 'knows no session by the hash'],
        ],
      },
    },
    {
      id: '10.1.2',
      level: 2,
      says: 'An answer counts only in the browser and transaction that asked.',
      shown: {
        by: [
          [F.clientResponse, 'accepts the response'],
          [F.clientResponse, 'refuses it in another browser'],
          [F.clientResponse, 'refuses a state that was used'],
        ],
      },
    },
    {
      id: '10.2.1',
      level: 2,
      says: 'Code clients resist forged requests.',
      shown: {
        by: [
          [F.clientResponse, 'refuses it in another browser'],
          [F.basic, 'oidcc-ensure-request-with-valid-pkce-succeeds'],
        ],
      },
    },
    {
      id: '10.2.2',
      level: 2,
      says: 'A client of several servers resists mix-up.',
      shown: { by: [[F.clientResponse, 'never sends a code to the token endpoint']] },
    },
    {
      id: '10.2.3',
      level: 3,
      says: 'Clients ask for what they need only.',
      shown: { by: [[F.moduleSignIn, 'asks by code, S256, state and nonce']] },
    },
    {
      id: '10.3.1',
      level: 2,
      says: 'A resource takes tokens made for it only.',
      shown: {
        by: [
          [F.modules, 'is refused with a token that was altered'],
          [F.exchange, 'is worth nothing at user info'],
        ],
      },
    },
    {
      id: '10.3.2',
      level: 2,
      says: 'A resource decides by what the token delegates.',
      shown: {
        by: [
          [F.exchange, 'never carries more than the person gave'],
          [F.exchange, 'gives a short token for one audience'],
        ],
      },
    },
    {
      id: '10.3.3',
      level: 2,
      says: 'People are known by ids that are never given to another.',
      shown: { by: [[F.modules, 'knows a person by a subject of its own']] },
    },
    {
      id: '10.3.4',
      level: 2,
      says: 'Where strength matters, a resource checks acr and time.',
      shown: {
        by: [
          [F.secondFactor, 'gives the code’s strength'],
          [F.clientIdToken, 'refuses a sign-in that is older'],
        ],
      },
    },
    {
      id: '10.3.5',
      level: 3,
      says: 'A stolen token is worth nothing without its key.',
      shown: {
        by: [
          [F.modules, 'may bind its tokens to a key'],
          [F.fapiToken, fapi('dpop-negative-tests')],
        ],
      },
    },
    {
      id: '10.4.1',
      level: 1,
      says: 'Redirect URIs are compared exactly with those of the client.',
      shown: {
        by: [
          [F.weakened, 'shows a page, and redirects nowhere'],
          [F.fapi, fapi('ensure-registered-redirect-uri')],
          [F.weakened, 'accepts the same request complete'],
        ],
      },
    },
    {
      id: '10.4.2',
      level: 1,
      says: 'A code serves once; the second use burns what the first gave.',
      shown: {
        by: [
          [F.race, 'redeems a code once'],
          [F.requests, 'oidcc-codereuse-30seconds'],
          [F.restart, 'keeps a used code used'],
        ],
      },
    },
    {
      id: '10.4.3',
      level: 1,
      says: 'Codes live a minute at most.',
      shown: { by: [[F.fapiToken, fapi('ensure-token-endpoint-fails-with-expired-auth-code')]] },
    },
    {
      id: '10.4.4',
      level: 1,
      says: 'A client uses the grants it was given; implicit and password never.',
      shown: {
        by: [
          [F.weakened, 'refuses no code_challenge'],
          [F.registration, 'refuses a request without an initial'],
          [F.device, 'refuses the device flow to a client'],
        ],
      },
    },
    {
      id: '10.4.5',
      level: 1,
      says: 'Refresh tokens are rotated or bound.',
      shown: {
        by: [
          [F.race, 'rotates a refresh token once'],
          [F.fapiToken, fapi('refresh-token')],
        ],
      },
    },
    {
      id: '10.4.6',
      level: 2,
      says: 'PKCE for every code, S256 only.',
      shown: {
        by: [
          [F.weakened, 'refuses no code_challenge'],
          [F.fapi, fapi('par-plain-pkce-rejected')],
          [F.fapi, fapi('par-ensure-pkce-required')],
        ],
      },
    },
    {
      id: '10.4.7',
      level: 2,
      says: 'Unknown clients that register themselves are kept harmless.',
      shown: {
        by: [
          [F.registration, 'refuses a request without an initial'],
          [F.registration, 'but the same metadata without any'],
        ],
      },
    },
    {
      id: '10.4.8',
      level: 2,
      says: 'Refresh tokens end, whatever their use.',
      shown: {
        by: [
          [F.refresh, 'ends twelve hours after the sign-in'],
          [F.refresh, 'of a session ends with it'],
        ],
      },
    },
    {
      id: '10.4.9',
      level: 2,
      says: 'People can revoke tokens of a service.',
      shown: {
        by: [
          [F.signOut, 'ends one session from the list'],
          [F.contract, 'asks again when the contract grows'],
        ],
      },
    },
    {
      id: '10.4.10',
      level: 2,
      says: 'Confidential clients prove themselves at every back-channel endpoint.',
      shown: {
        by: [
          [F.race, 'takes a client assertion once'],
          [F.fapiToken, fapi('ensure-client-assertion-in-token-endpoint')],
          [F.modules, 'learns about and revokes its own'],
        ],
      },
    },
    {
      id: '10.4.11',
      level: 2,
      says: 'A client gets the scopes it needs only.',
      shown: {
        by: [
          [F.exchange, 'lets a module declare scopes'],
          [F.registration, 'but the same metadata without any'],
        ],
      },
    },
    {
      id: '10.4.12',
      level: 3,
      says: 'Response modes are limited.',
      shown: { open: 'query, fragment and form_post are offered; no list for each client yet' },
    },
    {
      id: '10.4.13',
      level: 3,
      says: 'Pushed requests are demanded (clients of the profile fapi2).',
      shown: { by: [[F.fapi, fapi('ensure-unsigned-authorization-request-without-using-par-fails')]] },
    },
    {
      id: '10.4.14',
      level: 3,
      says: 'Bound access tokens only (clients of the profile fapi2).',
      shown: { by: [[F.fapiToken, fapi('ensure-holder-of-key-required')]] },
    },
    {
      id: '10.4.15',
      level: 3,
      says: 'Authorization details come from the client itself.',
      shown: { outside: 'authorization details (RFC 9396) are not supported' },
    },
    {
      id: '10.4.16',
      level: 3,
      says: 'Clients prove themselves by a key (clients of the profile fapi2).',
      shown: {
        by: [
          [F.fapiToken, fapi('ensure-client-assertion-in-token-endpoint')],
          [F.registration, 'puts the terms of the token'],
        ],
      },
    },
    {
      id: '10.5.1',
      level: 2,
      says: 'An ID token serves the transaction it was made for.',
      shown: {
        by: [
          [F.clientIdToken, 'accepts the same claims signed anew'],
          [F.clientIdToken, 'refuses an ID token'],
        ],
      },
    },
    {
      id: '10.5.2',
      level: 2,
      says: 'A service knows people by `sub`.',
      shown: { by: [[F.signIn, 'gives an ID token with a pairwise subject']] },
    },
    {
      id: '10.5.3',
      level: 2,
      says: 'Metadata of another issuer is refused.',
      shown: { by: [[F.discovery, 'reads the document of the issuer']] },
    },
    {
      id: '10.5.4',
      level: 2,
      says: 'An ID token for another service is refused.',
      shown: {
        by: [
          [F.clientIdToken, 'refuses an ID token'],
          [F.tokens, 'say which service they are for'],
        ],
      },
    },
    {
      id: '10.5.5',
      level: 2,
      says: 'Forged and confused logout tokens end nobody’s session.',
      shown: {
        by: [
          [F.clientLogout, 'refuses a token'],
          [F.clientLogout, 'refuses a body that is not a form'],
          [F.clientLogout, 'obeys a token by sid'],
        ],
      },
    },
    {
      id: '10.6.1',
      level: 2,
      says: 'Only the code flow is allowed.',
      shown: {
        by: [
          [F.weakened, 'refuses no code_challenge'],
          [F.logout, 'oidcc-discovery-endpoint-verification'],
        ],
      },
    },
    {
      id: '10.6.2',
      level: 2,
      says: 'Another site cannot sign people out.',
      shown: {
        by: [
          [F.signOut, 'refuses a return address'],
          [F.signOut, 'asks first, then ends the session'],
        ],
      },
    },
    {
      id: '10.7.1',
      level: 2,
      says: 'People agree to each request of a client that cannot be told apart.',
      shown: {
        by: [
          [F.contract, 'shows a person what a publisher'],
          [F.device, 'makes the device wait'],
        ],
      },
    },
    {
      id: '10.7.2',
      level: 2,
      says: 'The page that asks says who receives what, and why.',
      shown: { by: [[F.contract, 'shows a person what a publisher']] },
    },
    {
      id: '10.7.3',
      level: 2,
      says: 'People see their agreements and take them back.',
      shown: { by: [[F.contract, 'asks again when the contract grows']] },
    },
  ],
};
