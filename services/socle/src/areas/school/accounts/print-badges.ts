import { isLanguage } from '@socle/pages';
import type { AreaAnswer } from '../../area.ts';
import type { Visit } from '../../visit.ts';
import { buildBadgePdf } from './badge-pdf.ts';
import { sendPdf } from './send-pdf.ts';
import { accountOf, loadClass } from './school-class.ts';

/**
 * Makes and prints one badge for each chosen pupil of a class whom the policies let this person help; their former
 * badges stop working, and the sessions that those had opened end.
 */
export async function printBadges(
  visit: Visit,
  fields: Readonly<Record<string, string>>,
): Promise<AreaAnswer> {
  const group = await loadClass(visit);
  const { identity, database } = visit.socle;
  const one = fields['pupil'];
  const wanted = group.pupils.filter(({ id, status }) => status === 'active' && (!one || id === one));
  const allowed = wanted.filter(({ id }) => visit.may('accounts.account.activate', accountOf(group, id)));
  const [first] = wanted;
  if (first && allowed.length === 0)
    await visit.requireMay('accounts.account.activate', accountOf(group, first.id));
  if (allowed.length === 0) return visit.redirect(`/school/accounts/classes/${group.division.id}`);
  const actor = { kind: 'person', id: visit.session.personId } as const;
  const printed = await database.transaction(
    (tx) =>
      identity.badges.issue(tx, allowed, {
        actor,
        session: visit.session.id,
        schoolId: group.school.id,
        newPictures: fields['pictures'] === 'new',
      }),
    { scope: 'all' },
  );
  await identity.badges.endSessions(
    allowed.map(({ id }) => id),
    actor,
  );
  const language = fields['badge-language'] ?? '';
  const body = await buildBadgePdf({
    language: isLanguage(language) ? language : visit.language,
    school: group.school.name,
    logo: group.logo,
    group: group.division.name,
    badges: allowed.map((pupil, index) => ({ name: pupil.displayName, printed: printed[index]! })),
    printedAt: visit.now,
  });
  return sendPdf(visit, body, `badges-${group.division.code}`);
}
