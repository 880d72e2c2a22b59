import type { PersonId } from '@socle/base';
import { z } from 'zod';
import { findAccountById } from '../account-store.ts';
import { openSealed, sealBytes } from '../credentials/sealed-bytes.ts';
import { keyedHash } from '../derived-secrets.ts';
import { appendRefusal } from '../sign-in/refusal.ts';
import { isProven } from '../sign-in/proven.ts';
import type { SignInAttempt } from '../sign-in/step.ts';
import { viewOfWay } from '../sign-in/way-view.ts';
import type { OpenSignIn, SignInRequest, SignInWay } from '../sign-in/way.ts';
import { buildBadgePages } from './badge-pages.ts';
import { PICTURES_IN_CODE, isPicture } from './pictures.ts';

const form = z.object({
  badge: z.string().max(256).optional(),
  state: z.string().max(2_000).optional(),
  picture: z.string().max(20).optional(),
});

const touched = z.object({ badge: z.string(), pictures: z.array(z.string()).max(PICTURES_IN_CODE) });
type Touched = z.infer<typeof touched>;

/**
 * A badge, scanned or typed, then four pictures. Any badge leads to the pictures, so that the first page says nothing
 * of which exist; what was touched travels sealed in the page, bound to this sign-in. The session is that of a shared
 * computer: it is short and ends with the browser.
 */
export const badgeWay: SignInWay = (app, desk) => {
  const { tools } = desk;
  const pages = buildBadgePages(tools.pages);
  const sealingKey = keyedHash(tools.throttleSecret, 'badge state');

  app.get('/sign-in/:uid/badge', async (request: SignInRequest, reply) => {
    const open = await desk.open(request, reply);
    return open ? desk.show(reply, 200, pages.badge(viewOfWay(open, 'badge'))) : reply;
  });

  app.post('/sign-in/:uid/badge', async (request: SignInRequest, reply) => {
    const open = await desk.open(request, reply);
    if (!open) return reply;
    const view = viewOfWay(open, 'badge');
    const parsed = form.safeParse(request.body ?? {});
    const fields = parsed.success ? parsed.data : {};
    if (fields.badge !== undefined) {
      const badge = fields.badge.trim();
      if (badge === '') return desk.show(reply, 422, pages.badge({ ...view, problem: 'missing' }));
      return desk.show(
        reply,
        200,
        pages.pictures({ ...view, state: seal(open, { badge, pictures: [] }), chosen: 0 }),
      );
    }
    const before = unseal(open, fields.state);
    if (!before || !isPicture(fields.picture))
      return desk.show(reply, 422, pages.badge({ ...view, problem: 'missing' }));
    const now: Touched = { badge: before.badge, pictures: [...before.pictures, fields.picture] };
    if (now.pictures.length < PICTURES_IN_CODE) {
      return desk.show(
        reply,
        200,
        pages.pictures({ ...view, state: seal(open, now), chosen: now.pictures.length }),
      );
    }
    const decision = await tools.throttle.reserve(tools.database, {
      code: now.badge,
      address: open.origin.address,
    });
    if (!decision.allowed) {
      void reply.header('retry-after', String(decision.retryAfterSeconds));
      return desk.show(reply, 429, pages.badge({ ...view, problem: 'wait' }));
    }
    const proof = await tools.badges.prove(now.badge, now.pictures, open.origin.address);
    const attempt = await loadAttempt(open, proof.verdict === 'proven' ? proof.accountId : NOBODY);
    if (proof.verdict !== 'proven' || !isProven(attempt)) {
      await appendRefusal(attempt, tools);
      if (proof.verdict === 'refused' && proof.locked) await appendLock(open, proof.locked.accountId);
      const problem = proof.verdict === 'closed' ? 'closed' : 'refused';
      return desk.show(reply, 422, pages.badge({ ...view, problem }));
    }
    return desk.proceed(reply, { ...attempt, reserved: decision.reserved });
  });

  const nameOf = (open: OpenSignIn) => `badge ${open.pending.uid}`;

  function seal(open: OpenSignIn, state: Touched): string {
    return sealBytes(sealingKey, nameOf(open), Buffer.from(JSON.stringify(state))).toString('base64url');
  }

  function unseal(open: OpenSignIn, state: string | undefined): Touched | undefined {
    const bytes = openSealed(sealingKey, nameOf(open), Buffer.from(state ?? '', 'base64url'));
    return bytes && touched.parse(JSON.parse(bytes.toString('utf8')));
  }

  async function loadAttempt(open: OpenSignIn, accountId: string): Promise<SignInAttempt> {
    const account = await findAccountById(tools.database, accountId);
    return {
      ...open.origin,
      pending: open.pending,
      login: account?.login ?? '',
      shared: true,
      amr: ['badge'],
      notes: [],
      answered: [],
      account,
      person: await tools.people.findPerson((account?.person_id ?? NOBODY) as PersonId),
    };
  }

  async function appendLock(open: OpenSignIn, accountId: string): Promise<void> {
    const attempt = await loadAttempt(open, accountId);
    await tools.database.transaction(
      (tx) =>
        tools.audit.append(tx, {
          controller: attempt.person?.controller ?? tools.platformController,
          actor: { kind: 'system', id: 'sign-in' },
          action: 'identity.badge.locked',
          ...(attempt.account && { target: { kind: 'person', id: attempt.account.person_id } }),
          outcome: 'denied',
          network: { address: open.origin.address, agent: open.origin.agent },
        }),
      { scope: 'all' },
    );
  }
};

const NOBODY = '00000000-0000-7000-8000-000000000000';
