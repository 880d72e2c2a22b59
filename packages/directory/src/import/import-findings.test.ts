import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { SAMPLE } from '../testing/write-feed-sample.ts';
import type { ImportResult } from './import-types.ts';

describe('importAaf reports, with keys and never names,', () => {
  let directory: TestDirectory;
  let result: ImportResult;
  beforeAll(async () => {
    directory = await openTestDirectory();
    result = await directory.importSample({
      ...SAMPLE,
      pupils: [
        ...SAMPLE.pupils!,
        { id: '1003', givenName: 'Anaïs', ENTPersonStructRattach: '901' },
        {
          id: '1004',
          sn: 'Noël',
          givenName: 'Théo',
          ENTPersonStructRattach: '999',
          ENTPersonDateNaissance: '31/02/2012',
        },
        { id: '1005', sn: 'Roux', givenName: 'Léa', ENTPersonStructRattach: [], ENTFutur: 'x' },
        {
          id: '1006',
          sn: 'Roux',
          givenName: 'Loïc',
          ENTPersonStructRattach: '901',
          ENTEleveClasses: '3A',
          ENTElevePersRelEleve: ['2001$10$1$1', '2001$10$1$9$1$0', '2999$10$1$1$1$0', '2001$77$1$1$1$0'],
        },
        { id: '1001', sn: 'Lefèvre', givenName: 'Zoé', ENTPersonStructRattach: '901' },
        { id: '3001', sn: 'Bérard', givenName: 'Inès', ENTPersonStructRattach: '901' },
      ],
      staff: [
        ...SAMPLE.staff!,
        {
          id: '3004',
          sn: 'Petit',
          givenName: 'Luc',
          mail: 'lycee@ac-99.example',
          ENTPersonFonctions: '902$XYZ$?$-$?',
        },
        {
          id: '3005',
          sn: 'Petit',
          givenName: 'Paul',
          mail: 'lycee@ac-99.example',
          ENTPersonFonctions: '902$ENS',
        },
        { id: '3006', sn: 'Petit', givenName: 'Jean', ENTAuxEnsClassesMatieres: ['902$1G2$099999', '902'] },
      ],
    });
  });
  afterAll(() => directory.close());

  const found = (kind: string) => result.warnings.find((warning) => warning.kind === kind);

  it.each([
    ['attribute_unknown', 1, ['ENTFutur']],
    ['birth_date_malformed', 1, ['1004']],
    ['class_malformed', 1, ['1006']],
    ['function_malformed', 1, ['3005']],
    ['function_unknown', 1, ['3004']],
    ['link_malformed', 2, ['1006']],
    ['link_to_missing_relative', 1, ['1006']],
    ['mailbox_shared', 2, ['3004', '3005']],
    ['name_missing', 1, ['1003']],
    ['pupil_without_school', 1, ['1005']],
    ['relation_code_unknown', 1, ['1006']],
    ['school_unknown', 1, ['1004']],
    ['subject_unknown', 1, ['099999']],
    ['teaching_malformed', 1, ['3006']],
  ])('%s', (kind, count, sample) => {
    expect(found(kind)).toEqual({ kind, count, sample });
  });

  it('a key given twice: the first is kept, and two kinds of person under one key are both refused', async () => {
    expect(found('key_duplicate')).toEqual({ kind: 'key_duplicate', count: 3, sample: ['1001', '3001'] });
    expect(result.refused).toBe(4);
    await expect(directory.person('3001')).rejects.toThrow('no person');
    await directory.person('1001');
  });
});
