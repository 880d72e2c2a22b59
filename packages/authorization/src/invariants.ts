import type { Policies } from './load-policies.ts';
import { predicates } from './invariant-predicates.ts';
import { YamlMap, readYaml, type ReportProblem } from './yaml-reader.ts';

/** What holds in every world: when all of `when` is true of a person and a resource, none of `actions` is allowed. */
export interface Invariant {
  readonly id: string;
  readonly line: number;
  readonly says: string;
  readonly actions: readonly string[];
  /** Names of predicates (invariant-predicates.ts). */
  readonly when: readonly string[];
}

/** Reads invariants.yaml. `actions: ["*"]` means every action of the vocabulary. */
export function readInvariants(
  text: string,
  policies: Policies,
  report: ReportProblem,
): readonly Invariant[] {
  const root = new YamlMap(readYaml(text, report), 'the invariants', report);
  const items = root.list('invariants');
  if (items.length === 0) report(root.line, 'no invariant in the file', 'invariants: with at least one');
  root.finish();
  const all = [...policies.vocabulary.actions.keys()];
  const ids = new Set<string>();
  return items.map((item) => {
    const map = new YamlMap(item, 'an invariant', report);
    const id = map.text('id');
    if (!/^INV-[0-9]{3}$/.test(id)) report(map.line, `"${id}" is not the id of an invariant`, 'INV-001');
    if (ids.has(id)) report(map.line, `${id} is there twice`, 'an id of its own');
    ids.add(id);
    const says = map.text('says');
    const named = map.texts('never');
    const when = map.texts('when');
    map.finish();
    for (const action of named)
      if (action !== '*' && !policies.vocabulary.actions.has(action))
        report(
          map.line,
          `action "${action}" is not in the vocabulary`,
          'an action of vocabulary.yaml, or "*"',
        );
    for (const name of when)
      if (!predicates.has(name))
        report(map.line, `"${name}" is no predicate`, `one of ${[...predicates.keys()].join(', ')}`);
    if (named.length === 0 || when.length === 0)
      report(
        map.line,
        'an invariant says what never happens, and when',
        'never: [action], when: [predicate]',
      );
    return { id, line: map.line, says, actions: named.includes('*') ? all : named, when };
  });
}
