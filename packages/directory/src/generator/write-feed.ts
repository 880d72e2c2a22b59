import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DirectoryError, refuse } from '../errors.ts';
import { openTally, type FeedCounts } from './counts.ts';
import { DTD, DTD_NAME } from './dtd.ts';
import { formatDay } from './identifiers.ts';
import type { Degree, Population } from './model.ts';
import { openPartWriter, type FeedFile, type PartWriter } from './part-writer.ts';
import { LEVELS, SUBJECTS } from './programme.ts';
import { renderPupil1d, renderRelative1d, renderSchool1d, renderStaff1d } from './records-1d.ts';
import {
  renderMef,
  renderPupil,
  renderRelative,
  renderSchool,
  renderStaff,
  renderSubject,
} from './records-2d.ts';

/** Where the writer stands, a few times a second at most. */
export interface FeedProgress {
  readonly pupils: number;
  readonly totalPupils: number;
  readonly bytes: number;
}

export interface WriteFeedOptions {
  /** Made when missing; refused when it holds XML files. */
  readonly folder: string;
  readonly population: Population;
  /** Code of the academy, in the headers and the school records. */
  readonly academy: string;
  /** Day of the feed: in the files' names and headers. */
  readonly date: Date;
  /** Default: those of the population's schools. */
  readonly degrees?: readonly Degree[];
  /** Records a file before a new part begins. Default 5 000. */
  readonly recordsPerPart?: number;
  readonly onProgress?: (progress: FeedProgress) => void;
}

/** What was written. */
export interface WrittenFeed {
  readonly files: readonly FeedFile[];
  readonly counts: FeedCounts;
}

const TYPES = {
  '2D': ['EtabEducNat', 'MatiereEducNat', 'MefEducNat', 'PersEducNat', 'Eleve', 'PersRelEleve'],
  '1D': ['EtabEducNat', 'PersEducNat', 'Eleve', 'PersRelEleve'],
} as const;

export type FileType = (typeof TYPES)['2D'][number];

const FAMILIES_A_PROGRESS = 500;

/**
 * Writes a complete AAF feed of the population: the six types of the second degree, the four of the first, and
 * the DTD beside them. Memory does not grow with pupils; on failure what was written is removed.
 *
 * @throws DirectoryError `generator_folder_not_empty`, `generator_write_failed`.
 */
export async function writeFeed(options: WriteFeedOptions): Promise<WrittenFeed> {
  const { folder, population } = options;
  await prepareFolder(folder);
  const present = (['2D', '1D'] as const).filter((degree) =>
    population.schools.some((school) => school.degree === degree),
  );
  const degrees = options.degrees ?? present;
  const writers = openWriters({ ...options, kind: 'Complet' }, degrees);
  return refuseFileErrors(writers, async () => {
    const counts = await writeRecords(options, degrees, writers);
    const files: FeedFile[] = [];
    for (const writer of writers.values()) files.push(...(await writer.close()));
    await writeFile(path.join(folder, DTD_NAME), DTD);
    return { files, counts };
  });
}

/** Removes what was written when the work fails. */
export async function refuseFileErrors<T>(
  writers: ReadonlyMap<string, PartWriter>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await Promise.all([...writers.values()].map((writer) => writer.abandon()));
    throw isFileError(error) ? writeFailed(error) : error;
  }
}

/** Makes the folder; refuses one that holds XML files. */
export async function prepareFolder(folder: string): Promise<void> {
  let names: string[];
  try {
    await mkdir(folder, { recursive: true });
    names = await readdir(folder);
  } catch (error) {
    throw writeFailed(error);
  }
  if (names.some((name) => name.toLowerCase().endsWith('.xml')))
    throw refuse(
      'generator_folder_not_empty',
      409,
      'The folder already holds XML files. Give an empty or a new one, so that two feeds do not mix.',
    );
}

const isFileError = (error: unknown) => error instanceof Error && 'syscall' in error;

