import type { AreaRoutes } from '../../area.ts';
import {
  BADGE_RULES_PATH,
  chooseBadgeRule,
  saveBadgeRule,
  setsBadgeRules,
  showBadgeRule,
} from './badge-rules.ts';
import { endLesson } from './end-lesson.ts';
import { printBadges } from './print-badges.ts';
import { printParents } from './print-parents.ts';
import { printSheets } from './print-sheets.ts';
import { renderClass } from './class-page.ts';
import { renderClasses, renderNoAccounts } from './classes-page.ts';
import { resetPupils } from './reset.ts';
import { loadClass } from './school-class.ts';
import { loadVisibleClasses } from './visible-classes.ts';

/** Whose tab of accounts stands in the school's area. */
export const CLASS_ROLES = ['teacher', 'head_teacher', 'local_admin', 'head'] as const;

/** `/school/accounts`: first codes, forgotten passwords, badges and the end of a lesson, class by class. */
export function accountRoutes({ get, post }: AreaRoutes): void {
  get('/school/accounts', async (visit) => {
    const divisions = await loadVisibleClasses(visit);
    // who teaches waits for classes; who neither teaches nor sets rules has nothing here, and is told so
    const isOpen = divisions.length > 0 || visit.holds(...CLASS_ROLES) || setsBadgeRules(visit);
    return visit.page(isOpen ? renderClasses(visit, divisions) : renderNoAccounts(visit));
  });

  get('/school/accounts/classes/:division', async (visit) => {
    const group = await loadClass(visit);
    const open = await visit.socle.identity.lessons.countOpen(group.pupils.map(({ id }) => id));
    return visit.page(renderClass(visit, group, open));
  });
  post('/school/accounts/classes/:division/sheets', printSheets);
  post('/school/accounts/classes/:division/badges', printBadges);
  post('/school/accounts/classes/:division/reset', resetPupils);
  post('/school/accounts/classes/:division/parents', printParents);
  post('/school/accounts/classes/:division/end-lesson', endLesson);

  get(BADGE_RULES_PATH, chooseBadgeRule);
  get(`${BADGE_RULES_PATH}/:school`, showBadgeRule);
  post(`${BADGE_RULES_PATH}/:school`, saveBadgeRule);
}
