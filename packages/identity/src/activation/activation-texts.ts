import { defineStrings } from '@socle/pages';

/** Words of the pages of a printed code. */
export const ACTIVATION_TEXTS = defineStrings({
  fr: {
    codeTitle: 'J’ai un code',
    codeLead: 'Il est sur la fiche que l’établissement vous a donnée.',
    code: 'Code de la fiche',
    codeHint: 'Dix lettres et chiffres. Les majuscules, les espaces et les tirets n’ont pas d’importance.',
    go: 'Continuer avec ce code',
    help: 'Un code sert une seule fois. S’il ne marche plus, demandez-en un autre à votre professeur ou au secrétariat.',
    withPassword: 'Se connecter avec un mot de passe',
    missing: 'Écrivez le code de votre fiche.',
    refused:
      'Ce code ne marche pas. Vérifiez chaque lettre. S’il a déjà servi ou s’il est trop ancien, demandez-en un autre.',
    chooseTitle: 'Choisissez votre mot de passe',
    hello: (name: string) => `Bonjour ${name}.`,
    keepLogin: 'Notez cet identifiant : vous l’écrirez à chaque connexion.',
    password: 'Nouveau mot de passe',
    passwordHint: 'Plus il est long, mieux c’est : plusieurs mots que vous seul avez choisis.',
    repeat: 'Le même mot de passe, encore une fois',
    choose: 'Choisir ce mot de passe',
    passwordMissing: 'Écrivez un mot de passe.',
    passwordDifferent: 'Les deux mots de passe ne sont pas les mêmes. Écrivez-les à nouveau.',
    passwordRefused: 'Ce mot de passe est trop facile à deviner. Choisissez-en un plus long.',
  },
  en: {
    codeTitle: 'I have a code',
    codeLead: 'It is on the sheet that the school gave you.',
    code: 'Code on the sheet',
    codeHint: 'Ten letters and digits. Capitals, spaces and dashes do not matter.',
    go: 'Continue with this code',
    help: 'A code works once. If it does not work any more, ask your teacher or the office for another one.',
    withPassword: 'Sign in with a password',
    missing: 'Enter the code of your sheet.',
    refused:
      'This code does not work. Check every letter. If it was used or is too old, ask for another one.',
    chooseTitle: 'Choose your password',
    hello: (name: string) => `Hello ${name}.`,
    keepLogin: 'Note this user name: you will type it each time you sign in.',
    password: 'New password',
    passwordHint: 'The longer the better: several words that only you would choose.',
    repeat: 'The same password once more',
    choose: 'Choose this password',
    passwordMissing: 'Enter a password.',
    passwordDifferent: 'The two passwords are not the same. Type them again.',
    passwordRefused: 'This password is too easy to guess. Choose a longer one.',
  },
});
