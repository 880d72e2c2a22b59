import type { AreaAnswer } from '../../area.ts';
import { mayAnywhere } from '../../may-anywhere.ts';
import type { Visit } from '../../visit.ts';
import { chooseSchool, requireSchool, type SchoolTask } from '../school-of-page.ts';
import { renderBadgeRule } from './badge-rule-page.ts';
import { badgeRuleStrings } from './badge-rule-strings.ts';
import { parseBadgeRule, type TypedBadgeRule } from './parse-badge-rule.ts';

/** Where the hours and networks of badges are set. */
export const BADGE_RULES_PATH = '/school/accounts/badges';

const TASK: SchoolTask = {
  action: 'accounts.badge_rule.set',
  type: 'accounts.badge_rule',
  path: BADGE_RULES_PATH,
};

/** Does this person set the hours of badges in any school? */
export function setsBadgeRules(visit: Visit): boolean {
  return mayAnywhere(visit, TASK.action, TASK.type);
}

/** The schools whose badge rule this person sets; straight to the only one. */
export function chooseBadgeRule(visit: Visit): Promise<AreaAnswer> {
  const { title, choose } = badgeRuleStrings[visit.language];
  return chooseSchool(visit, TASK, { title, lead: choose, back: '/school/accounts' });
}

/** The rule of one school, to change. */
export async function showBadgeRule(visit: Visit): Promise<AreaAnswer> {
  const school = await requireSchool(visit, TASK);
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
  const school = await requireSchool(visit, TASK);
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
