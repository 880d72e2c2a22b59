import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { sha256 } from '@socle/base';
import { PolicyError, requireNoProblem, type PolicyProblem } from './errors.ts';
import { checkModel, type PolicyModel } from './model-check.ts';
import { ANYONE } from './roles.ts';
import { readRules, type Rule } from './rules.ts';
import { readVocabulary, type Vocabulary } from './vocabulary.ts';
import { reportIn } from './yaml-reader.ts';

/** Policies that passed the strict front end. Immutable: an engine opened on them never changes its mind. */
export interface Policies {
  readonly model: PolicyModel;
  readonly vocabulary: Vocabulary;
  /** In the order of the files: legal denials first, then the modules by name. */
  readonly rules: readonly Rule[];
  /** SHA-256, hexadecimal, of the model, the vocabulary and the policy files: names one set of policies. */
  readonly digest: string;
}

/** The text of the files that make policies. */
export interface PolicyTexts {
  readonly model: string;
  readonly vocabulary: string;
  /** Each policy file by its path inside the folder. */
  readonly policies: ReadonlyMap<string, string>;
}

/** What is loaded. */
interface PolicyOptions {
  /** Policies of an earlier release, to compare with: their vocabulary may lack what was written since. Default false. */
  readonly isEarlier?: boolean;
}

/**
 * Loads `model.conf`, `vocabulary.yaml`, `cross/*.csv` and `modules/<module>/policy.csv` of a policies folder.
 *
 * @throws PolicyError `policy_refused` with every problem, its file, its line and what to write instead;
 *   `policy_unreadable` when a file cannot be read. Nothing is half loaded.
 */
export async function loadPolicies(folder: string, options: PolicyOptions = {}): Promise<Policies> {
  return buildPolicies(await loadPolicyTexts(folder), options);
}

/** Reads the files that make policies, without judging them. @throws PolicyError `policy_unreadable` */
export async function loadPolicyTexts(folder: string): Promise<PolicyTexts> {
  const crossFiles = (await listFolder(folder, 'cross')).filter((name) => name.endsWith('.csv'));
  const modules = await listFolder(folder, 'modules');
  const files = [
    ...crossFiles.map((name) => `cross/${name}`),
    ...modules.map((name) => `modules/${name}/policy.csv`),
  ];
  const policies = new Map<string, string>();
  for (const file of files) policies.set(file, await loadPolicyText(folder, file));
  return {
    model: await loadPolicyText(folder, 'model.conf'),
    vocabulary: await loadPolicyText(folder, 'vocabulary.yaml'),
    policies,
  };
}

/** Builds policies from their texts. @throws PolicyError `policy_refused`, as {@link loadPolicies} does. */
export function buildPolicies(texts: PolicyTexts, options: PolicyOptions = {}): Policies {
  const problems: PolicyProblem[] = [];
  const model = checkModel('model.conf', texts.model, problems);
  const vocabulary = readVocabulary(texts.vocabulary, reportIn('vocabulary.yaml', problems), options);
  requireNoProblem(problems);
  const rules = [...texts.policies].flatMap(([file, csv]) =>
    readRules(file, csv, texts.model, vocabulary, reportIn(file, problems)),
  );
  checkTogether(rules, model!, problems);
  requireNoProblem(problems);
  const digest = sha256(
    JSON.stringify([
      texts.model,
      texts.vocabulary,
      [...texts.policies].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ]),
  ).toString('hex');
  return Object.freeze({ model: model!, vocabulary, rules: Object.freeze(rules), digest });
}

/** Reads one file of the policies folder. @throws PolicyError `policy_unreadable` */
export async function loadPolicyText(folder: string, file: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path.join(folder, file), 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
  if (text.startsWith('\uFEFF')) {
    const problem = { file, line: 1, problem: 'a byte order mark', instead: 'UTF-8 without it' };
    throw new PolicyError('policy_refused', [problem]);
  }
  return text;
}

/** Names inside a folder of the policies, sorted. @throws PolicyError `policy_unreadable` */
export async function listFolder(folder: string, name: string): Promise<readonly string[]> {
  try {
    return (await readdir(path.join(folder, name))).filter((entry) => !entry.startsWith('.')).toSorted();
  } catch (error) {
    throw unreadable(name, error);
  }
}

function unreadable(file: string, cause: unknown): PolicyError {
  const problem = { file, line: 0, problem: 'it cannot be read', instead: 'a folder laid out as policies/' };
  return new PolicyError('policy_unreadable', [problem], cause);
}

function checkTogether(rules: readonly Rule[], model: PolicyModel, problems: PolicyProblem[]): void {
  const byId = new Map<string, Rule>();
  for (const rule of rules) {
    const first = byId.get(rule.id);
    if (first === undefined) byId.set(rule.id, rule);
    else
      problems.push({
        file: rule.file,
        line: rule.line,
        problem: `id ${rule.id} is already at ${first.file}:${first.line}`,
        instead: 'an id of its own',
      });
    if (rule.effect === 'deny' && model.effect === 'allow')
      problems.push({
        file: rule.file,
        line: rule.line,
        problem: 'a denial that the effect of the model ignores',
        instead: 'the effect "some(where (p.eft == allow)) && !some(where (p.eft == deny))"',
      });
  }
  if (!rules.some(deniesSuspended))
    problems.push({
      file: 'cross/deny.csv',
      line: 0,
      problem: 'nothing denies a suspended person',
      instead: 'p, DNY-001, anyone, school, *, *, any, suspended, deny',
    });
}

function deniesSuspended(rule: Rule): boolean {
  return (
    rule.effect === 'deny' &&
    rule.role === ANYONE &&
    rule.object === '*' &&
    rule.action === '*' &&
    rule.relation === 'any' &&
    rule.condition === 'suspended'
  );
}
