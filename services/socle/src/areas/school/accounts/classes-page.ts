import { buttonLink, emptyState, section, tileGrid } from '@socle/pages';
import type { Division } from '@socle/directory';
import type { AreaPage, Visit } from '../../visit.ts';
import { BADGE_RULES_PATH, setsBadgeRules } from './badge-rules.ts';
import { badgeRuleStrings } from './badge-rule-strings.ts';
import { accountStrings } from './strings.ts';

/** The classes, each a tile. */
export function renderClasses(visit: Visit, divisions: readonly Division[]): AreaPage {
  const words = accountStrings[visit.language];
  const schools = new Map(visit.context.schools.map(({ id, name }) => [id as string, name]));
  return {
    title: words.title,
    lead: words.lead,
    ...(setsBadgeRules(visit) && {
      actions: buttonLink({
        label: badgeRuleStrings[visit.language].link,
        href: BADGE_RULES_PATH,
        kind: 'secondary',
        icon: 'clock',
      }),
    }),
    body:
      divisions.length === 0
        ? emptyState(
            setsBadgeRules(visit)
              ? { icon: 'users-group', title: words.rulesOnlyTitle, text: words.rulesOnlyText }
              : { icon: 'users-group', title: words.noClassTitle, text: words.noClassText },
          )
        : section({
            title: words.classes,
            body: tileGrid(
              divisions.map(({ id, name, kind, school }) => ({
                title: name,
                description: [words.kinds[kind], schools.size > 1 ? schools.get(school) : undefined]
                  .filter(Boolean)
                  .join(' · '),
                href: `/school/accounts/classes/${id}`,
                icon: 'users-group',
              })),
            ),
          }),
  };
}

/** What somebody reads whose role looks after no account: that it is refused, and whom to ask. */
export function renderNoAccounts(visit: Visit): AreaPage {
  const words = accountStrings[visit.language];
  return {
    title: words.title,
    tabs: false,
    status: 403,
    body: emptyState({
      icon: 'lock',
      title: words.notYoursTitle,
      text: words.notYoursText,
      action: buttonLink({ label: words.notYoursBack, href: '/school', kind: 'secondary' }),
    }),
  };
}
