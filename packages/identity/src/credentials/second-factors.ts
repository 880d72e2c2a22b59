import type { Clock } from '@socle/base';
import type { Database } from '@socle/db';
import { IdentityError } from '../errors.ts';
import type { FactorChange, FactorChanges } from './factor-changes.ts';
import { loadFactorList, type FactorList } from './factor-summary.ts';
import {
  deletePrintedCodes,
  inventCodes,
  savePrintedCodes,
  usePrintedCode,
  type PrintedKind,
} from './printed-codes.ts';
import { openSealed, requireSealed, sealBytes } from './sealed-bytes.ts';
import { buildTotpUri, decodeTotpSecret, findTotpStep, inventTotpSecret, showTotpSecret } from './totp.ts';
import { deleteTotp, findTotpSecret, saveTotp, useTotpStep } from './totp-store.ts';

/** A generator of codes that is being set up: nothing is stored until its first code comes back. */
export interface TotpOffer {
  /** Base32 in groups of four, to type. */
  readonly secret: string;
  /** `otpauth://…`, for a QR code. */
  readonly uri: string;
  /** Brings the secret back with the first code: sealed for this account, good for ten minutes. */
  readonly ticket: string;
}

/** Second factors. Each change has its event in the same transaction, and ends the account's other sessions. */
export interface SecondFactors {
  list(accountId: string): Promise<FactorList>;
  offerTotp(account: { readonly id: string; readonly login: string }): TotpOffer;
  /**
   * Keeps the offered generator in place of an earlier one.
   * @throws IdentityError `factor_code_refused` when the code is not one of the offered secret, or the ticket has expired.
   */
  confirmTotp(
    accountId: string,
    answer: { readonly ticket: string; readonly code: string },
    change: FactorChange,
  ): Promise<void>;
  /** Gives an account a generator with this secret (`newTotpSecret`), for whoever hands the secret over. */
  assignTotp(accountId: string, secret: string, change: FactorChange): Promise<void>;
  removeTotp(accountId: string, change: FactorChange): Promise<boolean>;
  /**
   * Makes recovery codes or a grid, in place of the former ones: shown once, kept as digests.
   * @returns the codes in the order of their places.
   */
  makePrinted(accountId: string, kind: PrintedKind, change: FactorChange): Promise<readonly string[]>;
  removePrinted(accountId: string, kind: PrintedKind, change: FactorChange): Promise<boolean>;
  /** Uses a recovery code, or that of the grid's next cell; each works once. Attempts are counted by the caller. */
  usePrinted(accountId: string, kind: PrintedKind, code: string): Promise<boolean>;
  /** Uses a code of the generator; false when it does not fit or was used before. Attempts are counted by the caller. */
  useTotp(accountId: string, code: string): Promise<boolean>;
}

interface SecondFactorsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly issuer: URL;
  readonly sealingKey: Buffer;
  readonly changes: FactorChanges;
}

const OFFER_SECONDS = 600;
const STAMP_BYTES = 6;

export function openSecondFactors(options: SecondFactorsOptions): SecondFactors {
  const { database, clock, sealingKey, changes } = options;

  const keep = (accountId: string, secret: Buffer, step: number, by: FactorChange) =>
    changes.change(accountId, 'added', 'totp', by, async (tx) => {
      const sealedSecret = sealBytes(sealingKey, storedName(accountId), secret);
      await saveTotp(tx, accountId, { sealedSecret, step, now: clock.now() });
      return true;
    });

  return {
    list: (accountId) => loadFactorList(database, accountId),
    offerTotp({ id, login }) {
      const secret = inventTotpSecret();
      const stamp = Buffer.alloc(STAMP_BYTES);
      stamp.writeUIntBE(clock.now().getTime(), 0, STAMP_BYTES);
      return {
        secret: showTotpSecret(secret),
        uri: buildTotpUri(secret, { issuer: options.issuer.host, account: login }),
        ticket: sealBytes(sealingKey, offeredName(id), Buffer.concat([stamp, secret])).toString('base64url'),
      };
    },
    async confirmTotp(accountId, { ticket, code }, by) {
      const offered = openSealed(sealingKey, offeredName(accountId), Buffer.from(ticket, 'base64url'));
      const now = clock.now();
      const age = offered ? now.getTime() - offered.readUIntBE(0, STAMP_BYTES) : Number.POSITIVE_INFINITY;
      const secret = offered?.subarray(STAMP_BYTES);
      const step = secret && age <= OFFER_SECONDS * 1000 ? findTotpStep(secret, code, now) : undefined;
      if (!secret || step === undefined) throw codeRefused();
      await keep(accountId, secret, step, by);
    },
    async assignTotp(accountId, secret, by) {
      await keep(accountId, decodeTotpSecret(secret), 0, by);
    },
    removeTotp: (accountId, by) =>
      changes.change(accountId, 'removed', 'totp', by, (tx) => deleteTotp(tx, accountId)),
    async makePrinted(accountId, kind, by) {
      const codes = inventCodes(kind);
      await changes.change(accountId, 'added', kind, by, async (tx) => {
        await savePrintedCodes(tx, sealingKey, { accountId, kind, codes, now: clock.now() });
        return true;
      });
      return codes;
    },
    removePrinted: (accountId, kind, by) =>
      changes.change(accountId, 'removed', kind, by, (tx) => deletePrintedCodes(tx, accountId, kind)),
    usePrinted: (accountId, kind, code) =>
      usePrintedCode(database, sealingKey, { accountId, kind, code, now: clock.now() }),
    async useTotp(accountId, code) {
      const sealed = await findTotpSecret(database, accountId);
      if (!sealed) return false;
      const secret = requireSealed(sealingKey, storedName(accountId), sealed);
      const step = findTotpStep(secret, code, clock.now());
      return step !== undefined && useTotpStep(database, accountId, step, clock.now());
    },
  };
}

const storedName = (accountId: string) => `totp/${accountId}`;
const offeredName = (accountId: string) => `totp-offer/${accountId}`;

function codeRefused(): IdentityError {
  return new IdentityError('factor_code_refused', {
    status: 422,
    publicMessage: 'This code does not fit. Wait for the next one, then try again.',
  });
}
