import { isUuid, type SchoolId } from '@socle/base';
import { loadSchools, type School } from '@socle/directory';
import { button, card, errorSummary, fileField, form, html, nothing, section, tileGrid } from '@socle/pages';
import { ServiceError } from '../../../errors.ts';
import { logoAddress } from '../../../http/logos.ts';
import { schoolDoorAddress } from '../../../http/school-door.ts';
import { redrawLogo } from '../../../logos/redraw-logo.ts';
import { findLogoDigest, removeLogo, restoreLogo, saveLogo } from '../../../logos/store.ts';
import type { AreaAnswer, AreaRoutes } from '../../area.ts';
import { placesWhere } from '../../may-anywhere.ts';
import type { AreaPage, Visit, Visitor } from '../../visit.ts';
import { appearanceStrings } from './strings.ts';

const APPEARANCE_PATH = '/school/appearance';

const ACTION = 'accounts.appearance.set';
const TYPE = 'accounts.appearance';

type Problem = keyof (typeof appearanceStrings)['fr']['problems'];

/** Does this person set the logo of any school? */
export function setsAppearance(visitor: Visitor): boolean {
  return placesWhere(visitor, ACTION, TYPE).length > 0;
}

/** `/school/appearance`: the logo of a school. */
export function appearanceRoutes({ get, post }: AreaRoutes): void {
  get(APPEARANCE_PATH, choose);
  get(`${APPEARANCE_PATH}/:school`, async (visit) => {
    const school = await requireSchool(visit);
    return visit.page(await renderAppearance(visit, school));
  });
  post(`${APPEARANCE_PATH}/:school`, upload);
  post(`${APPEARANCE_PATH}/:school/remove`, remove);
  post(`${APPEARANCE_PATH}/:school/undo`, undo);
}

async function choose(visit: Visit): Promise<AreaAnswer> {
  const words = appearanceStrings[visit.language];
  const ids = placesWhere(visit, ACTION, TYPE).flatMap(({ school }) =>
    school === undefined ? [] : [school],
  );
  const [only] = ids;
  if (only === undefined) await visit.requireMay(ACTION, { type: TYPE });
  if (only !== undefined && ids.length === 1) return visit.redirect(`${APPEARANCE_PATH}/${only}`);
  const schools = await visit.socle.database.transaction(
    (tx) => loadSchools(tx, { ids: ids as SchoolId[] }),
    { scope: 'all', readOnly: true },
  );
  return visit.page({
    title: words.title,
    lead: words.choose,
    body: tileGrid(
      schools.map(({ id, name }) => ({ title: name, href: `${APPEARANCE_PATH}/${id}`, icon: 'school' })),
    ),
  });
}

async function upload(visit: Visit): Promise<AreaAnswer> {
  const school = await requireSchool(visit);
  const { logo: file } = visit.request.body as { readonly logo?: unknown };
  if (!Buffer.isBuffer(file) || file.length === 0) return refuse(visit, school, 'missing');
  const logo = await redrawLogo(file);
  if (typeof logo === 'string') return refuse(visit, school, logo);
  const before = await visit.socle.database.transaction(
    async (tx) => {
      const replaced = await findLogoDigest(tx, school.id);
      if (replaced === logo.digest) return undefined;
      await saveLogo(tx, school, logo, visit.now);
      await append(visit, school, tx, { digest: logo.digest });
      return replaced;
    },
    { scope: 'all' },
  );
  return confirm(visit, school, { title: 'saved', canUndo: before !== undefined });
}

async function remove(visit: Visit): Promise<AreaAnswer> {
  const school = await requireSchool(visit);
  const canUndo = await visit.socle.database.transaction(
    async (tx) => {
      const hadOne = await removeLogo(tx, school.id);
      if (hadOne) await append(visit, school, tx, {});
      return hadOne;
    },
    { scope: 'all' },
  );
  return confirm(visit, school, { title: 'removed', canUndo });
}

async function undo(visit: Visit): Promise<AreaAnswer> {
  const school = await requireSchool(visit);
  await visit.socle.database.transaction(
    async (tx) => {
      const digest = await restoreLogo(tx, school.id);
      if (digest !== undefined) await append(visit, school, tx, { digest });
    },
    { scope: 'all' },
  );
  return confirm(visit, school, { title: 'restored', canUndo: false });
}

/** Says what was done, with the way back where the former logo is still there. */
function confirm(
  visit: Visit,
  { id }: School,
  done: { readonly title: 'saved' | 'removed' | 'restored'; readonly canUndo: boolean },
): AreaAnswer {
  return visit.redirect(`${APPEARANCE_PATH}/${id}`, {
    kind: 'good',
    title: appearanceStrings[visit.language][done.title],
    ...(done.canUndo && { undo: { action: `${APPEARANCE_PATH}/${id}/undo`, fields: visit.fields() } }),
  });
}

async function append(
  { socle, session }: Visit,
  school: School,
  tx: Parameters<typeof removeLogo>[0],
  detail: { readonly digest?: string },
): Promise<void> {
  await socle.audit.append(tx, {
    controller: school.controller,
    actor: { kind: 'person', id: session.personId },
    action: 'service.school_logo.set',
    target: { kind: 'school', id: school.id },
    outcome: 'success',
    session: session.id,
    detail,
  });
}

async function refuse(visit: Visit, school: School, problem: Problem): Promise<AreaAnswer> {
  return visit.page({ ...(await renderAppearance(visit, school, problem)), status: 422 });
}

async function renderAppearance(visit: Visit, school: School, problem?: Problem): Promise<AreaPage> {
  const { language, socle } = visit;
  const words = appearanceStrings[language];
  const digest = await socle.database.transaction((tx) => findLogoDigest(tx, school.id), {
    scope: 'all',
    readOnly: true,
  });
  const message = problem === undefined ? undefined : words.problems[problem];
  const action = `${APPEARANCE_PATH}/${school.id}`;
  const current =
    digest === undefined
      ? html`<p>${words.none}</p>`
      : html`<p><img class="logo-shown" src="${logoAddress(digest)}" alt="${words.now}"></p>${form({
          action: `${action}/remove`,
          fields: visit.fields(),
          body: button({ label: words.remove, kind: 'quiet', icon: 'trash' }),
        })}`;
  return {
    title: words.title,
    lead: words.lead(school.name),
    body: html`${message === undefined ? nothing : errorSummary([{ name: 'logo', message }], language)}${section(
      {
        title: words.now,
        body: current,
      },
    )}${card({
      title: words.file,
      body: form({
        action,
        files: true,
        fields: visit.fields(),
        body: [
          fileField({
            language,
            name: 'logo',
            label: words.file,
            hint: words.hint,
            accept: 'image/png,image/jpeg,image/webp',
            ...(message === undefined ? {} : { error: message }),
          }),
          button({ label: words.save }),
        ],
      }),
    })}${card({
      title: words.door,
      body: html`<p>${words.doorLead}</p><p><code>${socle.config.issuer}${schoolDoorAddress(school.uai)}</code></p>`,
    })}`,
  };
}

async function requireSchool(visit: Visit): Promise<School> {
  const id = visit.params['school'];
  if (isUuid(id)) {
    await visit.requireMay(ACTION, { type: TYPE, school: id });
    const [school] = await visit.socle.database.transaction(
      (tx) => loadSchools(tx, { ids: [id as string as SchoolId] }),
      { scope: 'all', readOnly: true },
    );
    if (school) return school;
  }
  throw new ServiceError('not_found', { status: 404, publicMessage: 'There is no such school.' });
}
