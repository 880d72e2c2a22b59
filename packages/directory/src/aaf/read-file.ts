import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { refuse, type DirectoryError } from '../errors.ts';
import { openDecoder } from './decode-bytes.ts';
import { DEFAULT_LIMITS, type FeedLimits } from './limits.ts';

/** One request of a feed: an object to add, to change or to forget. */
export interface FeedRecord {
  readonly operation: 'add' | 'modify' | 'delete';
  /** `Eleve`, `PersRelEleve`, `PersEducNat`, `EtabEducNat`, `MefEducNat`, `MatEducNat`. */
  readonly category: string;
  /** The join key of `identifier/id`. */
  readonly id: string;
  /** Values by attribute. An attribute that was given without a value has an empty list. */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

/** What the comments at the top of a file say: `versionAF`, `codeAcademieExport`, `degre`, `dateGenerationExport`. */
export type FeedHeader = ReadonlyMap<string, string>;

/** A file being read: give it bytes in order, then end it. */
export interface FeedFileReader {
  readonly header: FeedHeader;
  write(chunk: Uint8Array): void;
  /** Must be called: it is what tells a whole file from a truncated one. */
  end(): void;
}

export interface FeedFileOptions {
  /** The file's name, for messages. */
  readonly file: string;
  readonly onRecord: (record: FeedRecord) => void;
  readonly limits?: Partial<FeedLimits>;
}

const OPERATIONS = { addRequest: 'add', modifyRequest: 'modify', deleteRequest: 'delete' } as const;

// Which elements may stand in which: the grammar of ficAlimMENESR.dtd, and so the bound of depth.
const CHILDREN: Readonly<Record<string, readonly string[]>> = {
  '': ['ficAlimMENESR'],
  ficAlimMENESR: Object.keys(OPERATIONS),
  addRequest: ['operationalAttributes', 'identifier', 'attributes'],
  modifyRequest: ['operationalAttributes', 'identifier', 'modifications', 'attributes'],
  deleteRequest: ['operationalAttributes', 'identifier'],
  operationalAttributes: ['attr'],
  identifier: ['id'],
  attributes: ['attr'],
  modifications: ['modification'],
  attr: ['value'],
  modification: ['value'],
  value: [],
  id: [],
};

/**
 * Reads one AAF file as a stream, in memory bounded by one record. The DOCTYPE is skipped and nothing it names is ever
 * fetched; an internal subset is refused, and with it every entity but the five of XML 1.0 §4.6.
 *
 * @throws DirectoryError from `write` and `end`: `feed_not_aaf` when it is another kind of document, `feed_file_invalid`
 *   when it is not well formed, truncated, or beyond the limits.
 */
export function openFeedFile(options: FeedFileOptions): FeedFileReader {
  const { file, onRecord } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const decoder = openDecoder(file);
  const parser = new SaxesParser<{ position: true; xmlns: false }>({ position: true, xmlns: false });
  const header = new Map<string, string>();
  const path: string[] = [];
  let parent = '';
  let bytes = 0;
  let events = 0;
  let eventsBefore = 0;
  let silentChars = 0;
  let ended = false;
  let record: OpenRecord | undefined;
  let values: string[] = [];
  let text = '';

  const invalid = (what: string): DirectoryError =>
    refuse('feed_file_invalid', 422, `${file}, line ${parser.line}: ${what} Ask for the file again.`, {
      file,
      line: parser.line,
    });

  parser.on('error', (error) => {
    throw invalid(ended ? 'the file ends too early; it was truncated.' : `${describeError(error.message)}`);
  });
  parser.on('doctype', (doctype) => {
    events += 1;
    if (doctype.includes('[')) throw invalid('an internal DTD subset is not accepted.');
  });
  parser.on('comment', (comment) => {
    events += 1;
    if (record || header.size > 32) return;
    for (const [, name, value] of comment.matchAll(/(\w{1,32})\s*=\s*"([^"]{0,128})"/g))
      header.set(name!, value!);
  });
  parser.on('processinginstruction', () => {
    events += 1;
  });
  parser.on('opentag', (tag) => {
    events += 1;
    const { name } = tag;
    if (!CHILDREN[parent]!.includes(name)) {
      if (parent === '') {
        throw refuse('feed_not_aaf', 422, `${file} is not an AAF file: its root is not ficAlimMENESR.`, {
          file,
        });
      }
      throw invalid(`an element stands where the AAF grammar has none.`);
    }
    if (parent === 'ficAlimMENESR') record = openRecord(OPERATIONS[name as keyof typeof OPERATIONS]);
    else if (name === 'attr' || name === 'modification') values = startAttribute(record!, tag, parent);
    else if (name === 'value' && values.length >= limits.maxValuesPerAttribute)
      throw invalid('an attribute has too many values.');
    text = '';
    path.push(parent);
    parent = name;
  });
  const onText = (piece: string) => {
    events += 1;
    if (parent === 'value' || parent === 'id') {
      text += piece;
      if (text.length > limits.maxValueChars) throw invalid('a value is too long.');
    } else if (piece.trim() !== '') throw invalid('text stands where the AAF grammar has none.');
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', (tag) => {
    events += 1;
    switch (tag.name) {
      case 'value': {
        const value = text.trim();
        if (value !== '') values.push(value);
        break;
      }
      case 'id':
        record!.id = text.trim();
        break;
      case 'addRequest':
      case 'modifyRequest':
      case 'deleteRequest':
        onRecord(closeRecord(record!));
        record = undefined;
        break;
    }
    parent = path.pop()!;
  });

