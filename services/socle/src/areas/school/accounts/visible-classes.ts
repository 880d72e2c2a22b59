import { loadDivisions, type Division } from '@socle/directory';
import type { Visit } from '../../visit.ts';

/** Classes and groups for whose pupils this person may do something, by school and name. */
export async function loadVisibleClasses(visit: Visit): Promise<readonly Division[]> {
  const { context, socle } = visit;
  const own = [...context.teaches.map(({ division }) => division), ...context.headTeacherOf];
  const whole = context.schools.filter(({ id }) =>
    visit.may('accounts.account.activate', { type: 'accounts.account', school: id }),
  );
  const all = await socle.database.transaction(
    async (tx) => {
      const found: Division[] = [];
      for (const school of whole) found.push(...(await loadDivisions(tx, school.id)));
      return found;
    },
    { scope: 'all', readOnly: true },
  );
  const byId = new Map([...own, ...all].map((division) => [division.id, division]));
  return [...byId.values()]
    .filter(({ id, school }) =>
      visit.may('directory.division.members', { type: 'directory.division', id, division: id, school }),
    )
    .toSorted((a, b) => a.school.localeCompare(b.school) || a.name.localeCompare(b.name, 'fr'));
}
