import { isSocleError, isUuid, type PersonId } from '@socle/base';
import { loadPersonCards } from '@socle/directory';
import {
  button,
  emptyState,
  errorSummary,
  form,
  html,
  nothing,
  section,
  textField,
  trustNote,
  type FieldError,
} from '@socle/pages';
import { checkView } from '../../../view-as/check-view.ts';
import type { AreaAnswer, AreaRoutes } from '../../area.ts';
import type { Visit, Visitor } from '../../visit.ts';
import { viewStrings } from './strings.ts';
import { loadViewNames, viewTable } from './view-table.ts';

const PATH = '/school/views';
/** Seconds for which a proof is recent enough to see in somebody's place. */
const RECENT_SECONDS = 900;

/** Do any of the visitor's roles let them see in somebody's place? */
export function opensViews(visitor: Visitor): boolean {
  return visitor.facts.roles.some(({ scope, domain }) =>
    [domain, ...visitor.facts.schools.keys()].some((school) =>
      visitor.may('accounts.view.open', {
        type: 'accounts.view',
        ...(scope === 'school' ? { school: domain } : { school }),
      }),
    ),
  );
}

/** `/school/views`: see in a person's place, with a reason; and what one saw. */
export function viewRoutes({ get, post }: AreaRoutes): void {
  get(PATH, async (visit) => show(visit, visit.query('person') ?? ''));

  post(PATH, async (visit, fields) => {
    const words = viewStrings[visit.language];
    const asked = fields['person'] ?? '';
    requireFactor(visit, asked);
    const reason = (fields['reason'] ?? '').trim();
    const login = (fields['login'] ?? '').trim();
    const account = login === '' ? undefined : await visit.socle.identity.accounts.find({ login });
    const seen = isUuid(asked) ? (asked as string as PersonId) : account?.personId;
    const sent = { login, reason };
    if (reason.length < 10 || reason.length > 500)
      return show(visit, asked, [{ name: 'reason', message: words.wrongReason }], sent);
    if (login === '' && seen === undefined)
      return show(visit, asked, [{ name: 'login', message: words.wrongLogin }], sent);
    // a login that nobody has is answered like one of somebody who may not be seen
    if (seen === undefined) return show(visit, asked, [{ name: 'login', message: words.refused }], sent);
    try {
      await visit.socle.views.open(visit, { seen, reason });
    } catch (error) {
      if (isSocleError(error, 'view_refused')) {
        const isOfficer = error.details?.['why'] === 'officer';
        return show(visit, '', [{ message: isOfficer ? words.refusedOfficer : words.refused }], sent);
      }
      if (isSocleError(error, 'view_open')) return show(visit, asked, [{ message: words.alreadyOpen }], sent);
      throw error;
    }
    return visit.redirect('/');
  });
}

/** Lets pass whoever proved a second factor in the last quarter of an hour. */
function requireFactor({ socle, session }: Visit, person: string): void {
  const returnTo = person === '' ? PATH : `${PATH}?person=${encodeURIComponent(person)}`;
  socle.identity.requireAcr(session, { acr: 'factor', maxAgeSeconds: RECENT_SECONDS, returnTo });
}

async function show(
  visit: Visit,
  asked: string,
  errors: readonly FieldError[] = [],
  sent: { readonly login?: string; readonly reason?: string } = {},
): Promise<AreaAnswer> {
  requireFactor(visit, asked);
  const { language, socle, session } = visit;
  const words = viewStrings[language];
  const person = await nameViewable(visit, asked);
  const mine = (await socle.views.list()).filter(({ viewer_id }) => viewer_id === session.personId);
  const wrong = (name: string) => {
    const found = errors.find((error) => error.name === name);
    return found === undefined ? {} : { error: found.message };
  };
  return visit.page({
    title: person === undefined ? words.title : words.titleOf(person.name),
    lead: words.lead,
    ...(errors.length === 0 ? {} : { status: 422 }),
    body: html`${errors.length === 0 ? nothing : errorSummary(errors, language)}${form({
      action: PATH,
      fields: visit.fields(person === undefined ? {} : { person: person.id }),
      label: words.title,
      body: [
        person === undefined
          ? textField({
              language,
              name: 'login',
              label: words.login,
              hint: words.loginHint,
              value: sent.login ?? '',
              spellcheck: false,
              maxLength: 200,
              width: 'medium',
              ...wrong('login'),
            })
          : nothing,
        textField({
          language,
          name: 'reason',
          label: words.reason,
          hint: words.reasonHint,
          rows: 3,
          maxLength: 500,
          value: sent.reason ?? '',
          ...wrong('reason'),
        }),
        trustNote({ summary: words.told, body: html`<p>${words.toldText}</p>` }),
        trustNote({ summary: words.limits, body: html`<p>${words.limitsText}</p>` }),
        button({ label: words.open }),
      ],
    })}${section({
      title: words.mine,
      body:
        mine.length === 0
          ? emptyState({ icon: 'eye', title: words.mineNone, text: words.mineNoneText })
          : viewTable(visit, mine, await loadViewNames(visit, mine)),
    })}`,
  });
}

/** Somebody whom the visitor may see in the place of, by name; undefined for everybody else. */
async function nameViewable(
  visit: Visit,
  asked: string,
): Promise<{ readonly id: PersonId; readonly name: string } | undefined> {
  if (!isUuid(asked)) return undefined;
  const id = asked as string as PersonId;
  if (!(await mayView(visit, id))) return undefined;
  const cards = await visit.socle.database.transaction((tx) => loadPersonCards(tx, [id], visit.now), {
    scope: 'all',
    readOnly: true,
  });
  const card = cards.get(id);
  return card && { id, name: card.displayName };
}

/** Do the rules let the visitor see in this person's place? To show the way or not: opening decides again. */
export async function mayView(visit: Visit, person: PersonId): Promise<boolean> {
  const { socle, facts, session, now } = visit;
  const seen = await socle.decisions.loadFacts(person).catch(() => undefined);
  return seen !== undefined && checkView(socle.decisions, now, { facts, acr: session.acr }, seen).allowed;
}
