import { requireNoProblem, type PolicyProblem } from './errors.ts';
import { loadPolicyText, type Policies } from './load-policies.ts';
import type { Rule } from './rules.ts';
import { YamlMap, readYaml, reportIn, type ReportProblem } from './yaml-reader.ts';

/** The languages that policies are told in. */
export type PhraseLanguage = 'fr' | 'en';

/** The words of the vocabulary, as they stand in a sentence. */
export interface Phrases {
  readonly roles: ReadonlyMap<string, Phrase>;
  readonly scopes: ReadonlyMap<string, Phrase>;
  readonly objects: ReadonlyMap<string, Phrase>;
  readonly actions: ReadonlyMap<string, Phrase>;
  readonly relations: ReadonlyMap<string, Phrase>;
  readonly conditions: ReadonlyMap<string, Phrase>;
}

type Phrase = Readonly<Record<PhraseLanguage, string>>;

const FILE = 'phrases.yaml';

/**
 * Loads phrases.yaml of a policies folder and compares it with the vocabulary, both ways: no word without its
 * sentence, no sentence for a word that is gone.
 *
 * @throws PolicyError `policy_refused` with every problem, or `policy_unreadable`.
 */
export async function loadPhrases(folder: string, { vocabulary }: Policies): Promise<Phrases> {
  const problems: PolicyProblem[] = [];
  const report = reportIn(FILE, problems);
  const root = new YamlMap(readYaml(await loadPolicyText(folder, FILE), report), 'the phrases', report);
  const phrases = {
    roles: readSection(root, 'roles', vocabulary.roles, report),
    scopes: readSection(root, 'scopes', vocabulary.scopes, report),
    objects: readSection(root, 'objects', vocabulary.objects.keys(), report),
    actions: readSection(root, 'actions', vocabulary.actions.keys(), report),
    relations: readSection(root, 'relations', vocabulary.relations, report),
    conditions: readSection(root, 'conditions', vocabulary.conditions, report),
  };
  root.finish();
  requireNoProblem(problems);
  return phrases;
}

function readSection(
  root: YamlMap,
  section: string,
  words: Iterable<string>,
  report: ReportProblem,
): ReadonlyMap<string, Phrase> {
  const found = new Map<string, Phrase>();
  const entries = root.entries(section);
  const known = new Set(words);
  for (const [word, value] of entries) {
    const map = new YamlMap(value, `phrase of "${word}"`, report);
    found.set(word, { fr: map.text('fr'), en: map.text('en') });
    map.finish();
    if (!known.has(word))
      report(value.line, `"${word}" is not in the vocabulary`, 'a word that is, or no line');
  }
  for (const word of known)
    if (!found.has(word))
      report(root.line, `"${word}" of ${section} has no phrase`, `${word}: { fr: …, en: … }`);
  return found;
}

/** Who a rule is about, and when: « un parent de l'établissement, pour un enfant …, une fois publié ». */
export function sayWho(
  phrases: Phrases,
  facts: Pick<Rule, 'role' | 'scope' | 'relation' | 'condition'>,
  language: PhraseLanguage,
): string {
  const role = phrases.roles.get(facts.role)![language];
  const who = facts.role === 'anyone' ? role : `${role} ${phrases.scopes.get(facts.scope)![language]}`;
  const what = sayWhat(phrases, facts, language);
  return what === '' ? who : `${who}, ${what}`;
}

/** The relation and the condition that a rule asks for; nothing when it asks for none. */
export function sayWhat(
  phrases: Phrases,
  facts: Pick<Rule, 'relation' | 'condition'>,
  language: PhraseLanguage,
): string {
  return [
    ...(facts.relation === 'any' ? [] : [phrases.relations.get(facts.relation)![language]]),
    ...(facts.condition === 'always' ? [] : [phrases.conditions.get(facts.condition)![language]]),
  ].join(', ');
}
