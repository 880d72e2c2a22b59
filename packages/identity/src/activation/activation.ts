import { Secret, type Clock, type PersonId } from '@socle/base';
import type { AuditAppender, EventActor } from '@socle/audit';
import type { Tx } from '@socle/db';
import type { OneTimeCodes } from '../one-time-codes/one-time-codes.ts';
import type { CodePurpose } from '../one-time-codes/one-time-code-store.ts';
import { formatCode } from '../one-time-codes/code-symbols.ts';
import { ensureAccount, type AccountHolder, type EnsuredAccount } from './ensure-account.ts';

/** Whom a code is wanted for. */
export interface CodeRequest {
  readonly person: AccountHolder;
  /** For a parent's code alone: the pupil whose birth date is asked for with it. */
  readonly childId?: PersonId;
}

/** What is handed to one person. It exists on paper only: nothing here can be read again later. */
export interface PrintedCode {
  readonly personId: PersonId;
  readonly login: string;
  /** Ten symbols in two groups (`7F3KD-9QX2M`). */
  readonly code: Secret;
  readonly expiresAt: Date;
  /** The address that a QR code carries: the code stands in the fragment, which browsers never send. */
  readonly address: Secret;
}

/** First passwords, forgotten ones and parents' codes, handed out by a school. */
export interface Activation {
  /**
   * Makes a code for each person, and an account where one is missing; former codes of these people stop working at
   * commit. One event a person, in the caller's transaction, which needs the scope of all. The caller has decided that
   * the actor may do this to every one of them.
   *
   * A code lives 30 days, 3 for a forgotten password.
   */
  issue(
    tx: Tx,
    requests: readonly CodeRequest[],
    order: { readonly kind: CodePurpose; readonly actor: EventActor; readonly session?: string },
  ): Promise<readonly PrintedCode[]>;
}

const DAY_SECONDS = 24 * 3_600;
const VALID_SECONDS: Readonly<Record<CodePurpose, number>> = {
  activation: 30 * DAY_SECONDS,
  reset: 3 * DAY_SECONDS,
  link: 30 * DAY_SECONDS,
};
/** Why a school reads who somebody is in order to hand them a code. */
const PURPOSES: Readonly<Record<CodePurpose, string>> = {
  activation: 'account_activation',
  reset: 'password_reset',
  link: 'guardian_link',
};

/** Where a code is typed, by what it is for. */
export const CODE_PATHS: Readonly<Record<CodePurpose, string>> = {
  activation: '/sign-in/activate',
  reset: '/sign-in/activate',
  link: '/sign-in/parent',
};

/** Opens the handing out of codes. */
export function openActivation(options: {
  readonly audit: AuditAppender;
  readonly clock: Clock;
  readonly codes: OneTimeCodes;
  readonly issuer: string;
  readonly platformController: string;
}): Activation {
  const { audit, clock, codes } = options;

  const append = (
    tx: Tx,
    person: AccountHolder,
    action: string,
    detail: Record<string, string>,
    order: Parameters<Activation['issue']>[2],
  ) =>
    audit.append(tx, {
      controller: person.controller ?? options.platformController,
      actor: order.actor,
      action,
      target: { kind: 'person', id: person.id },
      outcome: 'success',
      purpose: PURPOSES[order.kind],
      detail,
      ...(order.session !== undefined && { session: order.session }),
    });

  return {
    async issue(tx, requests, order) {
      const now = clock.now();
      const accounts: EnsuredAccount[] = [];
      for (const { person } of requests) {
        const account = await ensureAccount(tx, person, now);
        accounts.push(account);
        if (!account.isNew) continue;
        await append(tx, person, 'identity.account.created', {}, order);
      }
      const issued = await codes.issue(
        tx,
        requests.map(({ childId }, index) => ({
          accountId: accounts[index]!.accountId,
          ...(childId !== undefined && { childId }),
        })),
        {
          purpose: order.kind,
          validSeconds: VALID_SECONDS[order.kind],
          ...(order.actor.kind === 'person' && { issuedBy: order.actor.id }),
        },
      );
      const printed: PrintedCode[] = [];
      for (const [index, { person }] of requests.entries()) {
        const { code, expiresAt } = issued[index]!;
        const detail = { kind: order.kind, expires: expiresAt.toISOString() };
        await append(tx, person, 'identity.code.issued', detail, order);
        const text = formatCode(code);
        printed.push({
          personId: person.id,
          login: accounts[index]!.login,
          code: new Secret(text),
          expiresAt,
          address: new Secret(`${options.issuer}${CODE_PATHS[order.kind]}#${text}`),
        });
      }
      return printed;
    },
  };
}
