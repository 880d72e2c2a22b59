import type { School } from '@socle/directory';
import {
  button,
  checkboxGroup,
  errorSummary,
  fieldGroup,
  form,
  html,
  nothing,
  radioGroup,
  textField,
  timeField,
} from '@socle/pages';
import type { AreaPage, Visit } from '../../visit.ts';
import { badgeRuleStrings } from './badge-rule-strings.ts';
import type { BadgeRuleProblem, TypedBadgeRule } from './parse-badge-rule.ts';

/** The form of a school's badge rule, with what was typed and what is wrong with it. */
export function renderBadgeRule(
  visit: Visit,
  school: School,
  typed: TypedBadgeRule,
  problems: readonly BadgeRuleProblem[] = [],
): AreaPage {
  const { language } = visit;
  const words = badgeRuleStrings[language];
  const errors = problems.map((problem) => ({
    name: problem.field,
    message: messageOf(problem, language),
  }));
  const errorOf = (name: string) => {
    const found = errors.find((error) => error.name === name);
    return found ? { error: found.message } : {};
  };
  return {
    title: words.title,
    lead: words.lead(school.name),
    back: { href: '/school/accounts' },
    tabs: false,
    body: html`${errors.length === 0 ? nothing : errorSummary(errors, language)}${form({
      action: `/school/accounts/badges/${school.id}`,
      fields: visit.fields(),
      body: [
        radioGroup({
          language,
          name: 'when',
          label: words.when,
          value: typed.isLimited ? 'limited' : 'always',
          choices: [
            { value: 'always', label: words.always },
            { value: 'limited', label: words.limited },
          ],
        }),
        fieldGroup({
          legend: words.limited,
          hint: words.zone(school.timeZone),
          body: [
            html`<div class="period">${timeField({ language, name: 'opens-at', label: words.from, value: typed.opensAt, ...errorOf('opens-at') })}${timeField({ language, name: 'closes-at', label: words.to, value: typed.closesAt })}</div>`,
            checkboxGroup({
              language,
              name: 'day',
              label: words.days,
              values: typed.days,
              choices: Object.values(words.dayNames).map((label, index) => ({
                value: String(index + 1),
                label,
              })),
              ...errorOf('day'),
            }),
            textField({
              language,
              name: 'networks',
              label: words.networks,
              hint: words.networksHint(visit.request.ip),
              value: typed.networks,
              rows: 4,
              optional: true,
              spellcheck: false,
              ...errorOf('networks'),
            }),
          ],
        }),
        button({ label: words.save }),
      ],
    })}`,
  };
}

function messageOf(problem: BadgeRuleProblem, language: Visit['language']): string {
  const words = badgeRuleStrings[language];
  if (problem.field === 'opens-at') return words.wrongTimes;
  if (problem.field === 'day') return words.wrongDays;
  return problem.line === undefined ? words.tooManyNetworks : words.wrongNetworks(problem.line);
}
