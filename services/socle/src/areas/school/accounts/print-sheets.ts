import { isLanguage } from '@socle/pages';
import type { AreaAnswer } from '../../area.ts';
import type { Visit } from '../../visit.ts';
import { accountOf, loadClass } from './school-class.ts';
import { renderSheets } from './sheet-page.ts';
import { sendPdf } from './send-pdf.ts';
import { buildSheetPdf } from './sheet-pdf.ts';
import type { SheetSet } from './sheet.ts';
import { accountStrings } from './strings.ts';

/**
 * Makes and prints one code for each pupil of a class whom the policies let this person help: those who never chose a
 * password, or all of them. The answer is the document itself: its codes exist nowhere else.
 */
export async function printSheets(
  visit: Visit,
  fields: Readonly<Record<string, string>>,
): Promise<AreaAnswer> {
  const group = await loadClass(visit);
  const words = accountStrings[visit.language];
  const wanted = group.pupils.filter(
    ({ id, status }) =>
      status === 'active' && (fields['who'] === 'all' || group.accounts.get(id)?.hasPassword !== true),
  );
  const allowed = wanted.filter(({ id }) => visit.may('accounts.account.activate', accountOf(group, id)));
  // Nobody allowed although some were wanted: the denial is said, and written in the log.
  if (wanted.length > 0 && allowed.length === 0) {
    await visit.requireMay('accounts.account.activate', accountOf(group, wanted[0]!.id));
  }
  const here = `/school/accounts/classes/${group.division.id}`;
  if (allowed.length === 0) return visit.redirect(here, { kind: 'information', title: words.nobodyToPrint });

  const { identity, database } = visit.socle;
  const printed = await database.transaction(
    (tx) =>
      identity.activation.issue(
        tx,
        allowed.map((person) => ({ person })),
        {
          kind: 'activation',
          actor: { kind: 'person', id: visit.session.personId },
          session: visit.session.id,
        },
      ),
    { scope: 'all' },
  );
  const set: SheetSet = {
    language: isLanguage(fields['language'] ?? '')
      ? (fields['language'] as SheetSet['language'])
      : visit.language,
    school: group.school.name,
    logo: group.logo,
    kind: 'activation',
    sheets: allowed.map((person, index) => ({
      name: person.displayName,
      about: group.division.name,
      printed: printed[index]!,
    })),
    timeZone: group.school.timeZone,
    printedAt: visit.now,
  };
  if (fields['format'] === 'page') return visit.page(await renderSheets(visit, set, here));
  return sendPdf(visit, await buildSheetPdf(set), `fiches-${group.division.code}`);
}
