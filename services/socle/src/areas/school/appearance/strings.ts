import { defineStrings } from '@socle/pages';

/** Words of `/school/appearance`. */
export const appearanceStrings = defineStrings({
  fr: {
    tab: 'Logo',
    title: 'Le logo de l’établissement',
    lead: (school: string) =>
      `${school}. Il paraît à la connexion, en haut des pages et sur les fiches de compte.`,
    choose: 'Choisissez l’établissement.',
    now: 'Le logo actuel',
    none: 'Aucun logo pour le moment.',
    file: 'Nouveau logo',
    hint: 'PNG, JPEG ou WebP, 512 ko et 2 000 pixels de côté au plus. Il est redessiné en petit.',
    save: 'Mettre ce logo',
    saved: 'Le nouveau logo est en place.',
    remove: 'Retirer le logo',
    removed: 'Le logo est retiré.',
    restored: 'Le logo d’avant est de retour.',
    door: 'Sur le site de l’établissement',
    doorLead:
      'Mettez ce lien sur le site de l’établissement : la page de connexion portera son nom et son logo.',
    problems: {
      missing: 'Choisissez une image.',
      kind: 'Ce fichier n’est pas une image PNG, JPEG ou WebP.',
      heavy: 'Ce fichier est trop lourd : 512 ko au plus.',
      large: 'Cette image est trop grande : 2 000 pixels de côté au plus.',
      small: 'Cette image est trop petite : 32 pixels de côté au moins.',
      broken: 'Cette image est abîmée. Enregistrez-la de nouveau, puis recommencez.',
    },
  },
  en: {
    tab: 'Logo',
    title: 'The logo of the school',
    lead: (school: string) =>
      `${school}. It stands on the sign-in page, at the top of pages and on account sheets.`,
    choose: 'Choose the school.',
    now: 'The logo now',
    none: 'No logo yet.',
    file: 'New logo',
    hint: 'PNG, JPEG or WebP, at most 512 kB and 2,000 pixels a side. It is drawn anew, smaller.',
    save: 'Use this logo',
    saved: 'The new logo is in place.',
    remove: 'Remove the logo',
    removed: 'The logo is removed.',
    restored: 'The former logo is back.',
    door: 'On the school’s website',
    doorLead: 'Put this link on the school’s website: the sign-in page will bear its name and logo.',
    problems: {
      missing: 'Choose a picture.',
      kind: 'This file is not a PNG, JPEG or WebP picture.',
      heavy: 'This file is too heavy: 512 kB at most.',
      large: 'This picture is too large: 2,000 pixels a side at most.',
      small: 'This picture is too small: 32 pixels a side at least.',
      broken: 'This picture is damaged. Save it again, then try once more.',
    },
  },
});
