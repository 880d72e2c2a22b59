import { createHash } from 'node:crypto';
import type { PersonId } from '@socle/base';
import { loadDivisions, loadMembers, type School } from '@socle/directory';
import { button, errorSummary, form, html, selectField, textField } from '@socle/pages';
import type { AreaRoutes } from '../../area.ts';
import type { Visit } from '../../visit.ts';
import { strings } from './strings.ts';
import { loadPeopleOf, orderOf, requireActable, requireFactor } from './targets.ts';

const PATH = '/security/switches/passwords';
const MOST_LOGINS = 500;
const KIND = 'accounts.reset.bulk';

/** New passwords demanded of a set of accounts: one person asks, the local administration of the school agrees, the first one acts. */
export function registerForcedReset({ get, post }: AreaRoutes): void {
  get(PATH, async (visit) => show(visit, await requireActable(visit, visit.query('school') ?? '')));

  post(PATH, async (visit, fields) => {
    const school = await requireActable(visit, fields['school'] ?? '');
    requireFactor(visit, `${PATH}?school=${school.id}`);
    const { socle, session, language } = visit;
    const words = strings[language];
    const people = await findPeople(visit, school, fields);
    const reason = (fields['reason'] ?? '').trim();
    if (people.length === 0) return show(visit, school, words.resetNone);
    if (reason.length < 10 || reason.length > 500) return show(visit, school, words.wrongReason);
    const by = { kind: 'person', id: session.personId } as const;
    const act = { kind: KIND, subject: subjectOf(people), by } as const;
    const done = await socle.database.transaction(
      async (tx) => {
        if (await socle.approvals.use(tx, act)) {
          return socle.identity.defences.demandNewPasswords(tx, people, {
            ...orderOf(visit, school.controller),
            place: school.id,
          });
        }
        await socle.approvals.ask(tx, {
          ...act,
          controller: school.controller,
          place: { school: school.id },
          summary: {
            fr: [school.name, `${people.length} ${strings.fr.resetSummary(people.length)}`],
            en: [school.name, `${people.length} ${strings.en.resetSummary(people.length)}`],
          },
          reason,
        });
        return undefined;
      },
      { scope: 'all' },
    );
    if (!done) return visit.redirect('/approvals', { kind: 'information', title: words.resetAsked });
    await socle.identity.defences.tellServices();
    return visit.redirect('/security/switches', { kind: 'good', title: words.resetDone(done.accounts) });
  });
}

/** The set to the person, so that an agreement serves for no other. */
function subjectOf(people: readonly PersonId[]): string {
  return `forced:${createHash('sha256').update(people.toSorted().join(' ')).digest('hex')}`;
}

/** Whom the form means; only people who hold a role in the school count. */
async function findPeople(
  visit: Visit,
  school: School,
  fields: Readonly<Record<string, string>>,
): Promise<readonly PersonId[]> {
  const { socle, now } = visit;
  const ofSchool = await loadPeopleOf(visit, school.id);
  const whom = fields['whom'] ?? '';
  if (whom === 'all') return ofSchool;
  if (whom === 'logins') {
    const logins = [...new Set((fields['logins'] ?? '').split(/[\s,;]+/).filter((login) => login !== ''))];
    const found = await Promise.all(
      logins.slice(0, MOST_LOGINS).map((login) => socle.identity.accounts.find({ login })),
    );
    const wanted = new Set(found.flatMap((account) => (account ? [account.personId] : [])));
    return ofSchool.filter((person) => wanted.has(person));
  }
  return socle.database.transaction(
    async (tx) => {
      const division = (await loadDivisions(tx, school.id)).find(({ id }) => id === whom);
      return division ? (await loadMembers(tx, division.id, now)).map(({ id }) => id) : [];
    },
    { scope: 'all', readOnly: true },
  );
}

async function show(visit: Visit, school: School, problem?: string) {
  const { language, socle } = visit;
  const words = strings[language];
  const divisions = await socle.database.transaction((tx) => loadDivisions(tx, school.id), {
    scope: 'all',
    readOnly: true,
  });
  return visit.page({
    title: words.reset,
    lead: `${school.name}. ${words.resetNote}`,
    back: { href: '/security/switches' },
    tabs: false,
    ...(problem === undefined ? {} : { status: 422 }),
    body: html`${problem === undefined ? '' : errorSummary([{ message: problem }], language)}${form({
      action: PATH,
      fields: visit.fields({ school: school.id }),
      label: words.reset,
      body: [
        selectField({
          language,
          name: 'whom',
          label: words.resetWhom,
          choices: [
            ...divisions
              .filter(({ kind }) => kind === 'class')
              .map(({ id, name }) => ({ value: id, label: words.resetClass(name) })),
            { value: 'logins', label: words.resetLogins },
            { value: 'all', label: words.resetAll },
          ],
        }),
        textField({
          language,
          name: 'logins',
          label: words.resetLogins,
          hint: words.resetLoginsHint,
          rows: 4,
          optional: true,
          spellcheck: false,
        }),
        textField({
          language,
          name: 'reason',
          label: words.reason,
          hint: words.reasonHint,
          rows: 2,
          maxLength: 500,
        }),
        button({ label: words.resetDo, kind: 'danger' }),
      ],
    })}`,
  });
}
