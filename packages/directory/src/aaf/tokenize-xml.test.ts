import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { openTokenizer } from './tokenize-xml.ts';

const WITH_TEXT = new Set(['value', 'id']);
type Token = readonly [kind: string, ...parts: readonly unknown[]];

/** Adjacent pieces of text are one; where no text may stand, white space is nothing. */
function merge(tokens: readonly Token[]): Token[] {
  const merged: Token[] = [];
  for (const token of tokens) {
    const last = merged.at(-1);
    if (token[0] === 'text' && last?.[0] === 'text')
      merged[merged.length - 1] = ['text', `${last[1]}${token[1]}`];
    else merged.push(token);
  }
  return merged.filter(([kind, text]) => kind !== 'text' || text !== '');
}

/** The tokens, or undefined when the document is refused. */
function tokenize(text: string, cuts: readonly number[] = []): Token[] | undefined {
  const tokens: Token[] = [];
  class Refused extends Error {}
  const tokenizer = openTokenizer({
    withText: WITH_TEXT,
    maxTokenChars: 64 * 1024,
    open: (name, attributes) => tokens.push(['open', name, Object.fromEntries(attributes)]),
    close: (name) => tokens.push(['close', name]),
    text: (piece) => tokens.push(['text', piece]),
    comment: (comment) => tokens.push(['comment', comment]),
    fail() {
      throw new Refused();
    },
  });
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  try {
    for (let i = 1; i < places.length; i += 1) tokenizer.write(text.slice(places[i - 1], places[i]));
    tokenizer.end();
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
  return merge(tokens);
}

/** What a conforming parser makes of it. */
function oracle(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  const path: string[] = [];
  const parser = new SaxesParser({ xmlns: false });
  let refused = false;
  const onText = (piece: string) => {
    if (WITH_TEXT.has(path.at(-1) ?? '')) tokens.push(['text', piece]);
    else if (/[^ \t\r\n]/.test(piece)) refused = true;
  };
  parser.on('error', () => (refused = true));
  parser.on('opentag', ({ name, attributes }) => {
    path.push(name);
    tokens.push(['open', name, { ...attributes }]);
  });
  parser.on('closetag', ({ name }) => {
    path.pop();
    tokens.push(['close', name]);
  });
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('comment', (comment) => tokens.push(['comment', comment]));
  parser.write(text);
  parser.close();
  return refused ? undefined : merge(tokens);
}

const piece = fc.constantFrom(
  'Hélène',
  ' ',
  '\n',
  '\r\n',
  '\r',
  '\t',
  'œ$1$',
  '&amp;',
  '&lt;',
  '&gt;',
  '&apos;',
  '&quot;',
  '&#233;',
  '&#x1F600;',
  '&#13;',
  '<!-- a="b" -->',
  '<![CDATA[<x>&y]]>',
  '<![CDATA[]]>',
  '😀',
  '>',
  ']]',
  '?',
  '-',
);
const content = fc
  .array(piece, { maxLength: 6 })
  .map((pieces) => pieces.join(''))
  .filter((text) => !text.replaceAll(/<!\[CDATA\[[^]*?\]\]>/g, '').includes(']]>'));
const space = fc.constantFrom('', ' ', '\n', '\r\n', '\t ', '<!-- c -->', '<?pi x?>');
const value = fc.oneof(
  content.map((text) => `<value>${text}</value>`),
  fc.constantFrom('<value/>', '<value />'),
);
const attr = fc
  .tuple(
    fc.constantFrom("name='sn'", 'name = "givenName"', 'name="a&amp;b"', 'name="a\tb" operation="replace"'),
    fc.array(value, { maxLength: 3 }),
    space,
  )
  .map(([name, values, between]) => `<attr ${name}>${values.join(between)}</attr \n>`);
const document = fc
  .tuple(
    fc.constantFrom('', '<?xml version="1.0"?>', "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>"),
    fc.constantFrom(
      '',
      '<!DOCTYPE r SYSTEM "a.dtd">',
      '\n<!DOCTYPE r PUBLIC \'-//X//Y\' "a.dtd" >',
      '<!DOCTYPE r>',
    ),
    fc.array(fc.tuple(attr, space), { maxLength: 4 }),
    space,
  )
  .map(
    ([declaration, doctype, attrs, end]) => `${declaration}${doctype}<r>${attrs.flat().join('')}</r>${end}`,
  );

/** A few characters taken out, doubled or replaced: nearly always ill formed, sometimes not. */
const damaged = fc
  .tuple(
    document,
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.constantFrom(
          '',
          '<',
          '>',
          '&',
          '"',
          "'",
          '/',
          '-',
          ']',
          '?',
          '!',
          '\0',
          'x',
          ' ',
          '\ufffe',
          ';',
          '[',
        ),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([text, edits]) =>
    edits
      .reduce((damage, [at, put]) => {
        const place = at % (damage.length + 1);
        return damage.slice(0, place) + put + damage.slice(place + (at % 3));
      }, text)
      .toWellFormed(),
  );

describe('openTokenizer beside a conforming parser', () => {
  it('reads every well-formed document of its kind alike, wherever it is cut', () => {
    fc.assert(
      fc.property(document, fc.array(fc.nat(), { maxLength: 8 }), (text, cuts) => {
        const expected = oracle(text);
        expect(expected).toBeDefined();
        expect(tokenize(text)).toEqual(expected);
        expect(tokenize(text, cuts)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('takes nothing that the parser refuses, and reads all else alike', () => {
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(damaged, fc.array(fc.nat(), { maxLength: 4 }), (text, cuts) => {
        const tokens = tokenize(text, cuts);
        if (tokens) {
          taken += 1;
          expect(tokens).toEqual(oracle(text));
        } else refused += 1;
      }),
      { numRuns: 4_000 },
    );
    expect(taken).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(1_000);
  });

  it('reads one character at a time as all at once', () => {
    const text = `<?xml version="1.0"?><!DOCTYPE r SYSTEM "a"><r><!-- - --><value>a&amp;<![CDATA[b]]>c\r\n</value><id/></r>`;
    expect(
      tokenize(
        text,
        Array.from(text, (_, index) => index),
      ),
    ).toEqual(oracle(text));
  });
});