  function startAttribute(open: OpenRecord, tag: SaxesTagPlain, container: string): string[] {
    const { name } = tag.attributes as { name?: string };
    if (!name || name.length > 64) throw invalid('an attribute has no name.');
    const target = container === 'operationalAttributes' ? open.operational : open.attributes;
    if (target.has(name)) throw invalid('an attribute is given twice in one record.');
    if (target.size >= limits.maxAttributesPerRecord) throw invalid('a record has too many attributes.');
    const list: string[] = [];
    target.set(name, list);
    return list;
  }

  function closeRecord(open: OpenRecord): FeedRecord {
    const [category] = [...open.operational.values()].flat();
    if (open.operational.size !== 1 || !category) throw invalid('a record does not say its category.');
    if (!/^[\w.-]{1,32}$/.test(open.id)) throw invalid('a record has no usable identifier.');
    return { operation: open.operation, category, id: open.id, attributes: open.attributes };
  }

  function feed(piece: string): void {
    parser.write(piece);
    // Without an event, all that was given since the last one is in the parser's memory.
    silentChars = events === eventsBefore ? silentChars + piece.length : 0;
    eventsBefore = events;
    if (silentChars > limits.maxTokenChars) throw invalid('a piece of it is too long.');
  }

  return {
    header,
    write(chunk) {
      bytes += chunk.length;
      if (bytes > limits.maxFileBytes) throw invalid('the file is too large.');
      feed(decoder.write(chunk));
    },
    end() {
      feed(decoder.end());
      ended = true;
      parser.close();
    },
  };
}

interface OpenRecord {
  readonly operation: FeedRecord['operation'];
  readonly operational: Map<string, string[]>;
  readonly attributes: Map<string, string[]>;
  id: string;
}

function openRecord(operation: FeedRecord['operation']): OpenRecord {
  return { operation, operational: new Map(), attributes: new Map(), id: '' };
}

/** The parser's own words may quote the file, so only their kind is kept. */
function describeError(message: string): string {
  if (/undefined entity/.test(message)) return 'it uses an entity that XML does not define.';
  if (/unexpected close tag|unmatched closing tag|unclosed tag/.test(message))
    return 'its tags do not match.';
  if (/disallowed character/.test(message)) return 'it holds a character that XML does not allow.';
  return 'it is not well-formed XML.';
}
