import { CONTENT } from './content.ts';
import type { Criterion, Theme } from './criterion.ts';
import { STRUCTURE } from './structure.ts';
import { USE } from './use.ts';

/** The 13 themes of RGAA 4.1, in its order. */
export const THEMES: readonly Theme[] = [...CONTENT, ...STRUCTURE, ...USE];

/** The 106 criteria. */
export const CRITERIA: readonly Criterion[] = THEMES.flatMap(({ criteria }) => criteria);
