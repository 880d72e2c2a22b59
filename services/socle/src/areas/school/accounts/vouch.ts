import { button, errorSummary, form, html, nothing, printedCodeField } from '@socle/pages';
import type { PersonFacts } from '@socle/authorization';
import { findPerson } from '@socle/directory';
import type { AreaAnswer, AreaRoutes } from '../../area.ts';
import type { AreaPage, Visit } from '../../visit.ts';
import { vouchStrings } from './vouch-strings.ts';

const PATH = '/school/colleagues';
/** Roles of those who work in a school. */
const STAFF = new Set(['teacher', 'head_teacher', 'cpe', 'aed', 'librarian', 'head', 'staff', 'local_admin']);

/** `/school/colleagues`: vouching for a colleague who lost their second factor. */
export function vouchRoutes({ get, post }: AreaRoutes): void {
  get(PATH, async (visit) => {
    requireStrong(visit);
    return visit.page(askPage(visit));
  });
  post(PATH, showRequest);
  post(`${PATH}/vouch`, vouch);
}

/** A vouching is worth what the sign-in of the one who vouches is worth. */
function requireStrong({ socle, session }: Visit): void {
  socle.identity.requireAcr(session, { acr: 'factor', returnTo: PATH });
}

async function showRequest(visit: Visit, fields: Readonly<Record<string, string>>): Promise<AreaAnswer> {
  requireStrong(visit);
  const words = vouchStrings[visit.language];
  const found = await findColleague(visit, fields['code'] ?? '');
  if (!found) return visit.page({ ...askPage(visit, words.notFound), status: 422 });
  return visit.page({
    title: words.confirmTitle(found.name),
    lead: words.confirmLead,
    back: { href: PATH },
    tabs: false,
    body: form({
      action: `${PATH}/vouch`,
      fields: visit.fields({ code: fields['code'] ?? '' }),
      body: button({ label: words.confirm(found.name), icon: 'user-check' }),
    }),
  });
}

async function vouch(visit: Visit, fields: Readonly<Record<string, string>>): Promise<AreaAnswer> {
  requireStrong(visit);
  const { socle, session, language } = visit;
  const words = vouchStrings[language];
  const found = await findColleague(visit, fields['code'] ?? '');
  const isDone =
    found !== undefined &&
    (await socle.database.transaction(
      (tx) =>
        socle.identity.colleagues.vouch(tx, found.request, {
          person: session.person,
          acr: session.acr,
          session: session.id,
        }),
      { scope: 'all' },
    ));
  if (!isDone) return visit.page({ ...askPage(visit, words.notFound), status: 422 });
  return visit.redirect(PATH, { kind: 'good', title: words.done(found.name) });
}

/** The request of somebody who works in one of this person's schools now; of nobody else. */
async function findColleague(visit: Visit, code: string) {
  const { socle, session, facts, now } = visit;
  const request = await socle.identity.colleagues.find(code, session.personId);
  const theirs = request && (await socle.decisions.loadFacts(request.person));
  if (!request || !theirs) return undefined;
  const own = staffSchools(facts, now);
  if (![...staffSchools(theirs, now)].some((school) => own.has(school))) return undefined;
  const person = await socle.database.transaction((tx) => findPerson(tx, request.person), {
    scope: 'all',
    readOnly: true,
  });
  return person?.status === 'active' ? { request, name: person.displayName } : undefined;
}

function staffSchools({ roles }: PersonFacts, now: Date): Set<string> {
  const held = roles.filter(
    ({ role, scope, from, to }) =>
      scope === 'school' && STAFF.has(role) && (!from || from <= now) && (!to || to > now),
  );
  return new Set(held.map(({ domain }) => domain));
}

function askPage(visit: Visit, problem?: string): AreaPage {
  const { language } = visit;
  const words = vouchStrings[language];
  return {
    title: words.title,
    lead: words.lead,
    body: html`${problem === undefined ? nothing : errorSummary([{ name: 'code', message: problem }], language)}${form(
      {
        action: PATH,
        fields: visit.fields(),
        body: [
          printedCodeField({ language, name: 'code', label: words.code, hint: words.codeHint }),
          button({ label: words.go }),
        ],
      },
    )}`,
  };
}
