import { refuseScim } from './scim-error.ts';

/** A path to an attribute (RFC 7644 §3.10), all in lower case: names are compared without case. */
export interface AttributePath {
  /** Schema URN before the name, without its last colon. */
  readonly urn?: string;
  readonly name: string;
  readonly sub?: string;
}

export const COMPARISONS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'lt', 'ge', 'le'] as const;
export type Comparison = (typeof COMPARISONS)[number];
export type FilterValue = string | number | boolean | null;

/** A filter (RFC 7644 §3.4.2.2) as a tree. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly filter: Filter }
  | { readonly kind: 'present'; readonly path: AttributePath }
  | {
      readonly kind: 'compare';
      readonly path: AttributePath;
      readonly comparison: Comparison;
      readonly value: FilterValue;
    }
  | { readonly kind: 'any'; readonly path: AttributePath; readonly filter: Filter };

const MAX_CHARS = 2_000;
const MAX_DEPTH = 12;
const MAX_TERMS = 50;

type Token =
  | { readonly kind: '(' | ')' | '[' | ']' | 'end' }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'value'; readonly value: FilterValue }
  | { readonly kind: 'sub'; readonly text: string };

const TOKEN =
  /\s*(?:([()[\]])|("(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=[\s()[\]]|$)|([A-Za-z][A-Za-z0-9_:.$-]*)|(\.[A-Za-z$][A-Za-z0-9_$-]*))/y;

function tokenize(text: string): readonly Token[] {
  if (text.length > MAX_CHARS) throw refuseScim('invalidFilter', 'A filter has at most 2000 characters.');
  const tokens: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) throw wrong();
    at = TOKEN.lastIndex;
    const [, bracket, string, number, word, sub] = match;
    if (bracket !== undefined) tokens.push({ kind: bracket as '(' });
    else if (string !== undefined) tokens.push({ kind: 'value', value: readString(string) });
    else if (number !== undefined) tokens.push({ kind: 'value', value: Number(number) });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else tokens.push({ kind: 'sub', text: sub!.slice(1) });
  }
  return tokens;
}

/** A JSON string (RFC 8259 §7): control characters stand in none. */
function readString(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw wrong();
  }
}

const wrong = () => refuseScim('invalidFilter', 'The filter is not one of RFC 7644 §3.4.2.2.');
const WORDS: Readonly<Record<string, FilterValue>> = { true: true, false: false, null: null };

/**
 * Parses a filter. `not` binds before `and`, `and` before `or`; operators are known in any case.
 *
 * @throws DirectoryError `scim_filter_invalid`, also beyond 2000 characters, 50 terms or 12 levels.
 */
export function parseFilter(text: string): Filter {
  const reader = openReader(tokenize(text));
  const filter = reader.either(0);
  reader.expect('end');
  return filter;
}

/** A path of PATCH (RFC 7644 §3.5.2): an attribute, one of its values by a filter, or a part of these. */
export interface PatchPath {
  readonly path: AttributePath;
  readonly filter?: Filter;
  /** What stands after the brackets. */
  readonly sub?: string;
}

/** @throws DirectoryError `scim_path_invalid`, or `scim_filter_invalid` for what stands between brackets. */
export function parsePatchPath(text: string): PatchPath {
  const tokens = tokenize(text);
  const [first, bracket] = tokens;
  if (first?.kind !== 'word') throw refuseScim('invalidPath', 'The path is not one of RFC 7644 §3.5.2.');
  const path = parseAttributePath(first.text);
  if (!bracket) return { path };
  const last = tokens.at(-1);
  const sub = last?.kind === 'sub' ? last.text.toLowerCase() : undefined;
  const reader = openReader(tokens.slice(1, sub === undefined ? undefined : -1));
  reader.expect('[');
  const filter = reader.either(0);
  reader.expect(']');
  reader.expect('end');
  return { path, filter, ...(sub === undefined ? {} : { sub }) };
}

/** @throws DirectoryError `scim_path_invalid`. */
export function parseAttributePath(text: string): AttributePath {
  const cut = /^urn:/i.test(text) ? text.lastIndexOf(':') : -1;
  const [name = '', sub, ...rest] = text.slice(cut + 1).split('.');
  const valid = (part: string) => /^(?:[A-Za-z][A-Za-z0-9_-]*|\$ref)$/.test(part);
  if (!valid(name) || (sub !== undefined && !valid(sub)) || rest.length > 0) {
    throw refuseScim('invalidPath', 'This is no path of an attribute.');
  }
  return {
    ...(cut > 0 ? { urn: text.slice(0, cut).toLowerCase() } : {}),
    name: name.toLowerCase(),
    ...(sub === undefined ? {} : { sub: sub.toLowerCase() }),
  };
}

function openReader(tokens: readonly Token[]) {
  let at = 0;
  let terms = 0;
  const peek = (): Token => tokens[at] ?? { kind: 'end' };
  const word = () => {
    const token = peek();
    return token.kind === 'word' ? token.text.toLowerCase() : undefined;
  };
  function expect(kind: Token['kind']): void {
    if (peek().kind !== kind) throw wrong();
    at += 1;
  }
  function either(depth: number): Filter {
    if (depth > MAX_DEPTH) throw refuseScim('invalidFilter', 'A filter has at most 12 levels.');
    let left = both(depth);
    while (word() === 'or') {
      at += 1;
      left = { kind: 'or', left, right: both(depth) };
    }
    return left;
  }
  function both(depth: number): Filter {
    let left = term(depth);
    while (word() === 'and') {
      at += 1;
      left = { kind: 'and', left, right: term(depth) };
    }
    return left;
  }
  function term(depth: number): Filter {
    terms += 1;
    if (terms > MAX_TERMS) throw refuseScim('invalidFilter', 'A filter has at most 50 terms.');
    if (word() === 'not' && tokens[at + 1]?.kind === '(') {
      at += 1;
      return { kind: 'not', filter: group('(', ')', depth) };
    }
    if (peek().kind === '(') return group('(', ')', depth);
    return expression(depth);
  }
  function group(open: '(' | '[', close: ')' | ']', depth: number): Filter {
    expect(open);
    const filter = either(depth + 1);
    expect(close);
    return filter;
  }
  function expression(depth: number): Filter {
    const token = peek();
    if (token.kind !== 'word') throw wrong();
    at += 1;
    const path = parseAttributePath(token.text);
    if (peek().kind === '[') return { kind: 'any', path, filter: group('[', ']', depth) };
    const operator = word();
    at += 1;
    if (operator === 'pr') return { kind: 'present', path };
    const comparison = COMPARISONS.find((each) => each === operator);
    if (!comparison) throw wrong();
    return { kind: 'compare', path, comparison, value: value() };
  }
  function value(): FilterValue {
    const token = peek();
    at += 1;
    if (token.kind === 'value') return token.value;
    const known = token.kind === 'word' ? WORDS[token.text] : undefined;
    if (known === undefined) throw wrong();
    return known;
  }
  return { either, expect };
}
