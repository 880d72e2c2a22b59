import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Attributes of one record; a list for several values. */
export type SampleRecord = { readonly id: string } & Readonly<Record<string, string | readonly string[]>>;

/** A complete feed of a few records, written as the national specification says. */
export interface FeedSample {
  readonly degree?: '1D' | '2D';
  readonly academy?: string;
  /** `YYYYMMDD`. */
  readonly day?: string;
  readonly schools: readonly SampleRecord[];
  readonly subjects?: readonly SampleRecord[];
  readonly staff?: readonly SampleRecord[];
  readonly pupils?: readonly SampleRecord[];
  readonly relatives?: readonly SampleRecord[];
}

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function renderRecord(category: [string, string], key: string, record: SampleRecord): string {
  const attributes = Object.entries({ [key]: record.id, ...record })
    .filter(([name]) => name !== 'id')
    .map(([name, value]) => {
      const values = typeof value === 'string' ? [value] : value;
      const body =
        values.length === 0 ? '<value/>' : values.map((each) => `<value>${escape(each)}</value>`).join('');
      return `<attr name="${name}">${body}</attr>`;
    });
  return `<addRequest><operationalAttributes><attr name="${category[0]}"><value>${category[1]}</value></attr></operationalAttributes>
<identifier><id>${record.id}</id></identifier><attributes>${attributes.join('\n')}</attributes></addRequest>\n`;
}

/** Writes the files of a sample into an emptied folder; gives their names by type. */
export async function writeFeedSample(folder: string, sample: FeedSample): Promise<Map<string, string>> {
  const { degree = '2D', academy = '99', day = '20260901' } = sample;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const person = (category: string): [string, string] => ['categoriePersonne', category];
  const types: [string, [string, string], string, readonly SampleRecord[]][] = [
    ['EtabEducNat', ['categorieStructure', 'EtabEducNat'], 'ENTStructureJointure', sample.schools],
    ['PersEducNat', person('PersEducNat'), 'ENTPersonJointure', sample.staff ?? []],
    ['Eleve', person('Eleve'), 'ENTPersonJointure', sample.pupils ?? []],
    ['PersRelEleve', person('PersRelEleve'), 'ENTPersonJointure', sample.relatives ?? []],
  ];
  if (degree === '2D') {
    types.push([
      'MatiereEducNat',
      ['categorieMatiere', 'MatEducNat'],
      'ENTMatJointure',
      sample.subjects ?? [],
    ]);
    types.push(['MefEducNat', ['categorieMef', 'MefEducNat'], 'ENTMefJointure', []]);
  }
  const names = new Map<string, string>();
  for (const [type, category, key, records] of types) {
    const name = `ENT${degree}VA-TEST_Complet_${day}_${type}_0000.xml`;
    const body = records.map((record) => renderRecord(category, key, record)).join('');
    await writeFile(
      path.join(folder, name),
      `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">\n<ficAlimMENESR>\n` +
        `<!-- codeAcademieExport="${academy}" --><!-- degre="${degree}" -->\n${body}</ficAlimMENESR>\n`,
    );
    names.set(type, name);
  }
  return names;
}

/** A collège and a lycée, two pupils, their families and their teachers: people who do not exist. */
export const SAMPLE: FeedSample = {
  schools: [
    {
      id: '901',
      ENTStructureUAI: '9990001X',
      ENTStructureNomCourant: 'CLG$Les Érables$Valmorne',
      ENTStructureTypeStruct: 'COLLEGE',
      ENTServAcCodeAcademie: '099',
      ENTStructureClasses: ['3A$Troisième A$10010012110'],
    },
    {
      id: '902',
      ENTStructureUAI: '9990002Y',
      ENTStructureNomCourant: 'LYC$Les Tilleuls$Clairval',
      ENTStructureTypeStruct: 'LYCEE ENSEIGNT GENERAL ET TECHNOLOGIQUE',
      ENTServAcCodeAcademie: '099',
    },
  ],
  subjects: [{ id: '061300', ENTLibelleMatiere: 'MATHEMATIQUES' }],
  pupils: [
    {
      id: '1001',
      sn: 'Lefèvre',
      givenName: 'Zoé',
      ENTPersonDateNaissance: '14/03/2012',
      ENTPersonStructRattach: '901',
      ENTElevePersRelEleve: ['2001$10$1$1$1$0', '2002$20$0$1$1$1', '2003$38$0$0$1$0', '2004$39$0$2$1$0'],
      ENTEleveClasses: '901$3A',
      ENTEleveGroupes: '901$3A LATIN',
    },
    {
      id: '1002',
      sn: 'Lefèvre',
      givenName: 'Adèle',
      ENTPersonDateNaissance: '02/11/2009',
      ENTPersonStructRattach: '902',
      ENTElevePersRelEleve: ['2001$10$1$1$1$0', '2002$20$0$1$1$1'],
      ENTEleveClasses: '902$1G2',
      ENTEleveGroupes: [],
    },
  ],
  relatives: [
    { id: '2001', sn: 'Lefèvre', givenName: 'Hélène' },
    { id: '2002', sn: 'Nuñez', givenName: 'Raphaël' },
    { id: '2003', sn: 'Lefèvre', givenName: 'Odette' },
    { id: '2004', sn: 'Garçon', givenName: 'Noël' },
  ],
  staff: [
    {
      id: '3001',
      sn: 'Bérard',
      givenName: 'Inès',
      mail: 'Ines.Berard@ac-99.example',
      ENTPersonStructRattach: '901',
      ENTPersonFonctions: [
        '901$ENS$ENSEIGNEMENT$L1300$MATHEMATIQUES',
        '902$ENS$ENSEIGNEMENT$L1300$MATHEMATIQUES',
      ],
      ENTPersonCategorieEnseignant: 'O',
      ENTAuxEnsClassesMatieres: ['901$3A$061300', '902$1G2$061300'],
      ENTAuxEnsClassesPrincipal: '901$3A',
    },
    {
      id: '3002',
      sn: 'Prévôt',
      givenName: 'Gaël',
      ENTPersonStructRattach: '901',
      ENTPersonFonctions: '901$DIR$DIRECTION$D0010$CHEF D’ETABLISSEMENT',
      ENTPersonCategorieEnseignant: 'N',
    },
    {
      id: '3003',
      sn: 'Çelik',
      givenName: 'Maëlle',
      ENTPersonStructRattach: [],
      ENTPersonFonctions: '901$EDU$EDUCATION$E0030$CPE',
    },
  ],
};
