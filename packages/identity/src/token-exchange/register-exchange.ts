import { EXCHANGE_GRANT } from '../grant-types.ts';
import { decideExchange, type ExchangeDecision } from './decide-exchange.ts';

/** Seconds that an exchanged token lives at most: one call between modules, not a session. */
const EXCHANGED_SECONDS = 120;
const MARK = 'exchange';

/** A token of the provider, as far as the exchange looks into it. */
interface PersonToken {
  readonly isValid: boolean;
  readonly accountId: string;
  readonly clientId?: string | undefined;
  readonly grantId?: string | undefined;
  readonly gty?: string | undefined;
  readonly scope?: string | undefined;
  readonly exp?: number | undefined;
  readonly expiration: number;
  readonly expiresWithSession?: boolean | undefined;
  readonly sessionUid?: string | undefined;
  readonly sid?: string | undefined;
  isSenderConstrained(): boolean;
  setAudience(audience: string): void;
  save(): Promise<string>;
}

interface ExchangeContext {
  readonly oidc: {
    readonly client?: { readonly clientId: string } | undefined;
    readonly params?: Readonly<Record<string, unknown>> | undefined;
  };
  body: unknown;
}

/** What the exchange calls of the provider. */
interface ExchangeProvider {
  readonly AccessToken: { find(value: string): Promise<unknown> };
  readonly Grant: { find(id: string): Promise<unknown> };
  readonly Client: { find(id: string): Promise<{ readonly clientId: string } | undefined> };
  registerGrantType(
    name: string,
    handler: (ctx: ExchangeContext) => Promise<void>,
    parameters: readonly string[],
  ): void;
}

/** What the exchange needs from the rest of the package. */
export interface ExchangeOptions {
  /** The protocol's own error. */
  readonly refuse: (refusal: Extract<ExchangeDecision, { allowed: false }>) => Error;
  /** Whether this account may be used now. */
  readonly isActive: (accountId: string) => Promise<boolean>;
  /** The person's pseudonym at the called module. */
  readonly subjectAt: (accountId: string, client: object) => Promise<string>;
  /** Called once a token was made. */
  readonly onExchange: (exchange: {
    readonly accountId: string;
    readonly from: string;
    readonly to: string;
  }) => Promise<void>;
}

/**
 * Teaches the provider token exchange (RFC 8693) between modules: the caller shows the person's access token and
 * gets a short opaque one for the audience. It is found only while the session and its grant live, so the end of
 * the session ends it at once; the called module asks about it at the introspection endpoint, where `sub` is the
 * person's pseudonym in its own sector and `act` names the caller (§4.1).
 */
export function registerTokenExchange(provider: ExchangeProvider, options: ExchangeOptions): void {
  const { AccessToken, Client, Grant } = provider;
  const findToken = async (value: string) => (await AccessToken.find(value)) as PersonToken | undefined;
  const handle = async (ctx: ExchangeContext): Promise<void> => {
    const { client, params = {} } = ctx.oidc;
    const shown = params['subject_token'];
    const subject = typeof shown === 'string' ? await findToken(shown) : undefined;
    const grant = subject?.grantId === undefined ? undefined : await Grant.find(subject.grantId);
    if (!client || !subject?.isValid || !grant || !(await options.isActive(subject.accountId))) {
      // RFC 8693 §2.2.2: a subject token that is not valid makes the request invalid.
      throw options.refuse({
        allowed: false,
        error: 'invalid_request',
        description: 'subject_token is not valid',
      });
    }

    const audience = params['audience'];
    const target = typeof audience === 'string' ? await Client.find(audience) : undefined;
    const decision = decideExchange(
      {
        subjectTokenType: params['subject_token_type'],
        requestedTokenType: params['requested_token_type'],
        actorToken: params['actor_token'],
        audience,
        scope: params['scope'],
      },
      client.clientId,
      {
        clientId: subject.clientId ?? '',
        scope: subject.scope ?? '',
        bound: subject.isSenderConstrained(),
        ofSession: subject.expiresWithSession === true,
        exchanged: subject.gty === MARK,
      },
      target && { clientId: target.clientId, callers: Reflect.get(target, 'socle_called_by') },
    );
    if (!decision.allowed) throw options.refuse(decision);

    const token = Reflect.construct(AccessToken as never, [
      {
        accountId: subject.accountId,
        client,
        expiresWithSession: true,
        grantId: subject.grantId,
        gty: MARK,
        sessionUid: subject.sessionUid,
        sid: subject.sid,
        scope: decision.scope,
      },
    ]) as PersonToken;
    const left = (subject.exp ?? 0) - Math.floor(Date.now() / 1000);
    Reflect.set(token, 'expiresIn', Math.max(1, Math.min(EXCHANGED_SECONDS, left)));
    token.setAudience(target?.clientId ?? '');
    Reflect.set(token, MARK, {
      sub: await options.subjectAt(subject.accountId, target ?? {}),
      act: { sub: client.clientId, client_id: client.clientId },
    });
    const value = await token.save();
    await options.onExchange({
      accountId: subject.accountId,
      from: client.clientId,
      to: target?.clientId ?? '',
    });
    ctx.body = {
      access_token: value,
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      token_type: 'Bearer',
      expires_in: token.expiration,
      scope: decision.scope,
    };
  };
  provider.registerGrantType(EXCHANGE_GRANT, handle, [
    'subject_token',
    'subject_token_type',
    'requested_token_type',
    'actor_token',
    'actor_token_type',
    'audience',
    'scope',
  ]);
}

/** Claims that an exchanged token carries besides its own, or undefined for any other token. */
export function exchangeClaims(token: object): Record<string, unknown> | undefined {
  return Reflect.get(token, MARK) as Record<string, unknown> | undefined;
}
