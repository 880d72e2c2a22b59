import { defineStrings } from '@socle/pages';

/** Words of the proof of work: what happens, and what to do, without saying how it is calculated. */
export const WORK_TEXTS = defineStrings({
  fr: {
    working:
      'Petite vérification automatique en cours. Vous n’avez rien à faire, cela prend quelques secondes.',
    done: 'Vérification terminée.',
    wait: (seconds: number) =>
      `En ce moment, des programmes essaient des mots de passe. Votre navigateur ne peut pas faire la vérification : attendez ${seconds} secondes sur cette page avant d’appuyer sur « Se connecter ».`,
    again:
      'Nous devons faire une petite vérification automatique. Écrivez de nouveau votre mot de passe, puis connectez-vous.',
    early: (seconds: number) =>
      `C’est un peu trop tôt. Écrivez de nouveau votre mot de passe et attendez encore ${seconds} secondes avant d’appuyer sur « Se connecter ».`,
    crowded: (minutes: number) =>
      `Trop de personnes passent par cette attente. Essayez à nouveau dans ${minutes}\u00a0min, avec un navigateur récent si vous le pouvez, ou demandez de l’aide à votre établissement.`,
  },
  en: {
    working: 'A short automatic check is running. There is nothing to do; it takes a few seconds.',
    done: 'The check is done.',
    wait: (seconds: number) =>
      `At this moment, programs are trying passwords. Your browser cannot do the check: wait ${seconds} seconds on this page before you press “Sign in”.`,
    again: 'We have to make a short automatic check. Enter your password again, then sign in.',
    early: (seconds: number) =>
      `That is a little too early. Enter your password again and wait ${seconds} more seconds before you press “Sign in”.`,
    crowded: (minutes: number) =>
      `Too many people are using this wait. Try again in ${minutes} min, with a recent browser if you can, or ask your school for help.`,
  },
});
