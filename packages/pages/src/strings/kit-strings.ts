import { defineStrings } from '../languages/define-strings.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';

/** The kit's own texts, by language. */
export const kitStrings = defineStrings({ fr, en });
