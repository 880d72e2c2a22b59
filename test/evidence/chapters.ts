import { OAUTH } from './asvs-10-oauth.ts';
import { AUTHENTICATION } from './asvs-6-authentication.ts';
import { SESSIONS } from './asvs-7-sessions.ts';
import { TOKENS } from './asvs-9-tokens.ts';
import type { Chapter } from './requirement.ts';
import { RFC_9700 } from './rfc-9700.ts';

/** Every page of docs/evidence, in the order of its index. */
export const CHAPTERS: readonly Chapter[] = [AUTHENTICATION, SESSIONS, TOKENS, OAUTH, RFC_9700];
