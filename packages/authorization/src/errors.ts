import { SocleError } from '@socle/base';

/** Codes of failures that @socle/authorization raises; docs/errors.md gives the remedy of each. */
export type PolicyErrorCode =
  /** A file of the policies is wrong: `problems` says where and what to write instead. */
  | 'policy_refused'
  /** A file of the policies is missing or cannot be read. */
  | 'policy_unreadable'
  /** A generated module is not what the policies give: it was edited, or is of other policies. */
  | 'module_refused'
  /** A bundle is not signed by a known key, was changed, or is older than the one in force. */
  | 'bundle_refused';

/** One thing that is wrong in a policy file. */
export interface PolicyProblem {
  /** Path of the file inside the policies folder. */
  readonly file: string;
  /** 1 for the first line; 0 when the whole file is meant. */
  readonly line: number;
  /** What is wrong. */
  readonly problem: string;
  /** What to write instead. */
  readonly instead: string;
}

/** A refusal of the policy files. All problems that were found are given, not the first alone. */
export class PolicyError extends SocleError<PolicyErrorCode> {
  readonly problems: readonly PolicyProblem[];

  constructor(code: PolicyErrorCode, problems: readonly PolicyProblem[], cause?: unknown) {
    super(code, {
      status: 422,
      publicMessage: problems.map(formatProblem).join('\n'),
      details: { problems: problems.length },
      cause,
    });
    this.problems = problems;
  }
}

/** `file:line: problem. Instead: …` */
export function formatProblem(problem: PolicyProblem): string {
  return `${problem.file}:${problem.line}: ${problem.problem}. Instead: ${problem.instead}.`;
}

/** Throws `policy_refused` with `problems` when there are any. */
export function requireNoProblem(problems: readonly PolicyProblem[]): void {
  if (problems.length > 0) throw new PolicyError('policy_refused', problems);
}
