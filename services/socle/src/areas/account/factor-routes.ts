import { isSocleError } from '@socle/base';
import { choosePasswordForm, type ChoiceProblem } from '@socle/identity';
import type { Area } from '../area.ts';
import type { AreaPage, Visit } from '../visit.ts';
import { renderCodes } from './codes-page.ts';
import { renderGrid, renderRecovery } from './printed-page.ts';
import { byMyself, requireRecent } from './require-recent.ts';
import { renderSecurity } from './security-page.ts';
import { strings } from './strings.ts';

/** `/account`: password, codes, recovery codes, grid. Every change asks for a recent sign-in. */
export function registerFactorRoutes({ get, post }: Parameters<Area['routes']>[0]): void {
  get(
    '/account',
    async (visit) => {
      const { identity } = visit.socle;
      const has = await identity.factors.list(visit.session.accountId);
      return visit.page(renderSecurity(visit, { login: await loginOf(visit) }, has));
    },
    { duringView: true },
  );

  get('/account/password', async (visit) => {
    await requireRecent(visit, '/account/password');
    return visit.page(renderPassword(visit, await loginOf(visit)));
  });
  post('/account/password', async (visit, { password = '', repeat = '' }) => {
    await requireRecent(visit, '/account/password');
    const { ownPasswords } = visit.socle.identity;
    const typed = { password, repeat };
    const problem = await ownPasswords.choose(visit.session.accountId, typed, byMyself(visit));
    if (problem) return visit.page(renderPassword(visit, await loginOf(visit), problem));
    return visit.redirect('/account', { kind: 'good', title: strings[visit.language].passwordDone });
  });

  get('/account/codes', async (visit) => {
    await requireRecent(visit, '/account/codes');
    return visit.page(await renderCodes(visit, await loginOf(visit), false));
  });
  post('/account/codes', async (visit, { ticket = '', code = '' }) => {
    await requireRecent(visit, '/account/codes');
    try {
      await visit.socle.identity.factors.confirmTotp(
        visit.session.accountId,
        { ticket, code },
        byMyself(visit),
      );
    } catch (error) {
      if (!isSocleError(error) || error.code !== 'factor_code_refused') throw error;
      return visit.page(await renderCodes(visit, await loginOf(visit), true));
    }
    return visit.redirect('/account', { kind: 'good', title: strings[visit.language].codesDone });
  });
  post('/account/codes/removed', async (visit) => {
    await requireRecent(visit, '/account');
    await visit.socle.identity.factors.removeTotp(visit.session.accountId, byMyself(visit));
    return visit.redirect('/account', { kind: 'good', title: strings[visit.language].codesRemoved });
  });

  for (const [kind, render] of [
    ['recovery', renderRecovery],
    ['grid', renderGrid],
  ] as const) {
    post(`/account/${kind}`, async (visit) => {
      await requireRecent(visit, '/account');
      const { factors } = visit.socle.identity;
      return visit.page(
        render(visit, await factors.makePrinted(visit.session.accountId, kind, byMyself(visit))),
      );
    });
  }
  post('/account/grid/removed', async (visit) => {
    await requireRecent(visit, '/account');
    await visit.socle.identity.factors.removePrinted(visit.session.accountId, 'grid', byMyself(visit));
    return visit.redirect('/account', { kind: 'good', title: strings[visit.language].gridRemoved });
  });
}

async function loginOf({ socle, session }: Visit): Promise<string> {
  return (await socle.identity.accounts.find({ id: session.accountId }))?.login ?? '';
}

function renderPassword(visit: Visit, username: string, problem?: ChoiceProblem): AreaPage {
  const words = strings[visit.language];
  return {
    title: words.passwordTitle,
    lead: words.passwordLead,
    tabs: false,
    back: { href: '/account' },
    ...(problem !== undefined && { status: problem === 'busy' ? 503 : 422 }),
    body: choosePasswordForm({
      language: visit.language,
      action: '/account/password',
      username,
      fields: visit.fields(),
      ...(problem !== undefined && { problem }),
    }),
  };
}
