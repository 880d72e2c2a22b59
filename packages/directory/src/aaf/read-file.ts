import { refuse, type DirectoryError } from '../errors.ts';
import { openDecoder } from './decode-bytes.ts';
import { DEFAULT_LIMITS, type FeedLimits } from './limits.ts';
import { openTokenizer, type Tokenizer } from './tokenize-xml.ts';

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
const CHILDREN: Readonly<Record<string, ReadonlySet<string>>> = {
  '': new Set(['ficAlimMENESR']),
  ficAlimMENESR: new Set(Object.keys(OPERATIONS)),
  addRequest: new Set(['operationalAttributes', 'identifier', 'attributes']),
  modifyRequest: new Set(['operationalAttributes', 'identifier', 'modifications', 'attributes']),
  deleteRequest: new Set(['operationalAttributes', 'identifier']),
  operationalAttributes: new Set(['attr']),
  identifier: new Set(['id']),
  attributes: new Set(['attr']),
  modifications: new Set(['modification']),
  attr: new Set(['value']),
  modification: new Set(['value']),
  value: new Set(),
  id: new Set(),
};
const WITH_TEXT: ReadonlySet<string> = new Set(['value', 'id']);

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
  const header = new Map<string, string>();
  const path: string[] = [];
  let parent = '';
  let bytes = 0;
  let record: OpenRecord | undefined;
  let values: string[] = [];
  let text = '';

  const invalid = (what: string): DirectoryError =>
    refuse('feed_file_invalid', 422, `${file}, line ${tokenizer.line}: ${what} Ask for the file again.`, {
      file,
      line: tokenizer.line,
    });

  const tokenizer: Tokenizer = openTokenizer({
    withText: WITH_TEXT,
    maxTokenChars: limits.maxTokenChars,
    fail(why) {
      throw invalid(why);
    },
    comment(comment) {
      if (record || header.size > 32) return;
      for (const [, name, value] of comment.matchAll(/(\w{1,32})\s*=\s*"([^"]{0,128})"/g))
        header.set(name!, value!);
    },
    open(name, attributes) {
      if (!CHILDREN[parent]!.has(name)) {
        if (parent === '') {
          throw refuse('feed_not_aaf', 422, `${file} is not an AAF file: its root is not ficAlimMENESR.`, {
            file,
          });
        }
        throw invalid(`an element stands where the AAF grammar has none.`);
      }
      if (name === 'value') {
        if (values.length >= limits.maxValuesPerAttribute) throw invalid('an attribute has too many values.');
      } else if (name === 'attr' || name === 'modification') values = startAttribute(attributes);
      else if (parent === 'ficAlimMENESR') record = openRecord(OPERATIONS[name as keyof typeof OPERATIONS]);
      text = '';
      path.push(parent);
      parent = name;
    },
    text(piece) {
      text += piece;
      if (text.length > limits.maxValueChars) throw invalid('a value is too long.');
    },
    close(name) {
      if (name === 'value') {
        const value = text.trim();
        if (value !== '') values.push(value);
      } else if (name === 'id') record!.id = text.trim();
      else if (parent in OPERATIONS) {
        onRecord(closeRecord(record!));
        record = undefined;
      }
      parent = path.pop()!;
    },
  });

  function startAttribute(attributes: ReadonlyMap<string, string>): string[] {
    const name = attributes.get('name');
    if (!name || name.length > 64) throw invalid('an attribute has no name.');
    if ((attributes.get('operation') ?? 'replace') !== 'replace')
      throw invalid('a modification is not a replacement, the only one that the AAF grammar has.');
    const target = parent === 'operationalAttributes' ? record!.operational : record!.attributes;
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

  return {
    header,
    write(chunk) {
      bytes += chunk.length;
      if (bytes > limits.maxFileBytes) throw invalid('the file is too large.');
      tokenizer.write(decoder.write(chunk));
    },
    end() {
      tokenizer.write(decoder.end());
      tokenizer.end();
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
