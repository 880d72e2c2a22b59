import { randomUUID } from 'node:crypto';
import { createAssessment } from '../acts/create-assessment.ts';
import { findTeachingPlace, isId, listTeachingPlaces, placeKey } from '../access/person.ts';
import { askAssessment } from '../access/questions.ts';
import { parseAssessment } from '../domain/assessment-form.ts';
import { Refusal } from '../errors.ts';
import { dayOf } from '../reading/grades.ts';
import { renderCreate } from '../views/assessment-form.ts';
import { readTyped } from './edit.ts';
import {
  page,
  readForm,
  readQuery,
  redirect,
  requireAllowed,
  runAct,
  type Answer,
  type Exchange,
} from './exchange.ts';

/** `/assessments/new`: the form, with the class chosen when the reader comes from it or has only one. */
export async function showCreate(exchange: Exchange): Promise<Answer> {
  const { grades, reader, request } = exchange;
  const places = listTeachingPlaces(reader.person);
  const asked = placeKey(readQuery(request, 'division'), readQuery(request, 'subject'));
  const only = places.length === 1 ? places[0] : undefined;
  const chosen = findTeachingPlace(reader.person, asked) ?? only;
  const view = renderCreate(exchange, {
    id: randomUUID(),
    places,
    place: chosen ? placeKey(chosen.division.id, chosen.subject.id) : '',
    typed: { title: '', heldOn: dayOf(grades.now()), scale: '20', coefficient: '1', kind: 'test' },
    problems: [],
  });
  return page(view);
}

/** Makes the draft and goes to its sheet; a form with problems comes back as it was typed. */
export async function create(exchange: Exchange): Promise<Answer> {
  const { grades, reader, request } = exchange;
  const form = readForm(request);
  const id = form.get('id');
  if (!isId(id)) throw new Refusal('bad_form');
  const typed = readTyped(form);
  const key = form.get('place') ?? '';
  const place = findTeachingPlace(reader.person, key);
  const parsed = parseAssessment(typed, dayOf(grades.now()));
  if (!place || !parsed.ok) {
    // A place that is not theirs is not on the list: the form asks for one again.
    const problems = [
      ...(place ? [] : [{ field: 'place' as const, problem: 'place_missing' as const }]),
      ...(parsed.ok ? [] : parsed.problems),
    ];
    const places = listTeachingPlaces(reader.person);
    const view = renderCreate(exchange, { id, places, place: place ? key : '', typed, problems });
    return page(view, 422);
  }
  const { division, subject } = place;
  const question = askAssessment('grades.assessment.create', {
    school: division.school,
    division: division.id,
    subject: subject.id,
    owner: reader.session.sub,
    state: 'draft',
  });
  await requireAllowed(exchange, question, 'assessment_denied');
  await runAct(exchange, (act) =>
    createAssessment(act, {
      ...parsed.details,
      id,
      school: division.school,
      division: division.id,
      divisionName: division.name,
      subject: subject.id,
      subjectName: subject.name,
    }),
  );
  return redirect(`/assessments/${id}?done=created`);
}
