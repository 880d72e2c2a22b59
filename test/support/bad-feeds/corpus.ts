import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { encodeLatin9, findFile, removeFile, renameAll, rewrite, rewriteAll } from './rewrite.ts';

/** One way in which a feed goes wrong. */
export interface BadFeed {
  /** Reads on from "refuses" or "accepts". */
  readonly title: string;
  /** Spoils a good feed in place. */
  spoil(folder: string): Promise<void>;
}

/** A feed that must be refused whole, with one of these codes. */
export interface RefusedFeed extends BadFeed {
  readonly code: string;
}

const DECLARATION = /^<\?xml[^>]*\?>\n/;
const DOCTYPE = '<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">';

const bomb = () => {
  const levels = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join(
    '',
  );
  return `<!DOCTYPE ficAlimMENESR [<!ENTITY l0 "lol">${levels}]>`;
};

/** Refused whole: one clear line, nothing applied. */
export const REFUSED_FEEDS: readonly RefusedFeed[] = [
  {
    title: 'a folder without any AAF file',
    code: 'feed_not_aaf',
    async spoil(folder) {
      await rm(folder, { recursive: true });
      await mkdir(folder);
      await writeFile(path.join(folder, 'photo.png'), Buffer.from('89504e470d0a1a0a', 'hex'));
      await writeFile(path.join(folder, 'eleves.csv'), 'nom;prénom\nLanoë;Zoé\n');
    },
  },
  {
    title: 'a folder that does not exist',
    code: 'feed_folder_unreadable',
    spoil: (folder) => rm(folder, { recursive: true }),
  },
  {
    title: 'another kind of document under the name of a pupils file',
    code: 'feed_not_aaf',
    spoil: (folder) =>
      rewrite(folder, 'Eleve', () => '<?xml version="1.0"?>\n<html><body>Erreur 404</body></html>\n'),
  },
  {
    title: 'a picture under the name of a pupils file',
    code: 'feed_file_invalid',
    spoil: async (folder) =>
      writeFile(await findFile(folder, 'Eleve'), Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')),
  },
  {
    title: 'an empty pupils file',
    code: 'feed_file_invalid',
    spoil: (folder) => rewrite(folder, 'Eleve', () => ''),
  },
  {
    title: 'a pupils file cut in the middle of a record',
    code: 'feed_file_invalid',
    spoil: (folder) => rewrite(folder, 'Eleve', (text) => text.slice(0, text.length / 2)),
  },
  {
    title: 'a relatives file cut right after a record, so that only the end of the root is missing',
    code: 'feed_file_invalid',
    spoil: (folder) =>
      rewrite(folder, 'PersRelEleve', (text) => text.slice(0, text.lastIndexOf('</addRequest>') + 13)),
  },
  {
    title: 'tags that do not match',
    code: 'feed_file_invalid',
    spoil: (folder) =>
      rewrite(folder, 'PersEducNat', (text) => text.replace('</attributes>', '</attribute>')),
  },
  {
    title: 'an entity bomb',
    code: 'feed_file_invalid',
    spoil: (folder) =>
      rewrite(folder, 'Eleve', (text) =>
        text.replace(DOCTYPE, bomb()).replace('<value>M.</value>', '<value>&l9;</value>'),
      ),
  },
  {
    title: 'an external entity that names a file of the machine',
    code: 'feed_file_invalid',
    spoil: (folder) =>
      rewrite(folder, 'Eleve', (text) =>
        text
          .replace(DOCTYPE, '<!DOCTYPE ficAlimMENESR [<!ENTITY host SYSTEM "file:///etc/hostname">]>')
          .replace('<value>M.</value>', '<value>&host;</value>'),
      ),
  },
  {
    title: 'an entity that XML does not define',
    code: 'feed_file_invalid',
    spoil: (folder) =>
      rewrite(folder, 'Eleve', (text) => text.replace('<value>M.</value>', '<value>&eacute;</value>')),
  },
  {
    title: 'a control character in a name',
    code: 'feed_file_invalid',
    spoil: (folder) =>
      rewrite(folder, 'Eleve', (text) => text.replace('<value>M.</value>', '<value>M\u0000</value>')),
  },
  {
    title: 'ISO-8859-15 bytes in a file that does not say so',
    code: 'feed_file_invalid',
    spoil: (folder) => rewriteAll(folder, encodeLatin9),
  },
  {
    title: 'UTF-16',
    code: 'feed_file_invalid',
    spoil: (folder) =>
      rewriteAll(folder, (text) => Buffer.from(`\ufeff${text.replace('UTF-8', 'UTF-16')}`, 'utf16le')),
  },
  {
    title: 'a value of 100 000 characters',
    code: 'feed_file_invalid',
    spoil: (folder) =>
      rewrite(folder, 'Eleve', (text) =>
        text.replace('<value>M.</value>', `<value>${'x'.repeat(100_000)}</value>`),
      ),
  },
  {
    title: 'elements nested where the grammar has none',
    code: 'feed_file_invalid',
    spoil: (folder) =>
      rewrite(folder, 'Eleve', (text) =>
        text.replace('<value>M.</value>', `${'<value>'.repeat(500)}${'</value>'.repeat(500)}`),
      ),
  },
  {
    title: 'the feed of another academy',
    code: 'feed_of_another_academy',
    spoil: (folder) =>
      rewriteAll(folder, (text) => text.replace('codeAcademieExport="99"', 'codeAcademieExport="12"')),
  },
  {
    title: 'one file of another academy among the right ones',
    code: 'feed_of_another_academy',
    spoil: (folder) =>
      rewrite(folder, 'PersRelEleve', (text) =>
        text.replace('codeAcademieExport="99"', 'codeAcademieExport="12"'),
      ),
  },
  {
    title: 'a feed without its pupils',
    code: 'feed_incomplete',
    spoil: (folder) => removeFile(folder, 'Eleve'),
  },
  {
    title: 'a feed without its schools',
    code: 'feed_incomplete',
    spoil: (folder) => removeFile(folder, 'EtabEducNat'),
  },
  {
    title: 'a delta',
    code: 'feed_delta_without_complete',
    spoil: (folder) => renameAll(folder, (name) => name.replace('_Complet_', '_Delta_')),
  },
];

/** Odd, but known to occur: accepted, with the same people as the good feed. */
export const ACCEPTED_FEEDS: readonly BadFeed[] = [
  {
    title: 'ISO-8859-15 that the declaration names',
    spoil: (folder) =>
      rewriteAll(folder, (text) => encodeLatin9(text.replace('encoding="UTF-8"', 'encoding="ISO-8859-15"'))),
  },
  {
    title: 'no XML declaration, as in 2013',
    spoil: (folder) => rewriteAll(folder, (text) => text.replace(DECLARATION, '')),
  },
  {
    title: 'a byte order mark, and Windows line ends',
    spoil: (folder) => rewriteAll(folder, (text) => `\ufeff${text.replaceAll('\n', '\r\n')}`),
  },
  {
    title: 'parts that start at 0001',
    spoil: (folder) => renameAll(folder, (name) => name.replace('_0000.xml', '_0001.xml')),
  },
  {
    title: 'a project name with underscores',
    spoil: (folder) => renameAll(folder, (name) => name.replace('-SOCLE_', '-SOCLE_ENT_16_')),
  },
  {
    title: 'the whole of the attributes empty as two tags',
    spoil: (folder) => rewriteAll(folder, (text) => text.replaceAll('<value/>', '<value></value>')),
  },
  {
    title: 'attributes that nobody knows',
    spoil: (folder) =>
      rewriteAll(folder, (text) =>
        text.replaceAll(
          '<attributes>\n',
          '<attributes>\n<attr name="ENTAttributFutur"><value>42</value></attr>\n',
        ),
      ),
  },
];
