import { isUuid, type SchoolId } from '@socle/base';
import { loadSchools, type School } from '@socle/directory';
import { tileGrid } from '@socle/pages';
import { ServiceError } from '../../../errors.ts';
import type { AreaAnswer } from '../../area.ts';
import { placesWhere } from '../../may-anywhere.ts';
import type { Visit } from '../../visit.ts';
import { renderBadgeRule } from './badge-rule-page.ts';
import { badgeRuleStrings } from './badge-rule-strings.ts';
import { parseBadgeRule, type TypedBadgeRule } from './parse-badge-rule.ts';

/** Where the hours and networks of badges are set. */
export const BADGE_RULES_PATH = '/school/accounts/badges';

const ACTION = 'accounts.badge_rule.set';
const TYPE = 'accounts.badge_rule';

/** Does this person set the hours of badges in any school? */
export function setsBadgeRules(visit: Visit): boolean {
  return placesWhere(visit, ACTION, TYPE).length > 0;
}

/** The schools whose badge rule this person sets; straight to the only one. */
export async function chooseBadgeRule(visit: Visit): Promise<AreaAnswer> {
  const words = badgeRuleStrings[visit.language];
  const ids = placesWhere(visit, ACTION, TYPE).flatMap(({ school }) =>
    school === undefined ? [] : [school],
  );
  const [only] = ids;
  if (only === undefined) await visit.requireMay(ACTION, { type: TYPE });
  if (only !== undefined && ids.length === 1) return visit.redirect(`${BADGE_RULES_PATH}/${only}`);
  const schools = await visit.socle.database.transaction(
    (tx) => loadSchools(tx, { ids: ids as SchoolId[] }),
    { scope: 'all', readOnly: true },
  );
  return visit.page({
    title: words.title,
    lead: words.choose,
    back: { href: '/school/accounts' },
    tabs: false,
    body: tileGrid(
      schools.map(({ id, name }) => ({ title: name, href: `${BADGE_RULES_PATH}/${id}`, icon: 'school' })),
    ),
  });
}

/** The rule of one school, to change. */
export async function showBadgeRule(visit: Visit): Promise<AreaAnswer> {
  const school = await requireSchool(visit);
  const rule = await visit.socle.identity.badges.findRule(school.id);
  return visit.page(
    renderBadgeRule(visit, school, {
      isLimited: rule !== undefined,
      opensAt: rule?.opensAt ?? '08:00',
      closesAt: rule?.closesAt ?? '17:30',
      days: (rule?.weekdays ?? [1, 2, 3, 4, 5]).map(String),
      networks: (rule?.networks ?? []).join('\n'),
    }),
  );
}

/** Sets what was typed, or shows it again with what is wrong. */
export async function saveBadgeRule(
  visit: Visit,
  fields: Readonly<Record<string, string>>,
): Promise<AreaAnswer> {
  const school = await requireSchool(visit);
  const typed: TypedBadgeRule = {
    isLimited: fields['when'] === 'limited',
    opensAt: fields['opens-at'] ?? '',
    closesAt: fields['closes-at'] ?? '',
    days: visit.all('day'),
    networks: fields['networks'] ?? '',
  };
  const parsed = parseBadgeRule(typed, school.timeZone);
  if ('problems' in parsed) {
    return visit.page({ ...renderBadgeRule(visit, school, typed, parsed.problems), status: 422 });
  }
  const { identity, database } = visit.socle;
  await database.transaction(
    (tx) =>
      identity.badges.setRule(tx, school.id, parsed.rule, {
        actor: { kind: 'person', id: visit.session.personId },
        session: visit.session.id,
        controller: school.controller,
      }),
    { scope: 'all' },
  );
  return visit.redirect(`${BADGE_RULES_PATH}/${school.id}`, {
    kind: 'good',
    title: badgeRuleStrings[visit.language].saved,
  });
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
