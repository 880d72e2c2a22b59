import { CODE_PATHS } from '../activation/activation.ts';
import { activationWay } from '../activation/activation-way.ts';
import { BADGE_PATH } from '../badges/badges.ts';
import { badgeWay } from '../badges/badge-way.ts';
import { passkeyWay } from './passkey-way.ts';
import { parentWay } from '../link-codes/parent-way.ts';
import { passwordWay } from './password-way.ts';
import type { SignInWay } from './way.ts';

/** Ways to give the first proof, each with pages of its own under `/sign-in/<id>`. */
export const SIGN_IN_WAYS: readonly (readonly [name: string, way: SignInWay])[] = [
  ['password', passwordWay],
  ['passkey', passkeyWay],
  ['activate', activationWay],
  ['badge', badgeWay],
  ['parent', parentWay],
];

/** Addresses on paper, and the way that each leads to. */
export const PRINTED_PATHS: readonly (readonly [path: string, way: string])[] = [
  [CODE_PATHS.activation, 'activate'],
  [BADGE_PATH, 'badge'],
  [CODE_PATHS.link, 'parent'],
];
