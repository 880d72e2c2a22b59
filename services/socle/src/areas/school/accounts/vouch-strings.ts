import { defineStrings } from '@socle/pages';

/** Words of `/school/colleagues`. */
export const vouchStrings = defineStrings({
  fr: {
    tab: 'Répondre d’un collègue',
    title: 'Répondre d’un collègue',
    lead: 'Un collègue n’a plus les codes qui protègent son compte ? Vérifiez que c’est bien lui, de vive voix, avant d’écrire son code.',
    code: 'Code que votre collègue vous a donné',
    codeHint: 'Dix lettres et chiffres.',
    go: 'Chercher la demande',
    notFound:
      'Aucune demande d’un collègue de votre établissement n’a ce code. Il est valable quinze minutes et sert une fois.',
    confirmTitle: (name: string) => `Répondre de ${name} ?`,
    confirmLead:
      'Cette personne pourra se connecter une fois sans ses codes. Votre nom est écrit dans le journal, et vous serez tous les deux prévenus.',
    confirm: (name: string) => `Je réponds de ${name}`,
    done: (name: string) => `Vous avez répondu de ${name}.`,
  },
  en: {
    tab: 'Vouch for a colleague',
    title: 'Vouch for a colleague',
    lead: 'Has a colleague lost their second factor? Make sure that it is them, in person, before you type their code.',
    code: 'Code that your colleague told you',
    codeHint: 'Ten letters and digits.',
    go: 'Find the request',
    notFound:
      'No request of a colleague of your school has this code. It is valid for fifteen minutes and works once.',
    confirmTitle: (name: string) => `Vouch for ${name}?`,
    confirmLead:
      'This person will be able to sign in once without their second factor. Your name is written in the log, and both of you will be told.',
    confirm: (name: string) => `I vouch for ${name}`,
    done: (name: string) => `You vouched for ${name}.`,
  },
});
