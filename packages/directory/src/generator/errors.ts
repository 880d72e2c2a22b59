import { SocleError, type SocleErrorOptions } from '@socle/base';

/** Everything the generator refuses. */
export type GeneratorErrorCode =
  /** The folder already holds XML files: mixing two feeds would make a false one. */
  | 'generator_folder_not_empty'
  /** A count or a seed out of range. */
  | 'generator_options_invalid'
  /** The folder cannot be written, or the disk is full; what was written was removed. */
  | 'generator_write_failed';

/** A refusal of the generator (4xx), or a folder that cannot be written (503). */
export class GeneratorError extends SocleError<GeneratorErrorCode> {
  constructor(code: GeneratorErrorCode, publicMessage: string, options: Partial<SocleErrorOptions> = {}) {
    super(code, { status: 400, ...options, publicMessage });
  }
}
