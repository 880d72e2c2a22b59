import type { AreaAnswer } from '../../area.ts';
import type { Visit } from '../../visit.ts';
import { loadClass } from './school-class.ts';
import { accountStrings } from './strings.ts';

/** Ends the sessions of the pupils of a class whom the directory names now; nobody else's. */
export async function endLesson(visit: Visit): Promise<AreaAnswer> {
  const { division, school, pupils } = await loadClass(visit);
  await visit.requireMay('accounts.lesson.end', {
    type: 'accounts.lesson',
    school: school.id,
    division: division.id,
  });
  const ended = await visit.socle.identity.lessons.end(
    pupils.map(({ id }) => id),
    {
      actor: { kind: 'person', id: visit.session.personId },
      controller: school.controller,
      division: division.id,
      session: visit.session.id,
    },
  );
  return visit.redirect(`/school/accounts/classes/${division.id}`, {
    kind: 'good',
    title: accountStrings[visit.language].lessonEnded(ended),
  });
}
