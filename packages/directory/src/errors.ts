import { SocleError } from '@socle/base';

/** Codes of failures that @socle/directory raises; docs/errors.md gives the remedy of each. */
export type DirectoryErrorCode =
  | 'academy_unknown'
  | 'authority_request_unknown'
  | 'authority_request_waiting'
  | 'authority_review_unknown'
  | 'authority_unconfirmed'
  | 'authority_without_link'
  | 'controller_unknown'
  | 'division_unknown'
  | 'entity_exists'
  | 'entity_misplaced'
  | 'entity_unknown'
  | 'feed_digest_changed'
  | 'feed_file_invalid'
  | 'feed_folder_unreadable'
  | 'feed_incomplete'
  | 'feed_not_aaf'
  | 'feed_of_another_academy'
  | 'feed_academy_unknown'
  | 'feed_archive_invalid'
  | 'feed_archive_too_large'
  | 'feed_delta_out_of_date'
  | 'feed_delta_out_of_order'
  | 'feed_delta_without_complete'
  | 'feed_kinds_mixed'
  | 'feed_departures_exceed_guard'
  | 'feed_changes_exceed_guard'
  | 'feed_force_unconfirmed'
  | 'feed_mapping_invalid'
  | 'feed_not_csv'
  | 'feed_not_oneroster'
  | 'feed_rows_invalid'
  | 'feed_school_of_another_controller'
  | 'feed_school_of_another_source'
  | 'feed_source_invalid'
  | 'feed_source_of_another_controller'
  | 'feed_source_unbound'
  | 'generator_folder_not_empty'
  | 'generator_options_invalid'
  | 'generator_write_failed'
  | 'import_already_running'
  | 'already_member'
  | 'local_change_unknown'
  | 'not_a_member'
  | 'not_of_the_school'
  | 'substitute_unfit'
  | 'merge_unfit'
  | 'merge_unknown'
  | 'not_an_adult'
  | 'opposition_not_own'
  | 'person_unknown'
  | 'project_unfit'
  | 'person_status_unchanged'
  | 'rollover_changed_since'
  | 'rollover_empty'
  | 'rollover_not_open'
  | 'rollover_open'
  | 'rollover_unknown'
  | 'role_already_held'
  | 'role_not_held'
  | 'role_window_invalid'
  | 'scim_client_unbound'
  | 'scim_filter_invalid'
  | 'scim_mutability'
  | 'scim_no_target'
  | 'scim_path_invalid'
  | 'scim_resource_unknown'
  | 'scim_syntax_invalid'
  | 'scim_uniqueness'
  | 'scim_value_invalid'
  | 'scim_version_changed'
  | 'scim_withdrawals_exceed_guard'
  | 'school_exists'
  | 'school_unknown'
  | 'scope_too_narrow'
  | 'search_cursor_invalid'
  | 'sponsor_unfit';

/** A failure of the directory. */
export class DirectoryError extends SocleError<DirectoryErrorCode> {}

/** A refusal with its status and one sentence for the caller. */
export function refuse(
  code: DirectoryErrorCode,
  status: number,
  publicMessage: string,
  details?: Readonly<Record<string, string | number | boolean | readonly string[]>>,
): DirectoryError {
  return new DirectoryError(code, { status, publicMessage, ...(details ? { details } : {}) });
}
