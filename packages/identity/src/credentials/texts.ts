import { defineStrings } from '@socle/pages';

/** What the pages of credentials say, in each language. */
export const CREDENTIAL_TEXTS = defineStrings({
  fr: {
    codeTitle: 'Votre code',
    codeLead:
      'Ouvrez votre application de codes et recopiez les six chiffres qu’elle affiche pour ce compte.',
    code: 'Code à six chiffres',
    codeContinue: 'Continuer',
    codeRefused: 'Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant, puis essayez à nouveau.',
    codeMissing: 'Écrivez le code à six chiffres.',
    codeThrottled: (minutes: number) =>
      `Trop d’essais. Attendez ${minutes}\u00a0min avant d’essayer à nouveau.`,
    codeHelp:
      'Vous n’avez plus accès à vos codes ? Demandez de l’aide à l’administrateur de votre établissement.',
    gridLead: 'Prenez votre grille imprimée et recopiez les six chiffres de la case demandée.',
    gridCell: (cell: string) => `Chiffres de la case ${cell}`,
    useGrid: 'Utiliser ma grille imprimée',
    useRecovery: 'Utiliser un code de secours',
    recoveryCode: 'Code de secours',
    recoveryLeft: (left: number) =>
      left === 1
        ? 'C’est votre dernier code de secours\u00a0: pensez à en imprimer de nouveaux.'
        : `Chaque code sert une fois. Il vous en reste ${left}.`,
    usePasskey: 'Utiliser une clé d’accès',
    passkeyGaveUp: 'La clé d’accès n’a pas répondu. Essayez à nouveau, ou connectez-vous autrement.',
    passkeyRefused: 'Cette clé d’accès n’est pas connue ici, ou a été retirée. Connectez-vous autrement.',
    setUpTitle: 'Protégez votre compte par un code',
    setUpLead:
      'Votre compte donne accès à des informations sur d’autres personnes. Un code à six chiffres le protège même si quelqu’un connaît votre mot de passe.',
    setUpScan:
      'Ouvrez une application de codes sur votre téléphone ou votre ordinateur, puis photographiez ce dessin ou recopiez la clé.',
    setUpQr: 'Dessin à photographier avec l’application de codes',
    setUpKey: 'Clé à recopier',
    setUpCode: 'Code à six chiffres affiché par l’application',
    setUpConfirm: 'Activer les codes',
    newPasswordTitle: 'Choisissez votre propre mot de passe',
    newPasswordLead:
      'Le mot de passe qui vous a été donné ne sert qu’une fois. Choisissez-en un que vous seul connaissez.',
    newPassword: 'Nouveau mot de passe',
    newPasswordHint:
      'Une phrase de plusieurs mots sans rapport entre eux se retient bien et se devine mal. Pas de nom de personne ni de lieu.',
    repeatPassword: 'Le même, encore une fois',
    keepPassword: 'Garder ce mot de passe',
    strengthWords: 'Trop court pour l’instant.|Encore un mot et ce sera bien.|Bonne longueur.',
    passwordProblem: {
      missing: 'Écrivez un nouveau mot de passe.',
      different: 'Les deux mots de passe ne sont pas les mêmes. Écrivez-les à nouveau.',
      same: 'C’est le mot de passe que vous aviez déjà. Choisissez-en un autre.',
      too_short: 'Ce mot de passe est trop court. Ajoutez un ou deux mots.',
      too_long: 'Ce mot de passe est trop long : 128 caractères au plus.',
      leaked: 'Ce mot de passe est connu de ceux qui attaquent des comptes. Choisissez-en un autre.',
      personal:
        'Ce mot de passe est fait de votre nom, de celui de votre établissement ou d’un lieu. Choisissez-en un autre.',
      guessable: 'Ce mot de passe se devine trop facilement. Ajoutez des mots sans rapport entre eux.',
      busy: 'Beaucoup de personnes se connectent en ce moment. Essayez à nouveau dans quelques secondes.',
    },
  },
  en: {
    codeTitle: 'Your code',
    codeLead: 'Open your code application and copy the six digits that it shows for this account.',
    code: 'Six-digit code',
    codeContinue: 'Continue',
    codeRefused:
      'This code is not the right one, or it was used already. Wait for the next one, then try again.',
    codeMissing: 'Enter the six-digit code.',
    codeThrottled: (minutes: number) => `Too many attempts. Wait ${minutes} min before you try again.`,
    codeHelp: 'You cannot get at your codes any more? Ask your school’s administrator for help.',
    gridLead: 'Take your printed grid and copy the six digits of the cell that is asked for.',
    gridCell: (cell: string) => `Digits of cell ${cell}`,
    useGrid: 'Use my printed grid',
    useRecovery: 'Use a recovery code',
    recoveryCode: 'Recovery code',
    recoveryLeft: (left: number) =>
      left === 1
        ? 'This is your last recovery code: remember to print new ones.'
        : `Each code works once. You have ${left} left.`,
    usePasskey: 'Use a passkey',
    passkeyGaveUp: 'The passkey did not answer. Try again, or sign in another way.',
    passkeyRefused: 'This passkey is not known here, or was removed. Sign in another way.',
    setUpTitle: 'Protect your account with a code',
    setUpLead:
      'Your account gives access to information about other people. A six-digit code protects it even if somebody knows your password.',
    setUpScan:
      'Open a code application on your phone or computer, then take a picture of this drawing or copy the key.',
    setUpQr: 'Drawing to take a picture of with the code application',
    setUpKey: 'Key to copy',
    setUpCode: 'Six-digit code that the application shows',
    setUpConfirm: 'Turn codes on',
    newPasswordTitle: 'Choose a password of your own',
    newPasswordLead: 'The password that you were given works once. Choose one that only you know.',
    newPassword: 'New password',
    newPasswordHint:
      'A phrase of several unrelated words is easy to remember and hard to guess. No names of people or places.',
    repeatPassword: 'The same, once more',
    keepPassword: 'Keep this password',
    strengthWords: 'Too short for now.|One more word and it will do.|Good length.',
    passwordProblem: {
      missing: 'Enter a new password.',
      different: 'The two passwords are not the same. Enter them again.',
      same: 'This is the password that you had already. Choose another one.',
      too_short: 'This password is too short. Add a word or two.',
      too_long: 'This password is too long: 128 characters at most.',
      leaked: 'This password is known to those who attack accounts. Choose another one.',
      personal: 'This password is made of your name, your school’s or a place’s. Choose another one.',
      guessable: 'This password is too easy to guess. Add unrelated words.',
      busy: 'Many people are signing in at this moment. Try again in a few seconds.',
    },
  },
});
