/** What a document holds, in its order. Text comes in pieces; comments and CDATA cut it. */
interface TokenHandlers {
  open(name: string, attributes: ReadonlyMap<string, string>): void;
  close(name: string): void;
  /** Text of an element that may hold some, decoded; never called elsewhere. */
  text(piece: string): void;
  comment(text: string): void;
  /** Must throw; `why` quotes nothing of the document. */
  fail(why: string): never;
}

export interface Tokenizer {
  /** The line of what was read last, from 1. */
  readonly line: number;
  write(piece: string): void;
  /** Refuses a document that is not whole. */
  end(): void;
}

export interface TokenizerOptions extends TokenHandlers {
  /** Elements that hold text; elsewhere only white space may stand between tags. */
  readonly withText: ReadonlySet<string>;
  /** Longest piece, in characters: a text, a comment, a DOCTYPE. Bounds memory. */
  readonly maxTokenChars: number;
}

interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly empty: boolean;
}

const MAX_TAG_CHARS = 4_096;
const MAX_KNOWN_TAGS = 512;
const MAX_DEPTH = 16;

// XML 1.0 §2.2, but for surrogates, which the decoder of bytes never gives alone.
const FORBIDDEN = /[^\t\n\r\u0020-\ufffd]/;
const NOT_SPACE = /[^ \t\r\n]/;
const DECLARATION =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.0"|'1\.0')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"[A-Za-z][\w.-]*"|'[A-Za-z][\w.-]*'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>$/;
const DOCTYPE =
  /^<!DOCTYPE[ \t\r\n]+[A-Za-z_][\w.-]*(?:[ \t\r\n]+(?:SYSTEM|PUBLIC[ \t\r\n]+(?:"[^"<&]*"|'[^'<&]*'))[ \t\r\n]+(?:"[^"<&]*"|'[^'<&]*'))?[ \t\r\n]*>$/;
const INSTRUCTION = /^<\?(?!xml[ \t\r\n?])[A-Za-z_][\w.-]*(?:[ \t\r\n][^]*)?\?>$/i;
const START_TAG =
  /^([A-Za-z_][\w.-]*)((?:[ \t\r\n]+[A-Za-z_][\w:.-]*[ \t\r\n]*=[ \t\r\n]*(?:"[^"<]*"|'[^'<]*'))*)[ \t\r\n]*(\/?)$/;
const END_TAG = /^\/([A-Za-z_][\w.-]*)[ \t\r\n]*$/;
const ATTRIBUTE = /([A-Za-z_][\w:.-]*)[ \t\r\n]*=[ \t\r\n]*(?:"([^"]*)"|'([^']*)')/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', apos: "'", quot: '"' };

/**
 * Cuts XML 1.0 into tags and text, in memory bounded by the longest piece. It knows less than XML on purpose: no internal
 * subset, no entity but the five of §4.6 and characters by number, no `>` inside an attribute, names in ASCII. Whatever
 * it takes, a conforming parser takes and reads in the same way (a property test compares it with one).
 */
export function openTokenizer(options: TokenizerOptions): Tokenizer {
  const { withText, fail } = options;
  // The tags of a feed are few and come back a million times: each distinct one is taken apart once.
  const knownTags = new Map<string, Tag>();
  const path: string[] = [];
  let parent = '';
  let takesText = false;
  let buffer = '';
  let line = 1;
  let started = false;
  let doctypeSeen = false;
  let rootClosed = false;

  function parseTag(source: string): Tag {
    if (source.length > MAX_TAG_CHARS) fail('a tag is too long.');
    const match = START_TAG.exec(source);
    if (!match) return fail('a tag is malformed.');
    const attributes = new Map<string, string>();
    for (const [, name, double, single] of match[2]!.matchAll(ATTRIBUTE)) {
      if (attributes.has(name!)) fail('a tag has an attribute twice.');
      attributes.set(name!, decodeText((double ?? single!).replace(/\r\n|[\t\r\n]/g, ' '), fail));
    }
    const tag = { name: match[1]!, attributes, empty: match[3] === '/' };
    if (knownTags.size < MAX_KNOWN_TAGS) knownTags.set(source, tag);
    return tag;
  }

  function open(source: string): void {
    const tag = knownTags.get(source) ?? parseTag(source);
    if (rootClosed) fail('something stands after its end.');
    if (path.length >= MAX_DEPTH) fail('its tags are nested too deep.');
    options.open(tag.name, tag.attributes);
    path.push(parent);
    parent = tag.name;
    takesText = withText.has(parent);
    if (tag.empty) close(tag.name);
  }

  function close(name: string): void {
    if (name === '' || name !== parent) fail('its tags do not match.');
    options.close(name);
    parent = path.pop()!;
    takesText = withText.has(parent);
    if (path.length === 0) rootClosed = true;
  }

  function closeTag(source: string): void {
    // Nearly every end tag is written without spaces.
    if (source.length === parent.length + 1 && source.endsWith(parent)) close(parent);
    else close(END_TAG.exec(source)?.[1] ?? '');
  }

  function text(piece: string): void {
    if (!takesText) {
      if (NOT_SPACE.test(piece)) fail('text stands where no text may.');
      return;
    }
    if (piece.includes(']]>')) fail('it is not well-formed XML.');
    const lines = piece.includes('\r') ? piece.replace(/\r\n?/g, '\n') : piece;
    options.text(lines.includes('&') ? decodeText(lines, fail) : lines);
  }

  /** Reads the mark-up that starts with `<!` or `<?` at `from`; gives where it ends, or -1 when more is needed. */
  function readMarkup(from: number): number {
    if (buffer.startsWith('<!--', from)) {
      const end = buffer.indexOf('--', from + 4);
      if (end === -1 || end + 2 >= buffer.length) return -1;
      if (buffer[end + 2] !== '>') fail('a comment is malformed.');
      options.comment(buffer.slice(from + 4, end));
      return end + 3;
    }
    if (buffer.startsWith('<![CDATA[', from)) {
      const end = buffer.indexOf(']]>', from + 9);
      if (end === -1) return -1;
      if (!takesText) fail('text stands where no text may.');
      options.text(buffer.slice(from + 9, end).replace(/\r\n?/g, '\n'));
      return end + 3;
    }
    if (buffer.startsWith('<?', from)) {
      const end = buffer.indexOf('?>', from + 2) + 2;
      if (end === 1) return -1;
      const source = buffer.slice(from, end);
      const first = !started && from === 0;
      if (!(first && DECLARATION.test(source)) && !INSTRUCTION.test(source))
        fail('it is not well-formed XML.');
      return end;
    }
    if (buffer.startsWith('<!DOCTYPE', from)) {
      const end = buffer.indexOf('>', from) + 1;
      const source = buffer.slice(from, end === 0 ? buffer.length : end);
      if (source.includes('[')) fail('an internal DTD subset is not accepted.');
      if (end === 0) return -1;
      if (doctypeSeen || parent !== '' || rootClosed || !DOCTYPE.test(source))
        fail('its DOCTYPE is malformed or out of place.');
      doctypeSeen = true;
      return end;
    }
    const rest = buffer.slice(from, from + 9);
    if (rest.length < 9 && ['<!--', '<![CDATA[', '<!DOCTYPE'].some((start) => start.startsWith(rest)))
      return -1;
    return fail('it is not well-formed XML.');
  }

  /** Reads all that is whole; gives where the rest begins. */
  function readTokens(): number {
    let at = 0;
    for (;;) {
      const tag = buffer.indexOf('<', at);
      if (tag === -1) return at;
      if (tag > at) text(buffer.slice(at, tag));
      at = tag;
      const next = buffer.charCodeAt(tag + 1);
      if (next === 33 || next === 63) {
        const end = readMarkup(tag);
        if (end === -1) return at;
        at = end;
      } else {
        const end = buffer.indexOf('>', tag + 1);
        if (end === -1) return at;
        if (next === 47) closeTag(buffer.slice(tag + 1, end));
        else open(buffer.slice(tag + 1, end));
        at = end + 1;
      }
      started = true;
    }
  }

  return {
    get line() {
      return line;
    },
    write(piece) {
      if (FORBIDDEN.test(piece)) fail('it holds a character that XML does not allow.');
      buffer = buffer === '' ? piece : buffer + piece;
      const rest = readTokens();
      for (let at = buffer.indexOf('\n'); at !== -1 && at < rest; at = buffer.indexOf('\n', at + 1))
        line += 1;
      if (rest > 0) started = true;
      buffer = buffer.slice(rest);
      if (buffer.length > options.maxTokenChars) fail('a piece of it is too long.');
    },
    end() {
      if (!rootClosed || NOT_SPACE.test(buffer)) fail('the file ends too early; it was truncated.');
    },
  };
}

function decodeText(text: string, fail: (why: string) => never): string {
  return text.replace(
    /&(?:#(\d{1,8})|#x([\dA-Fa-f]{1,8})|([a-z]{2,4}))?(;?)/g,
    (_, decimal, hex, name, mark) => {
      if (mark === '' || (!decimal && !hex && !name)) return fail('it is not well-formed XML.');
      if (name) return ENTITIES[name as string] ?? fail('it uses an entity that XML does not define.');
      const code = hex ? Number.parseInt(hex as string, 16) : Number(decimal);
      const allowed = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
      const character = allowed && code > 0 ? String.fromCodePoint(code) : '\0';
      return FORBIDDEN.test(character) ? fail('it holds a character that XML does not allow.') : character;
    },
  );
}
