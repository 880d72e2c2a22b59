import { appendEvent } from '../acts/act.ts';
import { listHeadSchools, placeKey } from '../access/person.ts';
import { Refusal } from '../errors.ts';
import { loadBook, loadClassOverview } from '../reading/division-book.ts';
import { renderBook } from '../views/book.ts';
import { renderClassOverview } from '../views/class-overview.ts';
import { page, readId, readQuery, runAct, type Answer, type Exchange } from './exchange.ts';
import { requireMembers } from './find-assessment.ts';

/** `/classes/:division?subject=…`: the mark book of a class one teaches; without a subject, all of them at once. */
export async function showDivision(exchange: Exchange): Promise<Answer> {
  const subject = readQuery(exchange.request, 'subject');
  return subject === '' ? showOverview(exchange) : showBook(exchange, subject);
}

async function showBook(exchange: Exchange, subjectId: string): Promise<Answer> {
  const { grades, reader, request } = exchange;
  const division = readId(request, 'division');
  const place = reader.person.teaches.find(
    (candidate) => placeKey(candidate.division.id, candidate.subject.id) === placeKey(division, subjectId),
  );
  if (!place) throw new Refusal('division_denied');
  const members = await requireMembers(exchange, division);
  const book = await loadBook(grades, reader, { division, subject: subjectId }, members);
  return page(renderBook(exchange, { place, book }));
}

async function showOverview(exchange: Exchange): Promise<Answer> {
  const { grades, reader, request } = exchange;
  const division = readId(request, 'division');
  const taught = reader.person.teaches.filter((place) => place.division.id === division);
  const followed = reader.person.headTeacherOf.some((candidate) => candidate.id === division);
  const headed = listHeadSchools(reader.person).map(({ id }) => id);
  if (!followed && taught.length === 0 && headed.length === 0) throw new Refusal('division_denied');
  const members = await requireMembers(exchange, division);
  if (!followed && taught.length === 0 && !headed.includes(members.division.school)) {
    throw new Refusal('division_denied');
  }
  const overview = await loadClassOverview(grades, reader, division, members);
  await runAct(exchange, (act) =>
    appendEvent(act, {
      action: 'grades.class.read',
      target: { kind: 'directory.division', id: division },
      school: members.division.school,
      detail: { marks: overview.marks },
    }),
  );
  return page(renderClassOverview(exchange, { division: members.division, overview }));
}
