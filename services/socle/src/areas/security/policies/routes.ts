import path from 'node:path';
import { diffPolicies, loadPhrases, loadPolicies, printMatrix } from '@socle/authorization';
import type { AreaRoutes } from '../../area.ts';
import type { Visit } from '../../visit.ts';
import { renderChanges } from './changes-page.ts';
import { renderMatrixPage } from './matrix-page.ts';

/** The policies in force, as pages: who may do what, and who gained access since the last release. */
export function registerPolicyPages({ get }: AreaRoutes): void {
  get('/security/policies', async (visit) => {
    const { policies, phrases } = await loadInForce(visit);
    return visit.page(renderMatrixPage(visit, policies, phrases));
  });

  get('/security/policies/matrix.html', async (visit) => {
    const { policies, phrases } = await loadInForce(visit);
    // a file to keep and to print: it has its own style, which the policy of pages would refuse
    return visit.reply
      .type('text/html; charset=utf-8')
      .header('content-disposition', `attachment; filename="socle-${policies.digest.slice(0, 12)}.html"`)
      .send(printMatrix(policies, phrases, visit.language));
  });

  get('/security/policies/changes', async (visit) => {
    const { policies, phrases, folder } = await loadInForce(visit);
    const before = await loadPolicies(path.join(folder, 'baseline'), { isEarlier: true });
    return visit.page(
      renderChanges(visit, { changes: diffPolicies(before, policies), before, policies, phrases }),
    );
  });
}

async function loadInForce({ socle }: Visit) {
  const folder = socle.config.policiesDir;
  const policies = socle.decisions.policies();
  return { folder, policies, phrases: await loadPhrases(folder, policies) };
}
