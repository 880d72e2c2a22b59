import type { PrintedCode } from '@socle/identity';
import type { Logo } from '../../../logos/redraw-logo.ts';
import type { Language } from '@socle/pages';

/** What one sheet says. */
export interface Sheet {
  readonly name: string;
  /** Beside the name: the class, or the child for a parent. */
  readonly about: string;
  readonly printed: PrintedCode;
}

/** A set of sheets: one language, one school, one reason. */
export interface SheetSet {
  readonly language: Language;
  readonly school: string;
  /** Its logo, above its name. */
  readonly logo: Logo | undefined;
  /** `link` sheets ask for the child's birth date too. */
  readonly kind: 'activation' | 'reset' | 'link';
  readonly sheets: readonly Sheet[];
  /** The school's own day, for the date at which codes expire. */
  readonly timeZone: string;
  readonly printedAt: Date;
}
