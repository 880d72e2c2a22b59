import { defineStrings } from '@socle/pages';

/** Words of the pages of a badge: short, said to a child, readable by the adult beside. */
export const BADGE_TEXTS = defineStrings({
  fr: {
    title: 'Mon badge',
    lead: 'Montre ton badge à la caméra de la tablette. Ou écris le code qui est dessous.',
    code: 'Code du badge',
    codeHint: 'Dix lettres et chiffres.',
    go: 'C’est mon badge',
    withPassword: 'Se connecter avec un mot de passe',
    picturesTitle: 'Tes images',
    picturesTouched: (count: number) => `${count} ${count > 1 ? 'images touchées' : 'image touchée'} sur 4`,
    legend: 'Touche tes quatre images, dans l’ordre',
    again: 'Recommencer',
    missing: 'Écris le code de ton badge.',
    refused:
      'Ce n’est pas le bon badge, ou ce ne sont pas les bonnes images. Essaie encore, ou demande à ta maîtresse ou à ton maître.',
    closed: 'Ton badge ne marche pas à cette heure-ci, ou pas d’ici. Il marche à l’école.',
    wait: 'Trop d’essais. Attends un peu, puis demande à un adulte.',
  },
  en: {
    title: 'My badge',
    lead: 'Show your badge to the camera of the tablet. Or type the code under it.',
    code: 'Code of the badge',
    codeHint: 'Ten letters and digits.',
    go: 'This is my badge',
    withPassword: 'Sign in with a password',
    picturesTitle: 'Your pictures',
    picturesTouched: (count: number) => `${count} of 4 pictures touched`,
    legend: 'Touch your four pictures, in order',
    again: 'Start again',
    missing: 'Type the code of your badge.',
    refused: 'This is not the right badge, or not the right pictures. Try again, or ask your teacher.',
    closed: 'Your badge does not work at this hour, or not from here. It works at school.',
    wait: 'Too many tries. Wait a little, then ask an adult.',
  },
});
