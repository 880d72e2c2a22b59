import type { PersonId } from '@socle/base';
import {
  loadDivisions,
  loadSchools,
  type DivisionId,
  type School,
  type WriteContext,
} from '@socle/directory';
import { openTestDirectory, SAMPLE, type TestDirectory } from '@socle/directory/testing';

/** The sample's collège and lycée, two controllers, with the collège's people at hand. */
export interface DirectoryWorld {
  readonly directory: TestDirectory;
  readonly college: School;
  readonly lycee: School;
  /** Zoé, pupil of the collège, in 3A; Odette is tied to her alone. */
  readonly pupil: PersonId;
  readonly relative: PersonId;
  readonly head: PersonId;
  readonly cpe: PersonId;
  /** Teaches 3A; in both schools. */
  readonly teacher: PersonId;
  /** 3A. */
  readonly division: DivisionId;
  context(): WriteContext;
  close(): Promise<void>;
}

export async function openDirectoryWorld(): Promise<DirectoryWorld> {
  const directory = await openTestDirectory();
  await directory.importSample(SAMPLE);
  const schools = await directory.all((tx) => loadSchools(tx));
  const college = schools.find(({ kind }) => kind === 'college')!;
  const lycee = schools.find(({ kind }) => kind === 'lycee')!;
  const [pupil, relative, head, cpe, teacher] = (await Promise.all(
    ['1001', '2003', '3002', '3003', '3001'].map((key) => directory.person(key)),
  )) as [PersonId, PersonId, PersonId, PersonId, PersonId];
  const divisions = await directory.all((tx) => loadDivisions(tx, college.id));
  const division = divisions.find(({ kind, code }) => kind === 'class' && code === '3A')!.id;
  return {
    directory,
    college,
    lycee,
    pupil,
    relative,
    head,
    cpe,
    teacher,
    division,
    context: () => ({
      audit: directory.audit,
      author: { kind: 'person', id: head },
      at: directory.clock.now(),
    }),
    close: () => directory.close(),
  };
}
