import { loadPersonCards } from '@socle/directory';
import { approvalKinds } from '../../approvals/kinds.ts';
import type { Area } from '../area.ts';
import { mayAnywhere } from '../may-anywhere.ts';
import type { Visitor } from '../visit.ts';
import { renderApprovals } from './page.ts';
import { strings } from './strings.ts';

/** `/approvals`: what waits for a second person, and what became of the rest. */
export const approvalsArea: Area = {
  id: 'approvals',
  path: '/approvals',
  icon: 'list-check',
  label: { fr: strings.fr.area, en: strings.en.area },
  opensFor: mayConfirmSomething,
  routes({ get, post }) {
    get('/approvals', async (visit) => {
      const { facts, session, socle, now } = visit;
      const { rows, names } = await socle.database.transaction(
        async (tx) => {
          const listed = await socle.approvals.listFor(tx, facts, session.acr);
          const concerned = listed.flatMap(({ about }) => about ?? []);
          return { rows: listed, names: await loadPersonCards(tx, concerned, now) };
        },
        { scope: 'all', readOnly: true },
      );
      return visit.page(renderApprovals(visit, rows, names));
    });

    for (const verdict of ['confirmed', 'refused'] as const) {
      post(`/approvals/:id/${verdict}`, async (visit) => {
        const { facts, session, socle, params, language } = visit;
        await socle.database.transaction(
          (tx) =>
            socle.approvals.decide(tx, {
              id: params.id ?? '',
              verdict,
              facts,
              acr: session.acr,
              session: session.id,
            }),
          { scope: 'all' },
        );
        const words = strings[language];
        return visit.redirect('/approvals', {
          kind: verdict === 'confirmed' ? 'good' : 'information',
          title: verdict === 'confirmed' ? words.confirmedFlash : words.refusedFlash,
        });
      });
    }

    post('/approvals/:id/withdrawn', async (visit) => {
      const { session, socle, params, language } = visit;
      await socle.database.transaction(
        (tx) => socle.approvals.withdraw(tx, params.id ?? '', session.personId),
        { scope: 'all' },
      );
      return visit.redirect('/approvals', { kind: 'information', title: strings[language].withdrawnFlash });
    });
  },
};

/** Does any of the person's roles let them confirm any kind? */
function mayConfirmSomething(visitor: Visitor): boolean {
  return Object.values(approvalKinds).some((kind) =>
    mayAnywhere(visitor, kind.action, kind.resource({}).type),
  );
}
