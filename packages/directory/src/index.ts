export {
  openFeedFile,
  type FeedFileOptions,
  type FeedFileReader,
  type FeedHeader,
  type FeedRecord,
} from './aaf/read-file.ts';
export { directoryActions } from './actions.ts';
export type { AdministrationOrder } from './administration/administration-order.ts';
export { mayBeOnePerson } from './administration/administration-order.ts';
export { appointAdministrator, type Appointment } from './administration/appoint-administrator.ts';
export {
  endAdministration,
  prolongAdministration,
  restoreAdministration,
} from './administration/change-administration.ts';
export {
  loadAdministrationActs,
  loadAdministrators,
  loadUnadministered,
  type AdministrationAct,
  type Administrator,
} from './administration/load-administrators.ts';
export { loadAdministeredPlaces, type AdministeredPlace } from './administration/place.ts';
export {
  ADMINISTRATIVE_ROLES,
  DELEGATIONS,
  isAdministrativeRole,
  type AdministrativeRole,
  type AdministrativeScope,
} from './administration/roles-of-administration.ts';
export {
  loadMerges,
  mergePeople,
  unmergePeople,
  type Merge,
  type MergeRecord,
} from './duplicates/merge-people.ts';
export {
  declareDistinct,
  proposeDuplicates,
  type ProposedDuplicate,
} from './duplicates/propose-duplicates.ts';
export type { DuplicateReason, DuplicateScore } from './duplicates/score-duplicate.ts';
export {
  addToDivision,
  appointSubstitute,
  joinProject,
  moveToDivision,
  removeFromDivision,
} from './delegations/change-classes.ts';
export {
  loadLocalChanges,
  loadPastLocalChanges,
  type LocalChange,
  type PastLocalChange,
} from './delegations/load-local-changes.ts';
export {
  undoLocalChange,
  type LocalChangeKind,
  type LocalDecision,
} from './delegations/local-changes.ts';
export type { AccountsPort, SessionsPort } from './ports.ts';
export { endDueSessions } from './years/end-due-sessions.ts';
export {
  dropYear,
  findOpenRollover,
  loadRollovers,
  planPerson,
  prepareYear,
  unplanPerson,
  type PlannedPerson,
  type Rollover,
} from './years/plan-year.ts';
export {
  previewYear,
  switchYear,
  undoYear,
  type YearChanges,
  type YearPreview,
} from './years/switch-year.ts';
export { DirectoryError, type DirectoryErrorCode } from './errors.ts';
export type {
  AcademyId,
  DivisionId,
  GuardianLinkId,
  ImportId,
  ImportRunId,
  LocalChangeId,
  MergeId,
  RolloverId,
  RegionId,
  RoleId,
  SubjectId,
} from './ids.ts';
export type { FindingKind, ImportWarning } from './import/findings.ts';
export { importAaf } from './import/import-aaf.ts';
export type { SchoolCounts } from './import/change-events.ts';
export { findImportRun, loadImportRuns, type ImportRun } from './import/load-runs.ts';
export { importOneRoster, type ImportOneRosterOptions } from './oneroster/import-oneroster.ts';
export { importCsv, type ImportCsvOptions } from './csv/import-csv.ts';
export { buildCsvTemplate, CSV_FIELDS, type CsvField } from './csv/fields.ts';
export type { ConfirmGuarded, GuardedFeed } from './import/guard-feed.ts';
export type { ImportAafOptions, ImportProgress, ImportResult } from './import/import-types.ts';
export { migrations } from './migration-set.ts';
export { resumePerson, suspendPerson } from './people/change-status.ts';
export { endGuestsWithoutSponsor } from './people/end-guests.ts';
export { createGuest, createPerson, type NewGuest, type NewPerson } from './people/create-person.ts';
export {
  findCurrentPerson,
  findPerson,
  findPersonByJoinKey,
  searchPeople,
  type PeopleSearch,
  type Person,
  type PersonStatus,
} from './people/find-person.ts';
export { endRole, grantRole, type Author, type RoleGrant, type WriteContext } from './people/grant-role.ts';
export { assignTeaching, joinDivision } from './people/join-division.ts';
export {
  loadAuthorizationChanges,
  loadAuthorizationRevision,
  loadFactsBoundary,
  type AuthorizationChanges,
} from './people/load-authorization-changes.ts';
export { followFacts, type FollowedFacts } from './replica/follow-facts.ts';
export { loadFactsReplicaFrom } from './replica/load-facts-replica.ts';
export { loadHeldRoles, type HeldRole, type HeldRoleFilter } from './people/load-held-roles.ts';
export { loadPersonFacts } from './people/load-person-facts.ts';
export {
  findDivision,
  loadChildren,
  loadClassesTaught,
  loadDivisions,
  loadHeadTeacherOf,
  loadMembers,
  loadMemberships,
  loadTeachersOf,
  type Child,
  type ClassTaught,
  type Division,
  type DivisionTeacher,
} from './people/load-relations.ts';
export { listPeopleOfPlace, loadManyPersonFacts } from './people/list-people-of-place.ts';
export { loadPersonCards, type PersonCard } from './people/load-cards.ts';
export { loadFamily, opposeCorrespondence, type FamilyMember } from './guardians/family.ts';
export { loadAuthorityHistory, type AuthorityRecord } from './guardians/load-history.ts';
export {
  confirmAuthority,
  enterAuthority,
  loadAuthorityRequests,
  refuseAuthority,
  type AuthorityRequest,
  type AuthorityRequestId,
  type EnteredAuthority,
} from './guardians/request-authority.ts';
export {
  closeAuthorityReview,
  loadAuthorityReviews,
  type AuthorityReview,
  type AuthorityReviewId,
} from './guardians/review-late-decisions.ts';
export {
  setGuardianAuthority,
  type AuthorityDecision,
  type Restriction,
} from './people/set-guardian-authority.ts';
export {
  searchDirectory,
  type Asker,
  type DirectorySearch,
  type FoundPeople,
  type FoundPerson,
} from './search/search-directory.ts';
export {
  changeEntitySettings,
  findEntity,
  findEntityByCode,
  loadEntitiesBelow,
  loadEntityTrail,
  openEntity,
  placeEntity,
  type Entity,
  type EntityId,
  type EntityKind,
  type EntitySettings,
  type NewEntity,
} from './schools/entity-tree.ts';
export { loadControllersOf, type Place } from './schools/load-controllers.ts';
export { ensureSubject, openDivision, openSchool, type NewSchool } from './schools/open-school.ts';
export {
  ensureAcademy,
  ensureController,
  loadAcademies,
  loadSchools,
  type Academy,
  type School,
  type SchoolFilter,
} from './schools/schools.ts';
export { openScim, type Scim, type ScimChange } from './scim/open-scim.ts';
export { MAX_RESULTS as SCIM_MAX_RESULTS, type ScimPage, type ScimQuery } from './scim/list-resources.ts';
export { parseProjection, projectResource, type Projection } from './scim/project-resource.ts';
export { RESOURCE_TYPES as SCIM_RESOURCE_TYPES, type ResourceTypeName } from './scim/resource-types.ts';
export { bindScimClient, findScimController, unbindScimClient } from './scim/scim-clients.ts';
export {
  SCHEMAS as SCIM_SCHEMA_DOCUMENTS,
  SCIM_SCHEMAS,
  type ScimAttribute,
  type ScimSchema,
} from './scim/schemas.ts';
export { matchesVersion, type ScimCaller, type ScimResource } from './scim/scim-session.ts';
export { generateAaf, type GenerateAafOptions } from './generator/generate-aaf.ts';
export {
  generateSeries,
  type GenerateSeriesOptions,
  type WrittenSeries,
} from './generator/generate-series.ts';
export {
  writeFeed,
  type FeedProgress,
  type WriteFeedOptions,
  type WrittenFeed,
} from './generator/write-feed.ts';
export type { FeedCounts } from './generator/counts.ts';
export type { FeedFile } from './generator/part-writer.ts';
export { buildPopulation, type PopulationOptions } from './generator/population.ts';
export { schoolYearOf } from './generator/identifiers.ts';
export type { TerritoryPlan } from './generator/plan.ts';
export type {
  Division as InventedDivision,
  Family as InventedFamily,
  Population,
  Pupil as InventedPupil,
  Relative as InventedRelative,
  RelativeLink as InventedLink,
  School as InventedSchool,
  Staff as InventedStaff,
} from './generator/model.ts';
