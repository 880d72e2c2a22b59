import { appendEvent, pupilTarget } from '../acts/act.ts';
import { Refusal } from '../errors.ts';
import { loadPupilMarks } from '../reading/pupil-marks.ts';
import { renderPupilMarks } from '../views/pupil-marks.ts';
import { page, readId, readSubject, runAct, type Answer, type Exchange } from './exchange.ts';
import { requireMembers } from './find-assessment.ts';

/** `/children/:pupil`: a child's marks, for a guardian with authority. */
export async function showChild(exchange: Exchange): Promise<Answer> {
  const { grades, reader, strings, request } = exchange;
  const sub = readSubject(request, 'pupil');
  // The socle lists the children over whom authority is exercised; each mark is asked about besides.
  const child = reader.person.children.find((candidate) => candidate.sub === sub);
  if (!child) throw new Refusal('child_denied');
  const marks = await loadPupilMarks(grades, reader, sub);
  const heading = strings.pupil.of(child.displayName);
  return page(
    renderPupilMarks(exchange, { marks, heading, back: { href: '/', label: strings.back.children } }),
  );
}

/** `/classes/:division/pupils/:pupil`: a pupil's marks, for their teacher (own subject) or head teacher. Logged. */
export async function showPupilToStaff(exchange: Exchange): Promise<Answer> {
  const { grades, reader, strings, request } = exchange;
  const division = readId(request, 'division');
  const sub = readSubject(request, 'pupil');
  const members = await requireMembers(exchange, division);
  const pupil = members.pupils.find((candidate) => candidate.sub === sub);
  if (!pupil) throw new Refusal('pupil_sheet_denied');
  const marks = await loadPupilMarks(grades, reader, sub);
  await runAct(exchange, (act) =>
    appendEvent(act, {
      action: 'grades.mark.read',
      target: pupilTarget(sub),
      school: members.division.school,
      detail: { division, marks: marks.total },
    }),
  );
  const heading = strings.pupil.of(pupil.displayName);
  return page(
    renderPupilMarks(exchange, {
      marks,
      heading,
      back: { href: `/classes/${division}`, label: strings.back.classes(members.division.name) },
      logged: true,
    }),
  );
}
