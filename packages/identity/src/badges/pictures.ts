import { randomInt } from 'node:crypto';
import { Secret } from '@socle/base';
import { defineStrings, type IconName, type Language } from '@socle/pages';

/** The twelve pictures, in the order of the pad; each is an icon of the kit. */
export const PICTURES = [
  'cat',
  'dog',
  'fish',
  'butterfly',
  'flower',
  'tree',
  'apple',
  'umbrella',
  'sailboat',
  'bike',
  'rocket',
  'snowflake',
] as const satisfies readonly IconName[];

export type Picture = (typeof PICTURES)[number];

/** Pictures of a code, in order; one may come back: 12⁴ codes, 14.3 bits. */
export const PICTURES_IN_CODE = 4;

/** Names of the pictures, as a six-year-old says them. */
const NAMES = defineStrings({
  fr: {
    cat: 'chat',
    dog: 'chien',
    fish: 'poisson',
    butterfly: 'papillon',
    flower: 'fleur',
    tree: 'arbre',
    apple: 'pomme',
    umbrella: 'parapluie',
    sailboat: 'bateau',
    bike: 'vélo',
    rocket: 'fusée',
    snowflake: 'flocon',
  },
  en: {
    cat: 'cat',
    dog: 'dog',
    fish: 'fish',
    butterfly: 'butterfly',
    flower: 'flower',
    tree: 'tree',
    apple: 'apple',
    umbrella: 'umbrella',
    sailboat: 'boat',
    bike: 'bicycle',
    rocket: 'rocket',
    snowflake: 'snowflake',
  },
});

export function pictureName(language: Language, picture: Picture): string {
  return NAMES[language][picture];
}

/** A new code: the pictures' names, separated by spaces. */
export function inventPictures(): Secret {
  const chosen = Array.from({ length: PICTURES_IN_CODE }, () => PICTURES[randomInt(PICTURES.length)]);
  return new Secret(chosen.join(' '));
}

export function isPicture(value: unknown): value is Picture {
  return PICTURES.some((picture) => picture === value);
}
