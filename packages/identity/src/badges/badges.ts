import { timingSafeEqual } from 'node:crypto';
import { Secret, randomToken, uuidv7, type Clock, type PersonId } from '@socle/base';
import type { AuditAppender, EventActor } from '@socle/audit';
import type { Database, Tx } from '@socle/db';
import { ensureAccount, type AccountHolder } from '../activation/ensure-account.ts';
import { keyedHash } from '../derived-secrets.ts';
import { formatCode, inventCode, parseCode } from '../one-time-codes/code-symbols.ts';
import type { Sessions } from '../sessions.ts';
import {
  MAX_BADGE_ERRORS,
  countBadgeTry,
  findBadgeRule,
  findPictureKey,
  forgiveBadge,
  insertBadge,
  isBadgeTime,
  lockAccounts,
  removeBadgeRule,
  revokeBadges,
  saveBadgeRule,
  setPictureKey,
  type BadgeRule,
} from './badge-store.ts';
import { inventPictures } from './pictures.ts';

/** A badge that was just made: the only moment at which it can be read. */
export interface PrintedBadge {
  readonly personId: PersonId;
  /** What the QR code holds: an address with 160 random bits in its fragment, which browsers never send. */
  readonly address: Secret;
  /** What is typed where there is no camera (`7F3KD-9QX2M`). */
  readonly shortCode: Secret;
  /** The picture code, when it was made now: names of PICTURES separated by spaces. Never on the badge itself. */
  readonly pictures?: Secret;
}

/** What a badge and four pictures proved. */
type BadgeProof =
  | { readonly verdict: 'proven'; readonly accountId: string }
  /** Unknown, revoked or locked badge, or wrong pictures. */
  | { readonly verdict: 'refused'; readonly locked?: { readonly accountId: string } }
  /** All is right, but the school does not open its badges now or from there. */
  | { readonly verdict: 'closed' };

interface BadgeOrder {
  readonly actor: EventActor;
  readonly session?: string;
}

/** Badges and picture codes of young pupils. */
export interface Badges {
  /**
   * Makes a badge for each person, and an account where one is missing; the former badge stops working at commit. A
   * picture code is made for those who have none, and for all with `newPictures`. One event a person, in the caller's
   * transaction, which needs the scope of all. The caller has decided that the actor may do this to every one of them.
   */
  issue(
    tx: Tx,
    people: readonly AccountHolder[],
    order: BadgeOrder & { readonly schoolId: string; readonly newPictures?: boolean },
  ): Promise<readonly PrintedBadge[]>;
  /** Takes the badge of one person out of use. False when there was none. */
  revoke(tx: Tx, person: AccountHolder, order: BadgeOrder): Promise<boolean>;
  /** Ends the sessions that badges of these people opened; call it once a former badge is out of use. */
  endSessions(people: readonly PersonId[], actor: EventActor): Promise<number>;
  /** Verifies a badge, scanned or typed, with its pictures in order. Counts the try first. */
  prove(typed: string, pictures: readonly string[], address: string): Promise<BadgeProof>;
  /** When and from where a school opens its badges; undefined: always. */
  findRule(schoolId: string): Promise<BadgeRule | undefined>;
  /** Sets it, or opens always with undefined. */
  setRule(
    tx: Tx,
    schoolId: string,
    rule: BadgeRule | undefined,
    order: BadgeOrder & { readonly controller: string },
  ): Promise<void>;
}

/** Where a badge's QR code leads. */
export const BADGE_PATH = '/sign-in/badge';

const BADGE_BYTES = 20;
const SCANNED = /^[\w-]{27}$/;

