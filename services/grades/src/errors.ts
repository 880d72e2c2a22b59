/** Why a page is refused; the strings of `refused`, `missing` and `badForm` say it to its reader. */
export type RefusalCode =
  | 'assessment_denied'
  | 'marks_denied'
  | 'pupil_sheet_denied'
  | 'child_denied'
  | 'division_denied'
  | 'not_found'
  | 'bad_form';

const STATUS: Readonly<Record<RefusalCode, number>> = {
  assessment_denied: 403,
  marks_denied: 403,
  pupil_sheet_denied: 403,
  child_denied: 403,
  division_denied: 403,
  not_found: 404,
  bad_form: 400,
};

/** A page that its reader may not have: answered by a page that says what happened and whom to ask. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly status: number;

  constructor(code: RefusalCode) {
    super(code);
    this.code = code;
    this.status = STATUS[code];
  }
}
