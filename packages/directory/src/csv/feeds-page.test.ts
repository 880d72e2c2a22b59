import { readFile, writeFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { buildCsvTemplate, CSV_FIELDS } from './fields.ts';
import { importCsv } from './import-csv.ts';
import { parseUser } from '../scim/parse-resource.ts';

const page = await readFile(new URL('../../../../docs/feeds.md', import.meta.url), 'utf8');
const block = (language: string, index = 0): string =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))][index]![1]!;

describe('docs/feeds.md', () => {
  let directory: TestDirectory;
  beforeAll(async () => {
    directory = await openTestDirectory();
    await mkdir(directory.folder, { recursive: true });
  });
  afterAll(() => directory.close());

  const run = async (text: string, options: object = {}) => {
    const file = path.join(directory.folder, 'page.csv');
    await writeFile(file, text);
    const { database, audit, clock } = directory;
    const owner = { controller: 'owner:flamboyants', controllerName: 'Les Flamboyants', academy: 'ETR' };
    return importCsv({ file, database, audit, clock, ...owner, ...options });
  };

  it('shows the template as the command prints it, which can be imported', async () => {
    expect(block('csv')).toBe(buildCsvTemplate());
    expect(await run(block('csv'))).toMatchObject({ created: 3, warnings: [] });
  });

  it('says what each column is', () => {
    for (const { name, meaning } of CSV_FIELDS)
      expect(page).toContain(`| \`${name}\` | ${meaning.replaceAll('|', '\\|')} |`);
  });

  it('shows a mapping that works', async () => {
    const text = `Identifiant;Qui;Nom;Prénom;Né le;Classe\n7;élève;Rakoto;Fara;03/09/2012;6A\n`;
    // the school of the page is fed by another source, and so refused; its form is what is asked for here
    await expect(run(text, { mapping: block('yaml') })).rejects.toMatchObject({
      code: 'feed_school_of_another_source',
    });
    await directory.admin.query('UPDATE directory.schools SET feed_source = NULL, feed_key = NULL');
    expect(await run(text, { mapping: block('yaml') })).toMatchObject({
      pupils: 1,
      created: 1,
      warnings: [],
    });
  });

  it('shows a user that SCIM takes', () => {
    expect(parseUser(JSON.parse(block('json', 1)))).toMatchObject({
      externalId: 'E-001',
      roles: [{ role: 'pupil', school: '2990002C' }],
    });
  });
});
