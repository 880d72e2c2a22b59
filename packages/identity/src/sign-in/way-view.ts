import type { Language } from '@socle/pages';
import type { EntranceSchool } from '../ports.ts';
import type { OpenSignIn } from './way.ts';

/** What every page of a way in needs of the sign-in that it stands under. */
export interface WayView {
  readonly language: Language;
  /** Where the page's form goes: the way's own address. */
  readonly action: string;
  /** The sign-in that this is another way into. */
  readonly back: string;
  readonly formTargets: readonly string[];
  readonly school: EntranceSchool | undefined;
}

/** The view of the way `name`, whose pages stand at `/sign-in/<id>/<name>`. */
export function viewOfWay(open: OpenSignIn, name: string): WayView {
  const { language, address, formTargets, school } = open;
  return { language, action: `${address}/${name}`, back: address, formTargets, school };
}
