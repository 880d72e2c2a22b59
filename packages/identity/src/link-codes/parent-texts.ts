import { defineStrings } from '@socle/pages';

/** Words of the page of a parent's code. */
export const PARENT_TEXTS = defineStrings({
  fr: {
    title: 'Je suis parent',
    lead: 'Avec le code que l’établissement vous a donné et la date de naissance de votre enfant.',
    code: 'Code de la fiche',
    codeHint: 'Dix lettres et chiffres.',
    birthDate: 'Date de naissance de votre enfant',
    go: 'Continuer',
    help: 'Un code est pour une seule personne : chaque parent reçoit le sien. Après cinq erreurs, il faut en demander un autre à l’établissement.',
    withPassword: 'Se connecter avec un mot de passe',
    missing: 'Écrivez le code et la date de naissance de votre enfant.',
    refused:
      'Le code ou la date de naissance n’est pas le bon. Vérifiez les deux. Si le code a déjà servi, demandez-en un autre à l’établissement.',
  },
  en: {
    title: 'I am a parent',
    lead: 'With the code that the school gave you and the birth date of your child.',
    code: 'Code on the sheet',
    codeHint: 'Ten letters and digits.',
    birthDate: 'Birth date of your child',
    go: 'Continue',
    help: 'A code is for one person: each parent is given one. After five errors, ask the school for another one.',
    withPassword: 'Sign in with a password',
    missing: 'Enter the code and the birth date of your child.',
    refused:
      'The code or the birth date is not right. Check both. If the code was used, ask the school for another one.',
  },
});
