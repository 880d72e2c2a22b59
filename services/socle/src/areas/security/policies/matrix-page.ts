import { buildMatrix, type Phrases, type Policies, type Rule } from '@socle/authorization';
import {
  badge,
  button,
  buttonLink,
  card,
  descriptionList,
  form,
  html,
  section,
  selectField,
  stack,
  type Fragment,
} from '@socle/pages';
import type { AreaPage, Visit } from '../../visit.ts';
import { strings } from './strings.ts';

/** Who may do what: one card a thing, one line an act; narrowed to a role by the address. */
export function renderMatrixPage(visit: Visit, policies: Policies, phrases: Phrases): AreaPage {
  const { language } = visit;
  const words = strings[language];
  const { roles, cells, denials } = buildMatrix(policies);
  const asked = visit.query('role');
  const role = roles.find((name) => name === asked);
  const cards = [...policies.vocabulary.objects.values()].flatMap((object) => {
    const lines = object.actions.flatMap((action) => {
      const granted = cells.filter(
        (cell) =>
          cell.action === action && cell.rules.length > 0 && (role === undefined || cell.role === role),
      );
      if (granted.length === 0 && role !== undefined) return [];
      const description =
        granted.length === 0
          ? words.nobody
          : html`<ul>${granted.flatMap((cell) =>
              cell.rules.map((rule) => html`<li>${sayRule(visit, phrases, rule)}</li>`),
            )}</ul>`;
      return [{ term: capitalise(phrases.actions.get(action)![language]), description }];
    });
    return lines.length === 0
      ? []
      : [
          card({
            title: phrases.objects.get(object.name)![language],
            level: 3,
            body: descriptionList(lines),
          }),
        ];
  });
  return {
    title: words.title,
    lead: words.lead,
    actions: buttonLink({
      label: words.print,
      href: '/security/policies/matrix.html',
      kind: 'secondary',
      icon: 'printer',
    }),
    body: html`${filter(visit, phrases, roles, role)}${section({
      title: words.denials,
      lead: words.denialsLead,
      body: html`<ul>${denials.map((rule) => html`<li>${sayRule(visit, phrases, rule)}</li>`)}</ul>`,
    })}${section({ title: words.allowed, lead: words.allowedLead, body: stack(...cards) })}<p class="muted">${words.digest(policies.rules.length, policies.digest.slice(0, 12))}</p>`,
  };
}

/** A rule in a sentence, with its id. */
function sayRule({ language }: Visit, phrases: Phrases, rule: Rule): Fragment {
  const role = phrases.roles.get(rule.role)![language];
  const asks = [
    rule.role === 'anyone' ? role : `${role} ${phrases.scopes.get(rule.scope)![language]}`,
    ...(rule.relation === 'any' ? [] : [phrases.relations.get(rule.relation)![language]]),
    ...(rule.condition === 'always' ? [] : [phrases.conditions.get(rule.condition)![language]]),
  ];
  return html`${capitalise(asks.join(', '))} ${badge(rule.id)}`;
}

function filter(
  visit: Visit,
  phrases: Phrases,
  roles: readonly string[],
  role: string | undefined,
): Fragment {
  const words = strings[visit.language];
  return form({
    action: '/security/policies',
    method: 'get',
    label: words.role,
    body: [
      selectField({
        language: visit.language,
        name: 'role',
        label: words.role,
        prompt: words.everyRole,
        ...(role === undefined ? {} : { value: role }),
        choices: roles.map((name) => ({
          value: name,
          label: capitalise(phrases.roles.get(name)![visit.language]),
        })),
        width: 'medium',
      }),
      button({ label: words.show, kind: 'secondary' }),
    ],
  });
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
