import { isUuid, type PersonId } from '@socle/base';
import {
  closeAuthorityReview,
  confirmAuthority,
  enterAuthority,
  refuseAuthority,
  type AuthorityReview,
} from '@socle/directory';
import type { FieldError } from '@socle/pages';
import { ServiceError } from '../../../errors.ts';
import type { AreaRoutes } from '../../area.ts';
import type { Visit } from '../../visit.ts';
import { attempt } from '../attempt.ts';
import { authorOf } from '../author-of.ts';
import { renderAuthority } from './authority-page.ts';
import { readDecision } from './decision-form.ts';
import { renderKnown } from './known-page.ts';
import { loadAccesses } from './load-accesses.ts';
import { renderPupil } from './pupil-page.ts';
import { renderReview } from './review-page.ts';
import { loadOpenAuthority } from './open-authority.ts';
import { loadNames, loadPupil, requireReading, type PupilAuthority } from './pupil-authority.ts';
import { authorityStrings } from './strings.ts';

const PATH = '/school/authority';
const OUTCOMES = ['nothing_done', 'told', 'reported'] as const;

/** `/school/authority`: who exercises parental authority, entered by one person of the school and confirmed by another. */
export function authorityRoutes({ get, post }: AreaRoutes): void {
  get(PATH, async (visit) => {
    await requireReading(visit);
    const open = await loadOpenAuthority(visit);
    return visit.page(renderAuthority(visit, open, await loadNames(visit, open)));
  });

  get(`${PATH}/pupils/:pupil`, async (visit) =>
    showPupil(visit, await loadPupil(visit, 'directory.authority.read')),
  );

  post(`${PATH}/pupils/:pupil`, async (visit, fields) => {
    const about = await loadPupil(visit, 'directory.authority.enter');
    const read = readDecision(visit, about, fields);
    if ('errors' in read) return showPupil(visit, about, { errors: read.errors, fields });
    const words = authorityStrings[visit.language];
    const { database } = visit.socle;
    return attempt(
      visit,
      `${PATH}/pupils/${about.pupil.id}`,
      { kind: 'good', title: words.entered, text: words.enteredText },
      () =>
        database.transaction(
          (tx) => enterAuthority(tx, read.decision, visit.session.personId, authorOf(visit)),
          { scope: 'all' },
        ),
    );
  });

  for (const verdict of ['confirmed', 'refused'] as const) {
    post(`${PATH}/requests/:request/${verdict}`, async (visit, fields) => {
      await requireReading(visit);
      const { requests } = await loadOpenAuthority(visit, childOf(fields));
      const request = requests.find(({ id }) => id === visit.params['request']);
      const mayTakeBack = verdict === 'refused' && request?.enteredBy === visit.session.personId;
      if (!request) throw unknown();
      if (!request.mayConfirm && !mayTakeBack)
        await visit.requireMay('directory.authority.confirm', { type: 'directory.authority' });
      const words = authorityStrings[visit.language];
      return attempt(visit, PATH, { kind: 'good', title: words[verdict] }, () =>
        visit.socle.database.transaction(
          async (tx) => {
            const settle = verdict === 'confirmed' ? confirmAuthority : refuseAuthority;
            await settle(tx, request.id, visit.session.personId, authorOf(visit));
          },
          { scope: 'all' },
        ),
      );
    });
  }

  get(`${PATH}/pupils/:pupil/known`, async (visit) =>
    visit.page(renderKnown(visit, await loadPupil(visit, 'directory.authority.read'))),
  );

  get(`${PATH}/reviews/:review`, async (visit) => {
    await requireReading(visit);
    const open = await loadOpenAuthority(visit, childOf({ child: visit.query('child') ?? '' }));
    const review = open.reviews.find(({ id, mayConfirm }) => mayConfirm && id === visit.params['review']);
    if (!review) throw unknown();
    const accesses = await loadAccesses(visit, review);
    return visit.page(renderReview(visit, review, await loadNames(visit, open), accesses));
  });

  post(`${PATH}/reviews/:review/closed`, async (visit, fields) => {
    await requireReading(visit);
    const { reviews } = await loadOpenAuthority(visit, childOf(fields));
    const id = visit.params['review'];
    const review: AuthorityReview | undefined = isUuid(id)
      ? reviews.find((each) => each.id === id && each.mayConfirm)
      : undefined;
    const outcome = OUTCOMES.find((each) => each === fields['outcome']);
    if (!review) throw unknown();
    const words = authorityStrings[visit.language];
    if (outcome === undefined) return visit.redirect(PATH, { kind: 'danger', title: words.outcomeMissing });
    return attempt(visit, PATH, { kind: 'good', title: words.reviewed }, () =>
      visit.socle.database.transaction(
        (tx) =>
          closeAuthorityReview(tx, { id: review.id, by: visit.session.personId, outcome }, authorOf(visit)),
        { scope: 'all' },
      ),
    );
  });
}

async function showPupil(
  visit: Visit,
  about: PupilAuthority,
  sent: { readonly errors: readonly FieldError[]; readonly fields: Readonly<Record<string, string>> } = {
    errors: [],
    fields: {},
  },
) {
  const open = await loadOpenAuthority(visit, about.pupil.id);
  return visit.page(renderPupil(visit, { about, open, names: await loadNames(visit, open), ...sent }));
}

function childOf({ child }: Readonly<Record<string, string>>): PersonId | undefined {
  return isUuid(child) ? (child as string as PersonId) : undefined;
}

function unknown(): ServiceError {
  return new ServiceError('not_found', {
    status: 404,
    publicMessage: 'There is no such decision that waits. Open the page again.',
  });
}
