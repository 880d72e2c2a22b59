import type { ControllerId, SchoolId } from '@socle/base';
import type { Degree } from '../aaf/file-name.ts';
import type { AcademyId, ImportId } from '../ids.ts';

/** The degree of an AAF feed; `ALL` for a feed that is of no single one. */
export type FeedLane = Degree | 'ALL';

/** One transaction of an import: a school, or (place 0, without school) the people of several schools or of none. */
export interface Pass {
  readonly importId: ImportId;
  readonly digest: string;
  readonly degree: FeedLane;
  readonly academy: AcademyId;
  readonly academyCode: string;
  /** What stands before each key in `join_keys`: the academy's code for AAF, the source's name for others. */
  readonly keySpace: string;
  /** Who processes what is written; of people in pass 0 who have a school, the controller of their first one does. */
  readonly controller: ControllerId;
  /** Place of the school in the run, from 1; people of one school are written in its pass, the others in pass 0. */
  readonly place: number;
  readonly school?: { readonly id: SchoolId; readonly key: string };
  /** True for a delta: who is not staged is left as they are. */
  readonly partial: boolean;
  /** The import's instant. */
  readonly at: Date;
  /** What the database's own clock said when the import began: ids grow from `at` by the time since (see directory.next_id). */
  readonly began: Date;
}
