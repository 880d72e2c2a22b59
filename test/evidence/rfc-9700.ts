import { FILES as F, type Chapter } from './requirement.ts';

const fapi = (module: string) => `fapi2-security-profile-final-${module}`;

/** RFC 9700, best current practice for OAuth 2.0 security. */
export const RFC_9700: Chapter = {
  page: 'rfc-9700',
  title: 'RFC 9700 OAuth 2.0 security best current practice',
  requirements: [
    {
      id: '2.1',
      says: 'Exact redirect URIs; no open redirector at server or client.',
      shown: {
        by: [
          [F.weakened, 'shows a page, and redirects nowhere'],
          [F.fixation, 'returns to a path of the socle only'],
          [F.clientRedirect, 'comes back to a path of this module'],
        ],
      },
    },
    {
      id: '2.1.1',
      says: 'PKCE against injected codes, bound to the transaction; downgrades refused.',
      shown: {
        by: [
          [F.weakened, 'refuses a redemption without verifier'],
          [F.weakened, 'refuses no code_challenge'],
          [F.race, 'lets one client redeem'],
        ],
      },
    },
    {
      id: '2.1.2',
      says: 'No implicit grant.',
      shown: {
        by: [
          [F.weakened, 'refuses no code_challenge'],
          [F.fapi, fapi('ensure-response-type-token-fails')],
        ],
      },
    },
    {
      id: '2.2.1',
      says: 'Access tokens bound to their sender can be demanded.',
      shown: {
        by: [
          [F.modules, 'may bind its tokens to a key'],
          [F.certificate, 'binds a person’s token'],
          [F.fapiToken, fapi('ensure-holder-of-key-required')],
        ],
      },
    },
    {
      id: '2.2.2',
      says: 'Refresh tokens of public clients are bound or rotated.',
      shown: { by: [[F.race, 'rotates a refresh token once']] },
    },
    {
      id: '2.3',
      says: 'Tokens have the least rights, and one audience.',
      shown: {
        by: [
          [F.exchange, 'never carries more than the person gave'],
          [F.modules, 'is refused with a token that was altered'],
        ],
      },
    },
    {
      id: '2.4',
      says: 'No password grant.',
      shown: { by: [[F.logout, 'oidcc-discovery-endpoint-verification']] },
    },
    {
      id: '2.5',
      says: 'Clients prove themselves, best by a key.',
      shown: {
        by: [
          [F.race, 'takes a client assertion once'],
          [F.host, 'refuses a client assertion whose audience'],
        ],
      },
    },
    {
      id: '2.6',
      says: 'Metadata is published; end-to-end TLS; no CORS at the authorization endpoint.',
      shown: {
        by: [
          [F.https, 'publishes https addresses'],
          [F.logout, 'oidcc-discovery-endpoint-verification'],
        ],
      },
    },
    {
      id: '4.1',
      says: 'A near redirect URI gives nothing.',
      shown: { by: [[F.weakened, 'shows a page, and redirects nowhere']] },
    },
    {
      id: '4.2',
      says: 'Codes and states do not leak by Referer.',
      shown: { by: [[F.activation, 'keeps the code in the fragment']] },
    },
    {
      id: '4.3',
      says: 'Nothing secret stays in the history of the browser.',
      shown: {
        by: [
          [F.activation, 'keeps the code in the fragment'],
          [F.basic, 'oidcc-codereuse'],
        ],
      },
    },
    {
      id: '4.4',
      says: 'Mix-up: the answer names its issuer.',
      shown: {
        by: [
          [F.basic, 'oidcc-server'],
          [F.clientResponse, 'never sends a code to the token endpoint'],
        ],
      },
    },
    {
      id: '4.5',
      says: 'A code injected elsewhere is refused.',
      shown: {
        by: [
          [F.weakened, 'refuses a redemption without verifier'],
          [F.clientResponse, 'refuses it in another browser'],
        ],
      },
    },
    {
      id: '4.6',
      says: 'A token injected elsewhere is refused.',
      shown: {
        by: [
          [F.tokens, 'say which service they are for'],
          [F.exchange, 'refuses a token of another client'],
        ],
      },
    },
    {
      id: '4.7',
      says: 'Forged requests at the redirect URI are refused.',
      shown: {
        by: [
          [F.clientResponse, 'refuses it in another browser'],
          [F.clientCsrf, 'accepts a form of this session'],
        ],
      },
    },
    {
      id: '4.8',
      says: 'PKCE cannot be left out on the way.',
      shown: {
        by: [
          [F.weakened, 'refuses a redemption without verifier'],
          [F.fapiToken, fapi('ensure-pkce-code-verifier-required')],
        ],
      },
    },
    {
      id: '4.9',
      says: 'A resource that leaks tokens does little harm.',
      shown: {
        by: [
          [F.stolen, 'holds no code, token, cookie'],
          [F.exchange, 'gives a short token for one audience'],
        ],
      },
    },
    {
      id: '4.10',
      says: 'A stolen token is worth nothing without its key.',
      shown: {
        by: [
          [F.fapiToken, fapi('dpop-negative-tests')],
          [F.modules, 'may bind its tokens to a key'],
        ],
      },
    },
    {
      id: '4.11',
      says: 'Neither client nor server redirects to an address of a stranger’s choice.',
      shown: {
        by: [
          [F.fixation, 'returns to a path of the socle only'],
          [F.clientRedirect, 'comes back to a path of this module'],
          [F.logout, 'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri'],
        ],
      },
    },
    {
      id: '4.12',
      says: 'No 307 that would send a password on.',
      shown: { by: [[F.basic, 'oidcc-ensure-post-request-succeeds']] },
    },
    {
      id: '4.13',
      says: 'Headers of the proxy are believed from the proxy only.',
      shown: {
        by: [
          [F.host, 'answers 421 to another Host'],
          [F.certificate, 'is not believed from anyone'],
        ],
      },
    },
    {
      id: '4.14',
      says: 'A refresh token used twice burns the family; sign-out revokes.',
      shown: {
        by: [
          [F.race, 'rotates a refresh token once'],
          [F.signOut, 'asks first, then ends the session'],
          [F.restart, 'keeps a revoked token revoked'],
        ],
      },
    },
    {
      id: '4.15',
      says: 'A client cannot pass for a person.',
      shown: {
        by: [
          [F.modules, 'is refused with a token that was altered'],
          [F.modules, 'gets a token for its own calls'],
        ],
      },
    },
    {
      id: '4.16',
      says: 'Pages cannot be framed.',
      shown: {
        by: [
          [F.device, 'works in English'],
          [F.contract, 'shows a person what a publisher'],
        ],
      },
    },
    {
      id: '4.17',
      says: 'Messages between windows go to known origins.',
      shown: { outside: 'no such response mode' },
    },
  ],
};
