import { sha256 } from '@socle/base';
import { loadFamily, type Person } from '@socle/directory';
import type { AreaAnswer } from '../../area.ts';
import type { Visit } from '../../visit.ts';
import { accountOf, loadClass } from './school-class.ts';
import { renderSheets } from './sheet-page.ts';
import { accountStrings } from './strings.ts';

/**
 * Gives a code to one pupil of a class, or to all of them, after a forgotten password: never a password. The pupil and
 * the family are told; beyond what one person may give in an hour, another person has to agree first.
 */
export async function resetPupils(
  visit: Visit,
  fields: Readonly<Record<string, string>>,
): Promise<AreaAnswer> {
  const group = await loadClass(visit);
  const words = accountStrings[visit.language];
  const here = `/school/accounts/classes/${group.division.id}`;
  const pupils = group.pupils.filter(
    ({ id, status }) => status === 'active' && (fields['who'] === 'all' || id === fields['pupil']),
  );
  if (pupils.length === 0) return visit.redirect(here, { kind: 'information', title: words.nobodyToReset });
  for (const { id } of pupils) await visit.requireMay('accounts.account.reset', accountOf(group, id));

  const { approvals, database, identity } = visit.socle;
  const { controller } = group.school;
  const by = { kind: 'person', id: visit.session.personId } as const;
  const act = { kind: 'accounts.reset.bulk', subject: subjectOf(pupils), by } as const;
  const printed = await database.transaction(
    async (tx) => {
      const isMany = await identity.resets.needsSecondPerson(tx, by.id, pupils.length);
      if (isMany && !(await approvals.use(tx, act))) {
        await approvals.ask(tx, {
          ...act,
          controller,
          place: { school: group.school.id },
          summary: {
            fr: [accountStrings.fr.resetSummary(pupils.length, group.division.name)],
            en: [accountStrings.en.resetSummary(pupils.length, group.division.name)],
          },
          reason: words.resetReason,
        });
        return undefined;
      }
      const people = [];
      for (const person of pupils) {
        const family = await loadFamily(tx, person.id, visit.now);
        const tell = family.filter(({ mayBeWrittenTo }) => mayBeWrittenTo).map(({ adult }) => adult);
        people.push({ person, tell });
      }
      return identity.resets.give(tx, people, { actor: by.id, controller, session: visit.session.id });
    },
    { scope: 'all' },
  );
  if (!printed) return visit.redirect(here, { kind: 'warning', title: words.resetAsked });
  return visit.page(
    await renderSheets(
      visit,
      {
        language: visit.language,
        school: group.school.name,
        logo: group.logo,
        kind: 'reset',
        sheets: pupils.map((pupil, index) => ({
          name: pupil.displayName,
          about: group.division.name,
          printed: printed[index]!,
        })),
        timeZone: group.school.timeZone,
        printedAt: visit.now,
      },
      here,
    ),
  );
}

/** What a second person agrees to: these pupils and no others. */
function subjectOf(pupils: readonly Person[]): string {
  const ids = pupils.map(({ id }) => id).toSorted();
  return sha256(ids.join(' ')).toString('hex');
}