export function openBadges(options: {
  readonly database: Database;
  readonly audit: AuditAppender;
  readonly clock: Clock;
  readonly secret: Buffer;
  readonly issuer: string;
  readonly platformController: string;
  readonly sessions: Pick<Sessions, 'list' | 'end'>;
}): Badges {
  const { database, audit, clock, secret } = options;
  const badgeKey = (text: string) => keyedHash(secret, 'badge', text);
  const pictureKey = (accountId: string, pictures: string) =>
    keyedHash(secret, 'pictures', accountId, pictures);
  const keyOf = (typed: string) =>
    badgeKey(SCANNED.test(typed) ? typed : (parseCode(typed)?.revealText() ?? 'no badge'));

  const append = (tx: Tx, person: AccountHolder, action: string, order: BadgeOrder, detail = {}) =>
    audit.append(tx, {
      controller: person.controller ?? options.platformController,
      actor: order.actor,
      action,
      target: { kind: 'person', id: person.id },
      outcome: 'success',
      ...(order.session !== undefined && { session: order.session }),
      detail,
    });

  return {
    async issue(tx, people, order) {
      const now = clock.now();
      const ensured = [];
      for (const person of people) {
        const account = await ensureAccount(tx, person, now);
        if (account.isNew) await append(tx, person, 'identity.account.created', order);
        ensured.push({ person, account });
      }
      await lockAccounts(
        tx,
        ensured.map(({ account }) => account.accountId),
      );
      await revokeBadges(
        tx,
        ensured.map(({ account }) => account.accountId),
        now,
      );
      const printed: PrintedBadge[] = [];
      for (const { person, account } of ensured) {
        const { accountId } = account;
        const scanned = randomToken(BADGE_BYTES);
        const short = inventCode();
        await insertBadge(tx, {
          id: uuidv7(now),
          key: badgeKey(scanned),
          shortKey: badgeKey(short.revealText()),
          accountId,
          schoolId: order.schoolId,
          now,
        });
        const needsPictures = order.newPictures === true || !(await findPictureKey(tx, accountId));
        const pictures = needsPictures ? inventPictures() : undefined;
        if (pictures) await setPictureKey(tx, accountId, pictureKey(accountId, pictures.revealText()), now);
        await append(tx, person, 'identity.badge.issued', order, { pictures: needsPictures });
        printed.push({
          personId: person.id,
          address: new Secret(`${options.issuer}${BADGE_PATH}#${scanned}`),
          shortCode: new Secret(formatCode(short)),
          ...(pictures && { pictures }),
        });
      }
      return printed;
    },
    async revoke(tx, person, order) {
      const [row] = await tx.query<{ id: string }>('SELECT id FROM identity.accounts WHERE person_id = $1', [
        person.id,
      ]);
      const revoked = row ? await revokeBadges(tx, [row.id], clock.now()) : [];
      if (revoked.length === 0) return false;
      await append(tx, person, 'identity.badge.revoked', order);
      return true;
    },
    async endSessions(people, actor) {
      const rows = await database.query<{ id: string }>(
        `SELECT s.id FROM identity.sessions AS s JOIN identity.accounts AS a ON a.id = s.account_id
          WHERE a.person_id = ANY ($1::uuid[]) AND s.acr = 'badge'`,
        [people],
      );
      const ended = await Promise.all(rows.map(({ id }) => options.sessions.end(id, { actor })));
      return ended.filter(Boolean).length;
    },
    async prove(typed, pictures, address) {
      const badge = await countBadgeTry(database, keyOf(typed));
      const accountId = badge?.accountId ?? '00000000-0000-7000-8000-000000000000';
      const expected = await findPictureKey(database, accountId);
      const given = pictureKey(accountId, pictures.join(' '));
      const fits = timingSafeEqual(given, expected ?? Buffer.alloc(given.length));
      if (!badge || !expected || !fits) {
        const isLocked = badge?.errors === MAX_BADGE_ERRORS;
        return { verdict: 'refused', ...(isLocked && { locked: { accountId } }) };
      }
      await forgiveBadge(database, badge.id);
      const open = await isBadgeTime(database, { schoolId: badge.schoolId, now: clock.now(), address });
      return open ? { verdict: 'proven', accountId } : { verdict: 'closed' };
    },
    findRule: (schoolId) => findBadgeRule(database, schoolId),
    async setRule(tx, schoolId, rule, order) {
      if (rule) await saveBadgeRule(tx, schoolId, rule, clock.now());
      else await removeBadgeRule(tx, schoolId);
      await audit.append(tx, {
        controller: order.controller,
        actor: order.actor,
        action: 'identity.badge.rule_set',
        target: { kind: 'school', id: schoolId },
        outcome: 'success',
        ...(order.session !== undefined && { session: order.session }),
        detail: { limited: rule !== undefined, networks: rule?.networks.length ?? 0 },
      });
    },
  };
}
