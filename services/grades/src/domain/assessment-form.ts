import { assessmentKinds, scales, schoolYearStart, type AssessmentDetails } from './assessment.ts';
import { parseDecimal } from './decimal.ts';

/** Fields of the form of an assessment, as they are named in the page. */
export type AssessmentField = 'title' | 'heldOn' | 'scale' | 'coefficient' | 'kind';

/** What is wrong with a field. */
export type AssessmentProblem =
  | 'title_missing'
  | 'title_too_long'
  | 'date_missing'
  | 'date_not_a_day'
  | 'date_outside_year'
  | 'scale_unknown'
  | 'coefficient_not_a_number'
  | 'coefficient_out_of_range'
  | 'kind_unknown';

/** What was typed, kept as it is so that a refused form loses nothing. */
export type TypedAssessment = Readonly<Record<AssessmentField, string>>;

export type ParsedAssessment =
  | { readonly ok: true; readonly details: AssessmentDetails }
  | {
      readonly ok: false;
      readonly problems: readonly { field: AssessmentField; problem: AssessmentProblem }[];
    };

const TITLE_MOST_CHARACTERS = 120;
const COEFFICIENT_MOST_HUNDREDTHS = 2_000;

/** Reads the form of an assessment; `today` (`YYYY-MM-DD`) tells the school year its day must be in. */
export function parseAssessment(typed: TypedAssessment, today: string): ParsedAssessment {
  const problems: { field: AssessmentField; problem: AssessmentProblem }[] = [];
  const title = typed.title
    .normalize('NFC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (title === '') problems.push({ field: 'title', problem: 'title_missing' });
  else if (title.length > TITLE_MOST_CHARACTERS) problems.push({ field: 'title', problem: 'title_too_long' });

  const heldOn = parseDay(typed.heldOn);
  if (heldOn === undefined) {
    problems.push({ field: 'heldOn', problem: typed.heldOn.trim() ? 'date_not_a_day' : 'date_missing' });
  } else if (schoolYearStart(heldOn) !== schoolYearStart(today)) {
    problems.push({ field: 'heldOn', problem: 'date_outside_year' });
  }

  const kind = assessmentKinds.find((candidate) => candidate === typed.kind);
  if (kind === undefined) problems.push({ field: 'kind', problem: 'kind_unknown' });

  const scale = scales.find((candidate) => String(candidate) === typed.scale);
  if (scale === undefined) problems.push({ field: 'scale', problem: 'scale_unknown' });

  const coefficient = parseDecimal(typed.coefficient);
  if (!coefficient.ok) {
    problems.push({ field: 'coefficient', problem: 'coefficient_not_a_number' });
  } else if (coefficient.hundredths > COEFFICIENT_MOST_HUNDREDTHS) {
    problems.push({ field: 'coefficient', problem: 'coefficient_out_of_range' });
  }

  if (problems.length > 0 || !heldOn || !kind || !scale || !coefficient.ok) return { ok: false, problems };
  return {
    ok: true,
    details: { title, heldOn, scale, kind, coefficientHundredths: coefficient.hundredths },
  };
}

/** A calendar day as `YYYY-MM-DD`, from that form or from `DD/MM/YYYY`; undefined for a day that never was. */
export function parseDay(text: string): string | undefined {
  const plain = text.trim();
  const french = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(plain);
  const day = french ? `${french[3]}-${french[2]?.padStart(2, '0')}-${french[1]?.padStart(2, '0')}` : plain;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const instant = new Date(`${day}T00:00:00.000Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(day) ? day : undefined;
}
