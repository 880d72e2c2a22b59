import type { School } from '@socle/directory';
import { button, card, errorSummary, fileField, form, html, nothing, section } from '@socle/pages';
import { logoAddress } from '../../../http/logos.ts';
import { schoolDoorAddress } from '../../../http/school-door.ts';
import { redrawLogo } from '../../../logos/redraw-logo.ts';
import { findLogoDigest, removeLogo, restoreLogo, saveLogo } from '../../../logos/store.ts';
import type { AreaAnswer, AreaRoutes } from '../../area.ts';
import { mayAnywhere } from '../../may-anywhere.ts';
import type { AreaPage, Visit, Visitor } from '../../visit.ts';
import { chooseSchool, requireSchool, type SchoolTask } from '../school-of-page.ts';
import { appearanceStrings } from './strings.ts';

const APPEARANCE_PATH = '/school/appearance';

const TASK: SchoolTask = {
  action: 'accounts.appearance.set',
  type: 'accounts.appearance',
  path: APPEARANCE_PATH,
};

type Problem = keyof (typeof appearanceStrings)['fr']['problems'];

/** Does this person set the logo of any school? */
export function setsAppearance(visitor: Visitor): boolean {
  return mayAnywhere(visitor, TASK.action, TASK.type);
}

/** `/school/appearance`: the logo of a school. */
export function appearanceRoutes({ get, post }: AreaRoutes): void {
  get(APPEARANCE_PATH, choose);
  get(`${APPEARANCE_PATH}/:school`, async (visit) => {
    const school = await requireSchool(visit, TASK);
    return visit.page(await renderAppearance(visit, school));
  });
  post(`${APPEARANCE_PATH}/:school`, upload);
  post(`${APPEARANCE_PATH}/:school/remove`, remove);
  post(`${APPEARANCE_PATH}/:school/undo`, undo);
}

function choose(visit: Visit): Promise<AreaAnswer> {
  const { title, choose: lead } = appearanceStrings[visit.language];
  return chooseSchool(visit, TASK, { title, lead });
}

async function upload(visit: Visit): Promise<AreaAnswer> {
  const school = await requireSchool(visit, TASK);
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
  const school = await requireSchool(visit, TASK);
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
  const school = await requireSchool(visit, TASK);
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
