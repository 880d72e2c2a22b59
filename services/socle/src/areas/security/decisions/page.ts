import type {
  ConjunctOutcome,
  Explanation,
  Phrases,
  Policies,
  Rule,
  RuleOutcome,
} from '@socle/authorization';
import { sayWho as sayRule } from '@socle/authorization';
import type { PersonId } from '@socle/base';
import type { PersonCard } from '@socle/directory';
import {
  badge,
  card,
  descriptionList,
  emptyState,
  formatDateTime,
  formatList,
  html,
  icon,
  nothing,
  section,
  type Content,
  type Fragment,
} from '@socle/pages';
import { sayWho } from '../../dpo/access/who.ts';
import type { AreaPage, Visit } from '../../visit.ts';
import { renderDecisionForm } from './form.ts';
import type { DecisionQuestion } from './question.ts';
import type { LoggedDecision } from './retell.ts';
import { strings } from './strings.ts';

/** What a decision is told with. */
export interface ExplainedDecision {
  readonly logged: LoggedDecision;
  /** Asked again; undefined when it cannot be. */
  readonly again: Explanation | undefined;
  readonly isPersonKnown: boolean;
  readonly policies: Policies;
  readonly phrases: Phrases;
  readonly cards: ReadonlyMap<PersonId, PersonCard>;
  /** Name of the school it was about. */
  readonly school: string | undefined;
}

/** The form, and under it what was found: nothing yet, no decision, or one explained. */
export function renderDecisionPage(
  visit: Visit,
  question: DecisionQuestion,
  found?: ExplainedDecision | 'none',
): AreaPage {
  const words = strings[visit.language];
  const isRefused = question.written !== '' && question.number === undefined;
  return {
    title: words.title,
    lead: words.lead,
    ...(isRefused ? { status: 422 } : {}),
    body: html`${renderFound(visit, found)}${renderDecisionForm(visit, question)}`,
  };
}

function renderFound(visit: Visit, found: ExplainedDecision | 'none' | undefined): Content {
  const words = strings[visit.language];
  if (found === undefined) return nothing;
  if (found === 'none') return emptyState({ icon: 'search', title: words.noneTitle, text: words.noneText });
  return html`${section({ title: words.then, body: card({ body: renderThen(visit, found) }) })}${section({
    title: words.now,
    lead: words.nowLead,
    body: renderNow(visit, found),
  })}`;
}

function renderThen(visit: Visit, { logged, policies, phrases, cards, school }: ExplainedDecision): Fragment {
  const { language } = visit;
  const words = strings[language];
  const { event } = logged;
  const rule = policies.rules.find(({ id }) => id === logged.rule);
  const digest = logged.policies.slice(0, 12);
  const isSame = logged.policies === policies.digest;
  return descriptionList([
    {
      term: words.verdict,
      description: badge(logged.allowed ? words.allowed : words.denied, logged.allowed ? 'good' : 'danger'),
    },
    {
      term: words.what,
      description: capitalise(phrases.actions.get(logged.action)?.[language] ?? logged.action),
    },
    { term: words.who, description: sayWho(language, cards, event.onBehalfOf ?? event.actor) },
    ...(event.onBehalfOf === undefined
      ? []
      : [{ term: words.asked, description: words.byModule(event.actor.id) }]),
    { term: words.onWhat, description: sayThing(visit, { logged, phrases, cards, school }) },
    { term: words.when, description: formatDateTime(language, event.at) },
    {
      term: words.decidedBy,
      description:
        logged.rule === undefined
          ? logged.basis === 'error'
            ? words.error
            : words.noRule
          : rule === undefined
            ? words.ruleGone(logged.rule)
            : tellRule(visit, phrases, rule),
    },
    {
      term: words.rulesThen,
      description: isSame ? words.rulesSame(digest) : words.rulesOther(digest),
    },
  ]);
}

function sayThing(
  { language }: Visit,
  { logged, phrases, cards, school }: Pick<ExplainedDecision, 'logged' | 'phrases' | 'cards' | 'school'>,
): string {
  const words = strings[language];
  const { event, resource } = logged;
  const type = resource?.type ?? event.target?.kind ?? '';
  const name = (id: string | undefined): string => cards.get(id as PersonId)?.displayName ?? words.forgotten;
  const flag = (value: boolean | undefined, yes: string, no: string): string[] =>
    value === undefined ? [] : [value ? yes : no];
  return formatList(language, [
    phrases.objects.get(type)?.[language] ?? type,
    ...(school === undefined ? [] : [words.school(school)]),
    ...(event.detail['pupil'] === undefined ? [] : [words.pupil(name(resource?.pupil))]),
    ...(event.detail['owner'] === undefined ? [] : [words.owner(name(resource?.owner))]),
    ...flag(resource?.published, words.published, words.unpublished),
    ...flag(resource?.closed, words.closed, words.notClosed),
  ]);
}

function renderNow(visit: Visit, { logged, again, isPersonKnown, phrases }: ExplainedDecision): Fragment {
  const words = strings[visit.language];
  const say = (text: string, mark: 'circle-check' | 'alert-triangle'): Fragment =>
    html`<p>${icon(mark)} ${text}</p>`;
  if (!isPersonKnown) return say(words.unknownPerson, 'alert-triangle');
  if (again === undefined) return say(words.unknownAction, 'alert-triangle');
  if (again.failure !== undefined) return say(words.notWhole, 'alert-triangle');
  const { allowed } = again.decision;
  const verdict =
    allowed === logged.allowed
      ? say(words.same, 'circle-check')
      : say(allowed ? words.wouldAllow : words.wouldDeny, 'alert-triangle');
  const deciding = again.deciding
    ? descriptionList([{ term: words.decidedBy, description: tellRule(visit, phrases, again.deciding.rule) }])
    : html`<p>${words.noRule}</p>`;
  return html`${card({ body: html`${verdict}${deciding}` })}${renderNearest(visit, phrases, again.nearest)}`;
}

function renderNearest(visit: Visit, phrases: Phrases, nearest: readonly RuleOutcome[]): Content {
  const words = strings[visit.language];
  if (nearest.length === 0) return nothing;
  return card({
    title: words.nearest,
    note: words.nearestLead,
    level: 3,
    body: html`<ul>${nearest.map(
      ({ rule, firstFailing }) =>
        html`<li>${tellRule(visit, phrases, rule)} – ${
          firstFailing === undefined
            ? words.holds
            : words.lacks(sayConjunct(visit, phrases, rule, firstFailing))
        }</li>`,
    )}</ul>`,
  });
}

/** What one part of a rule asks, in words. */
function sayConjunct({ language }: Visit, phrases: Phrases, rule: Rule, { name }: ConjunctOutcome): string {
  switch (name) {
    case 'role':
      return sayRule(phrases, { ...rule, relation: 'any', condition: 'always' }, language);
    case 'relation':
      return phrases.relations.get(rule.relation)![language];
    case 'condition':
      return phrases.conditions.get(rule.condition)![language];
    default:
      return strings[language].otherCondition;
  }
}

function tellRule({ language }: Visit, phrases: Phrases, rule: Rule): Fragment {
  return html`${capitalise(sayRule(phrases, rule, language))} ${badge(rule.id)}`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
