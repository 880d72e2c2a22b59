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
    setUpTitle: 'Protégez votre compte par un code',
    setUpLead:
      'Votre compte donne accès à des informations sur d’autres personnes. Un code à six chiffres le protège même si quelqu’un connaît votre mot de passe.',
    setUpScan:
      'Ouvrez une application de codes sur votre téléphone ou votre ordinateur, puis photographiez ce dessin ou recopiez la clé.',
    setUpQr: 'Dessin à photographier avec l’application de codes',
    setUpKey: 'Clé à recopier',
    setUpCode: 'Code à six chiffres affiché par l’application',
    setUpConfirm: 'Activer les codes',
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
    setUpTitle: 'Protect your account with a code',
    setUpLead:
      'Your account gives access to information about other people. A six-digit code protects it even if somebody knows your password.',
    setUpScan:
      'Open a code application on your phone or computer, then take a picture of this drawing or copy the key.',
    setUpQr: 'Drawing to take a picture of with the code application',
    setUpKey: 'Key to copy',
    setUpCode: 'Six-digit code that the application shows',
    setUpConfirm: 'Turn codes on',
  },
});
