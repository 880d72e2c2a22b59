import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DirectoryError } from '../errors.ts';
import { openFeedFile, type FeedRecord } from './read-file.ts';
import type { FeedLimits } from './limits.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">\n';
const PUPIL = `<addRequest>
 <operationalAttributes><attr name="categoriePersonne"><value>Eleve</value></attr></operationalAttributes>
 <identifier><id>9000001</id></identifier>
 <attributes>
  <attr name="ENTPersonJointure"><value>9000001</value></attr>
  <attr name="sn"><value>L&apos;Hôte &amp; Cie</value></attr>
  <attr name="ENTElevePersRelEleve"><value>9100001$10$1$1$1$0</value><value>9100002$20$0$1$1$1</value></attr>
  <attr name="ENTPersonAdresse"><value>12 rue de l’Œuvre$$$</value></attr>
  <attr name="ENTEleveGroupes"><value/></attr>
  <attr name="givenName"><value></value></attr>
 </attributes>
</addRequest>
`;
const FEED = `${HEAD}<ficAlimMENESR>
<!-- versionAF="AAF-VE2407" --><!-- codeAcademieExport="99" --><!-- degre="2D" -->
${PUPIL}<modifyRequest>
 <operationalAttributes><attr name="categoriePersonne"><value>Eleve</value></attr></operationalAttributes>
 <identifier><id>9000002</id></identifier>
 <modifications><modification name="sn" operation="replace"><value>Ébène</value></modification></modifications>
</modifyRequest>
<deleteRequest>
 <operationalAttributes><attr name="categoriePersonne"><value>Eleve</value></attr></operationalAttributes>
 <identifier><id>9000003</id></identifier>
</deleteRequest>
</ficAlimMENESR>`;

function read(chunks: readonly Uint8Array[], limits: Partial<FeedLimits> = {}) {
  const records: FeedRecord[] = [];
  const reader = openFeedFile({ file: 'x.xml', onRecord: (record) => records.push(record), limits });
  for (const chunk of chunks) reader.write(chunk);
  reader.end();
  return { records, header: Object.fromEntries(reader.header) };
}

const readText = (text: string, limits?: Partial<FeedLimits>) => read([Buffer.from(text)], limits);
const wrap = (body: string) => `<ficAlimMENESR>${body}</ficAlimMENESR>`;

