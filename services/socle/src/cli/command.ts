/** Where a command writes and what it reads of its surroundings; tests give their own. */
export interface CommandIo {
  /** The command's result. With `--json`, one JSON document and nothing else. */
  stdout(text: string): void;
  /** Progress, warnings, errors. */
  stderr(text: string): void;
  readonly env: NodeJS.ProcessEnv;
}

/** One verb of the command line: `socle <name> …`. */
export interface Command {
  readonly name: string;
  /** One line for `socle --help`. */
  readonly summary: string;
  /** The text of `socle <name> --help`. */
  readonly usage: string;
  /**
   * Runs the command.
   *
   * @returns the exit code: 0 done, 1 refused or check failed, 2 wrong usage, 3 a dependency is unavailable.
   */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

/** Exit codes of CONTRACT.md. */
export const EXIT = Object.freeze({ done: 0, refused: 1, usage: 2, unavailable: 3 });
