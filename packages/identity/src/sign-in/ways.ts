import { passwordWay } from './password-way.ts';
import type { SignInWay } from './way.ts';

/** Ways to give the first proof, each with pages of its own under `/sign-in/<id>`. */
export const SIGN_IN_WAYS: readonly (readonly [name: string, way: SignInWay])[] = [['password', passwordWay]];