function refusal(work: () => unknown): DirectoryError {
  try {
    work();
  } catch (error) {
    if (error instanceof DirectoryError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('openFeedFile reads', () => {
  it('every request with its category, key and values, and never an empty value', () => {
    const { records, header } = readText(FEED);
    expect(records.map(({ operation, category, id }) => [operation, category, id])).toEqual([
      ['add', 'Eleve', '9000001'],
      ['modify', 'Eleve', '9000002'],
      ['delete', 'Eleve', '9000003'],
    ]);
    expect(Object.fromEntries(records[0]!.attributes)).toEqual({
      ENTPersonJointure: ['9000001'],
      sn: ["L'Hôte & Cie"],
      ENTElevePersRelEleve: ['9100001$10$1$1$1$0', '9100002$20$0$1$1$1'],
      ENTPersonAdresse: ['12 rue de l’Œuvre$$$'],
      ENTEleveGroupes: [],
      givenName: [],
    });
    expect(records[1]!.attributes.get('sn')).toEqual(['Ébène']);
    expect(header).toEqual({ versionAF: 'AAF-VE2407', codeAcademieExport: '99', degre: '2D' });
  });

  it('the same records wherever the bytes are split', () => {
    const bytes = Buffer.from(FEED);
    const whole = read([bytes]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 12 }), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        expect(read(chunks)).toEqual(whole);
      }),
      { numRuns: 300 },
    );
    expect(read(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  it('a file without declaration as UTF-8, and one that declares ISO-8859-15 as that', () => {
    expect(readText(wrap(PUPIL)).records[0]!.attributes.get('sn')).toEqual(["L'Hôte & Cie"]);
    const text = `<?xml version="1.0" encoding="ISO-8859-15"?>${wrap(PUPIL.replace('Hôte', 'C\u00bdur \u00a4'))}`;
    const latin = read([Buffer.from(text.replaceAll('’', "'").replaceAll('Œ', 'O'), 'latin1')]);
    expect(latin.records[0]!.attributes.get('sn')).toEqual(["L'Cœur € & Cie"]);
  });

  it('CDATA, character references and a byte order mark', () => {
    const body = PUPIL.replace('L&apos;Hôte &amp; Cie', "<![CDATA[L'H]]>&#xF4;te");
    expect(readText(`\ufeff${wrap(body)}`).records[0]!.attributes.get('sn')).toEqual(["L'Hôte"]);
  });
});

describe('openFeedFile refuses', () => {
  it('a file cut at any byte', () => {
    const bytes = Buffer.from(FEED);
    let seen = 0;
    for (let length = 0; length < bytes.length; length += 1) {
      expect(refusal(() => read([bytes.subarray(0, length)])).code).toBe('feed_file_invalid');
      seen += 1;
    }
    expect(seen).toBe(bytes.length);
    expect(refusal(() => read([bytes.subarray(0, 700)])).publicMessage).toContain('truncated');
  });

  it.each([
    ['an internal subset', `<!DOCTYPE ficAlimMENESR [<!ENTITY a "b">]>${wrap(PUPIL)}`, 'feed_file_invalid'],
    ['an undefined entity', wrap(PUPIL.replace('&amp;', '&eacute;')), 'feed_file_invalid'],
    ['another document', '<html><body/></html>', 'feed_not_aaf'],
    ['text that is no XML', 'Nom;Prénom\n', 'feed_file_invalid'],
    ['an element out of place', wrap('<addRequest><addRequest/></addRequest>'), 'feed_file_invalid'],
    ['text out of place', wrap('Dupont'), 'feed_file_invalid'],
    [
      'a record without category',
      wrap('<addRequest><identifier><id>1</id></identifier></addRequest>'),
      'feed_file_invalid',
    ],
    ['a record without key', wrap(PUPIL.replace('<id>9000001</id>', '<id/>')), 'feed_file_invalid'],
    ['an attribute given twice', wrap(PUPIL.replace('name="givenName"', 'name="sn"')), 'feed_file_invalid'],
    ['another encoding', `<?xml version="1.0" encoding="UTF-7"?>${wrap(PUPIL)}`, 'feed_file_invalid'],
    ['matter after the root', `${wrap(PUPIL)}<x/>`, 'feed_file_invalid'],
  ])('%s', (_, text, code) => {
    expect(refusal(() => readText(text)).code).toBe(code);
  });

  it('UTF-16, and bytes that are not UTF-8', () => {
    expect(refusal(() => read([Buffer.from(wrap(PUPIL), 'utf16le')])).code).toBe('feed_file_invalid');
    expect(refusal(() => read([Buffer.from(wrap(PUPIL), 'latin1')])).code).toBe('feed_file_invalid');
  });

  it('what goes beyond each limit, and takes what just holds', () => {
    const size = Buffer.byteLength(wrap(PUPIL));
    readText(wrap(PUPIL), {
      maxFileBytes: size,
      maxAttributesPerRecord: 6,
      maxValuesPerAttribute: 2,
      maxValueChars: 24,
    });
    for (const limits of [
      { maxFileBytes: size - 1 },
      { maxAttributesPerRecord: 5 },
      { maxValuesPerAttribute: 1 },
      { maxValueChars: 17 },
    ]) {
      expect(refusal(() => readText(wrap(PUPIL), limits)).code).toBe('feed_file_invalid');
    }
  });

  it('an endless comment without holding it', () => {
    const reader = openFeedFile({ file: 'x.xml', onRecord: () => {} });
    reader.write(Buffer.from('<ficAlimMENESR><!-- '));
    const filler = Buffer.alloc(64 * 1024, 'x');
    const error = refusal(() => {
      for (let i = 0; i < 100; i += 1) reader.write(filler);
    });
    expect(error.publicMessage).toContain('too long');
  });

  it('with a message that quotes nothing of the file', () => {
    const error = refusal(() => readText(wrap(PUPIL.replace('</sn>', '').replace('Hôte', 'Hôte</Martin>'))));
    expect(error.message).not.toContain('Martin');
  });
});
