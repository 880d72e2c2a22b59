import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { PolicyProblem } from './errors.ts';

/** A value of a YAML file, with the line it stands on. */
export type YamlValue =
  | { readonly kind: 'map'; readonly line: number; readonly entries: ReadonlyMap<string, YamlValue> }
  | { readonly kind: 'list'; readonly line: number; readonly items: readonly YamlValue[] }
  | { readonly kind: 'scalar'; readonly line: number; readonly value: string | number | boolean | null };

/** Where problems of one file go. */
export type ReportProblem = (line: number, problem: string, instead: string) => void;

/** A reporter for one file that appends to `problems`. */
export function reportIn(file: string, problems: PolicyProblem[]): ReportProblem {
  return (line, problem, instead) => {
    problems.push({ file, line, problem, instead });
  };
}

/** Reads YAML 1.2: one document, no alias, no duplicate key, keys that are texts. Undefined when it does not parse. */
export function readYaml(text: string, report: ReportProblem): YamlValue | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    strict: true,
    prettyErrors: false,
  });
  const lineAt = (offset: number | undefined): number =>
    offset === undefined ? 0 : lines.linePos(offset).line;
  for (const error of [...document.errors, ...document.warnings]) {
    report(lineAt(error.pos[0]), `not valid YAML (${error.message})`, 'one YAML 1.2 document');
  }
  if (document.errors.length > 0) return undefined;
  return convert(document.contents, lineAt, report);
}

function convert(
  node: unknown,
  lineAt: (offset: number | undefined) => number,
  report: ReportProblem,
): YamlValue | undefined {
  const line = lineAt((node as { range?: [number, number, number] } | null)?.range?.[0]);
  if (isAlias(node)) {
    report(line, 'an alias', 'the value itself, written out');
    return undefined;
  }
  if (isMap(node)) {
    const entries = new Map<string, YamlValue>();
    for (const pair of node.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : undefined;
      if (key === undefined) report(line, 'a key that is not a text', 'a plain text as key');
      const value = convert(pair.value, lineAt, report);
      if (key !== undefined && value !== undefined) entries.set(key, value);
    }
    return { kind: 'map', line, entries };
  }
  if (isSeq(node)) {
    const items = node.items
      .map((item) => convert(item, lineAt, report))
      .filter((item) => item !== undefined);
    return { kind: 'list', line, items };
  }
  if (!isScalar(node)) return { kind: 'scalar', line, value: null };
  const value = node.value;
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return { kind: 'scalar', line, value };
  return { kind: 'scalar', line, value: null };
}

/** Reads the members of one map strictly: what was not asked for is refused by `finish`. */
export class YamlMap {
  readonly line: number;
  readonly #entries: ReadonlyMap<string, YamlValue>;
  readonly #seen = new Set<string>();
  readonly #report: ReportProblem;

  constructor(value: YamlValue | undefined, what: string, report: ReportProblem) {
    this.#report = report;
    this.line = value?.line ?? 0;
    this.#entries = value?.kind === 'map' ? value.entries : new Map();
    if (value?.kind !== 'map') report(this.line, `${what} is not a map`, 'members written as "name: value"');
  }

  /** The text of a member; `''` and a problem when it is missing. */
  text(key: string): string {
    const found = this.optionalText(key);
    if (found === undefined) this.#report(this.line, `"${key}" is missing`, `${key}: …`);
    return found ?? '';
  }

  optionalText(key: string): string | undefined {
    const value = this.#take(key);
    if (value === undefined) return undefined;
    if (value.kind === 'scalar' && typeof value.value === 'string') return value.value;
    this.#report(value.line, `"${key}" is not a text`, `${key}: a text, in quotes if it looks like a number`);
    return undefined;
  }

  /** A boolean member, or undefined when it is missing. */
  flag(key: string): boolean | undefined {
    const value = this.#take(key);
    if (value === undefined) return undefined;
    if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value;
    this.#report(value.line, `"${key}" is neither true nor false`, `${key}: true`);
    return undefined;
  }

  /** An instant (ISO 8601 with its zone), or undefined when it is missing. */
  instant(key: string): Date | undefined {
    const text = this.optionalText(key);
    if (text === undefined) return undefined;
    const at = new Date(text);
    if (!Number.isNaN(at.getTime()) && /T.*(Z|[+-]\d\d:\d\d)$/.test(text)) return at;
    this.#report(this.line, `"${key}" is not an instant`, `${key}: "2026-11-23T10:00:00Z"`);
    return undefined;
  }

  /** The items of a list member; none when it is missing. */
  list(key: string): readonly YamlValue[] {
    const value = this.#take(key);
    if (value === undefined) return [];
    if (value.kind === 'list') return value.items;
    this.#report(value.line, `"${key}" is not a list`, `${key}: [ … ]`);
    return [];
  }

  /** The texts of a list member. */
  texts(key: string): readonly string[] {
    return this.list(key).flatMap((item) => {
      if (item.kind === 'scalar' && typeof item.value === 'string') return [item.value];
      this.#report(item.line, `an item of "${key}" is not a text`, 'texts only');
      return [];
    });
  }

  /** The entries of a map member, as readers of values. */
  entries(key: string): ReadonlyMap<string, YamlValue> {
    const value = this.#take(key);
    if (value === undefined) return new Map();
    if (value.kind === 'map') return value.entries;
    this.#report(value.line, `"${key}" is not a map`, `${key}: with members under it`);
    return new Map();
  }

  /** The raw value of a member. */
  value(key: string): YamlValue | undefined {
    return this.#take(key);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** Refuses the members that nobody asked for. */
  finish(): void {
    for (const [key, value] of this.#entries) {
      if (!this.#seen.has(key))
        this.#report(value.line, `"${key}" is not known here`, `one of ${[...this.#seen].join(', ')}`);
    }
  }

  #take(key: string): YamlValue | undefined {
    this.#seen.add(key);
    return this.#entries.get(key);
  }
}