function writeFailed(cause: unknown): DirectoryError {
  return new DirectoryError('generator_write_failed', {
    status: 503,
    publicMessage:
      'The folder could not be written. See that the path is a folder, that it may be written and that the disk is not full.',
    cause,
  });
}

/** A writer for each type of each degree. */
export function openWriters(
  options: Pick<WriteFeedOptions, 'folder' | 'academy' | 'date' | 'recordsPerPart'> & {
    readonly kind: 'Complet' | 'Delta';
  },
  degrees: readonly Degree[],
): Map<string, PartWriter> {
  const { date, academy } = options;
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  const stamp = formatDay(year, month, day).split('/').toReversed().join('');
  const writers = new Map<string, PartWriter>();
  for (const degree of degrees) {
    const header =
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
      `<!DOCTYPE ficAlimMENESR SYSTEM "${DTD_NAME}">\n<ficAlimMENESR>\n` +
      '<!-- versionAF="AAF-VE2407" -->\n<!-- versionSDET="Annexe 4bis version 6.4" -->\n' +
      `<!-- codeAcademieExport="${academy}" -->\n<!-- degre="${degree}" -->\n` +
      `<!-- dateGenerationExport="${formatDay(year, month, day)}" -->\n`;
    for (const type of TYPES[degree])
      writers.set(
        degree + type,
        openPartWriter({
          folder: options.folder,
          stem: `ENT${degree}VA-SOCLE_${options.kind}_${stamp}_${type}`,
          header,
          footer: '</ficAlimMENESR>\n',
          recordsPerPart: options.recordsPerPart ?? 5_000,
        }),
      );
  }
  return writers;
}

async function writeRecords(
  options: WriteFeedOptions,
  degrees: readonly Degree[],
  writers: ReadonlyMap<string, PartWriter>,
): Promise<FeedCounts> {
  const { population, academy, onProgress } = options;
  const second = degrees.includes('2D');
  const mefs = second ? LEVELS.filter((level) => level.mef !== '') : [];
  const subjects = second ? SUBJECTS : [];
  const tally = openTally(population, degrees, subjects.length, mefs.length);
  const add = async (degree: Degree, type: FileType, record: () => string) => {
    const writer = writers.get(degree + type);
    if (!writer) return;
    writer.add(record());
    if (writer.full) await writer.drain();
  };
  for (const school of population.schools)
    await add(school.degree, 'EtabEducNat', () =>
      school.degree === '1D' ? renderSchool1d(school, academy) : renderSchool(school, academy),
    );
  for (const level of mefs) await add('2D', 'MefEducNat', () => renderMef(level));
  for (const subject of subjects) await add('2D', 'MatiereEducNat', () => renderSubject(subject));
  for (const person of population.staff()) {
    if (!degrees.includes(person.degree)) continue;
    tally.staff(person);
    await add(person.degree, 'PersEducNat', () =>
      person.degree === '1D' ? renderStaff1d(person) : renderStaff(person),
    );
  }
  let pupils = 0;
  let families = 0;
  const report = () => {
    let bytes = 0;
    for (const writer of writers.values()) bytes += writer.bytes;
    onProgress?.({ pupils, totalPupils: population.pupilCount, bytes });
  };
  for (const whole of population.families()) {
    const family = {
      shape: whole.shape,
      pupils: whole.pupils.filter((pupil) => degrees.includes(pupil.school.degree)),
      relatives: whole.relatives.filter((relative) => degrees.includes(relative.degree)),
    };
    if (family.pupils.length === 0) continue;
    tally.family(family);
    for (const pupil of family.pupils) {
      const { degree } = pupil.school;
      await add(degree, 'Eleve', () => (degree === '1D' ? renderPupil1d(pupil) : renderPupil(pupil)));
    }
    for (const relative of family.relatives)
      await add(relative.degree, 'PersRelEleve', () =>
        relative.degree === '1D' ? renderRelative1d(relative) : renderRelative(relative),
      );
    pupils += family.pupils.length;
    families += 1;
    if (families % FAMILIES_A_PROGRESS === 0) report();
  }
  report();
  return tally.result();
}
