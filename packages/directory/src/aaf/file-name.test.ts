import { describe, expect, it } from 'vitest';
import { parseFeedFileName } from './file-name.ts';

describe('parseFeedFileName', () => {
  it.each([
    ['ENT2DVA-ENT16_Complet_20240916_EtabEducNat_0000.xml', '2D', 'complete', 'EtabEducNat', 0],
    ['ENT1DVA-X_Complet_20240916_Eleve_0012.xml', '1D', 'complete', 'Eleve', 12],
    ['ENT2D_Mon_Projet_Delta_20240916_PersRelEleve_0001.xml', '2D', 'delta', 'PersRelEleve', 1],
  ])('reads %s', (name, degree, kind, type, part) => {
    expect(parseFeedFileName(name)).toMatchObject({ degree, kind, type, part });
  });

  it('reads from the right, so that a project may be named like a file', () => {
    expect(
      parseFeedFileName('P_Delta_20200101_Eleve_0001_Complet_20240916_MefEducNat_0000.xml'),
    ).toMatchObject({
      project: 'P_Delta_20200101_Eleve_0001',
      kind: 'complete',
      type: 'MefEducNat',
    });
  });

  it.each([
    'ficAlimMENESR.dtd',
    'Eleve_0000.xml',
    'P_Complet_20240916_Autre_0000.xml',
    '_Complet_20240916_Eleve_0000.xml',
  ])('does not know %s', (name) => expect(parseFeedFileName(name)).toBeUndefined());
});
