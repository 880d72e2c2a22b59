import { hasRole, isId } from '../access/person.ts';
import { askAssessment } from '../access/questions.ts';
import type { Assessment } from '../domain/assessment.ts';
import { inSchoolsOf } from '../reading/grades.ts';
import { loadHeadHome } from '../reading/head-home.ts';
import { loadPupilMarks } from '../reading/pupil-marks.ts';
import { loadTeacherHome } from '../reading/teacher-home.ts';
import { findAssessment } from '../store/assessment-store.ts';
import { renderHome } from '../views/home.ts';
import { renderPupilMarks } from '../views/pupil-marks.ts';
import { page, readQuery, type Answer, type Exchange } from './exchange.ts';

/** `/`: a teacher's classes, a head's school, a guardian's children, a pupil's marks; for who is several of these, one after another. */
export async function showHome(exchange: Exchange): Promise<Answer> {
  const { grades, reader } = exchange;
  const { person } = reader;
  const isTeacher = hasRole(person, 'teacher') || person.teaches.length > 0;
  const isGuardian = hasRole(person, 'guardian') || person.children.length > 0;
  const isPupil = hasRole(person, 'pupil');
  if (isPupil && !isTeacher && !isGuardian) return showMine(exchange);
  const [teacher, deleted, schools, children] = await Promise.all([
    isTeacher ? loadTeacherHome(grades, reader) : undefined,
    findDeleted(exchange),
    hasRole(person, 'head') ? loadHeadHome(grades, reader) : [],
    Promise.all(
      person.children.map(async (child) => ({
        child,
        marks: await loadPupilMarks(grades, reader, child.sub),
      })),
    ),
  ]);
  const view = renderHome(exchange, {
    teacher,
    deleted,
    headTeacherOf: person.headTeacherOf,
    children: isGuardian ? children : undefined,
    schools,
    isPupil,
  });
  return page(view);
}

/** `/mine`: the marks of the pupil who reads. */
export async function showMine(exchange: Exchange): Promise<Answer> {
  const { grades, reader, strings } = exchange;
  const marks = await loadPupilMarks(grades, reader, reader.session.sub);
  return page(renderPupilMarks(exchange, { marks, heading: strings.pupil.mine }));
}

/** The draft that was just deleted, to offer its return. */
async function findDeleted({ grades, reader, request }: Exchange): Promise<Assessment | undefined> {
  const id = readQuery(request, 'deleted');
  if (!isId(id)) return undefined;
  const assessment = await inSchoolsOf(grades, reader, (tx) => findAssessment(tx, id));
  if (!assessment?.deletedAt) return undefined;
  const { action, resource, properties } = askAssessment('grades.assessment.delete', assessment, id);
  const decision = await grades.client.may(reader.session, action, resource, properties);
  return decision.allowed ? assessment : undefined;
}
