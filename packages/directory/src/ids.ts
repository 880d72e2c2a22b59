import type { Branded, ClassId, GroupId } from '@socle/base';

/** A class or a group. */
export type DivisionId = ClassId | GroupId;
export type AcademyId = Branded<'AcademyId'>;
export type RegionId = Branded<'RegionId'>;
export type SubjectId = Branded<'SubjectId'>;
export type RoleId = Branded<'RoleId'>;
export type GuardianLinkId = Branded<'GuardianLinkId'>;
export type RolloverId = Branded<'RolloverId'>;
export type LocalChangeId = Branded<'LocalChangeId'>;
export type MergeId = Branded<'MergeId'>;
export type ImportId = Branded<'ImportId'>;
export type ImportRunId = Branded<'ImportRunId'>;
