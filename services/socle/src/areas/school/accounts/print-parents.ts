import type { PersonId } from '@socle/base';
import { findPerson, loadFamily, type Person } from '@socle/directory';
import { isLanguage } from '@socle/pages';
import type { AreaAnswer } from '../../area.ts';
import type { Visit } from '../../visit.ts';
import { loadClass } from './school-class.ts';
import { sendPdf } from './send-pdf.ts';
import { renderSheets } from './sheet-page.ts';
import { buildSheetPdf } from './sheet-pdf.ts';
import type { SheetSet } from './sheet.ts';
import { accountStrings } from './strings.ts';

interface Wanted {
  readonly parent: Person;
  readonly child: Person;
}

/**
 * Makes and prints a code for each parent of the class who holds authority and has not chosen a password yet: one code
 * for one parent and one child. Only who manages the accounts of the school may; a teacher may not.
 */
export async function printParents(
  visit: Visit,
  fields: Readonly<Record<string, string>>,
): Promise<AreaAnswer> {
  const group = await loadClass(visit);
  await visit.requireMay('accounts.account.activate', { type: 'accounts.account', school: group.school.id });
  const { identity, database } = visit.socle;
  const here = `/school/accounts/classes/${group.division.id}`;
  const families = await database.transaction(
    async (tx) => {
      const found: Wanted[] = [];
      for (const child of group.pupils) {
        for (const { adult, kind, exercise, endedByMajorityAt } of await loadFamily(
          tx,
          child.id,
          visit.now,
        )) {
          const holds =
            kind === 'legal' && (exercise === 'joint' || exercise === 'sole') && !endedByMajorityAt;
          const parent = holds ? await findPerson(tx, adult) : undefined;
          if (parent?.status === 'active' && child.birthDate !== undefined) found.push({ parent, child });
        }
      }
      return found;
    },
    { scope: 'all', readOnly: true },
  );
  const known = await identity.accounts.list(families.map(({ parent }) => parent.id));
  const wanted = families.filter(
    ({ parent }) => fields['parents'] === 'all' || known.get(parent.id)?.hasPassword !== true,
  );
  if (wanted.length === 0) {
    return visit.redirect(here, {
      kind: 'information',
      title: accountStrings[visit.language].noParentToPrint,
    });
  }
  const actor = { kind: 'person', id: visit.session.personId } as const;
  const printed = await database.transaction(
    async (tx) => {
      const told = new Set<PersonId>();
      for (const { parent } of wanted) {
        if (known.get(parent.id)?.hasPassword !== true || told.has(parent.id)) continue;
        told.add(parent.id);
        await identity.notices.add(tx, { to: [parent.id], about: parent.id, kind: 'link' });
      }
      return identity.activation.issue(
        tx,
        wanted.map(({ parent, child }) => ({ person: parent, childId: child.id })),
        { kind: 'link', actor, session: visit.session.id },
      );
    },
    { scope: 'all' },
  );
  const language = fields['parents-language'] ?? '';
  const set: SheetSet = {
    language: isLanguage(language) ? language : visit.language,
    school: group.school.name,
    logo: group.logo,
    kind: 'link',
    sheets: wanted.map(({ parent, child }, index) => ({
      name: parent.displayName,
      about: `${child.displayName} · ${group.division.name}`,
      printed: printed[index]!,
    })),
    timeZone: group.school.timeZone,
    printedAt: visit.now,
  };
  if (fields['format'] === 'page') return visit.page(await renderSheets(visit, set, here));
  return sendPdf(visit, await buildSheetPdf(set), `parents-${group.division.code}`);
}
