import type { Language } from './page-language.ts';

const fr = {
  signInTitle: 'Se connecter',
  signInTo: (service: string) => `Pour continuer vers ${service}`,
  username: 'Identifiant',
  password: 'Mot de passe',
  shared: 'Cet ordinateur est partagé avec d’autres personnes',
  sharedHint: 'La connexion sera plus courte et s’arrêtera quand vous fermerez le navigateur.',
  signIn: 'Se connecter',
  help: 'Identifiant ou mot de passe oublié ? Demandez à votre professeur principal ou au secrétariat de votre établissement.',
  problemTitle: 'La connexion n’a pas abouti',
  missing: 'Écrivez votre identifiant et votre mot de passe.',
  credentials: 'L’identifiant ou le mot de passe n’est pas le bon. Vérifiez-les, puis essayez à nouveau.',
  throttled: (minutes: number) =>
    `Trop d’essais. Attendez ${minutes} min avant d’essayer à nouveau, ou demandez de l’aide à votre établissement.`,
  busy: 'Beaucoup de personnes se connectent en ce moment. Essayez à nouveau dans quelques secondes.',
  expiredTitle: 'Cette page a expiré',
  expired: 'La connexion a été commencée il y a trop longtemps, ou dans un autre navigateur.',
  startAgain: 'Recommencer la connexion',
  signOutTitle: 'Se déconnecter ?',
  signOut: 'Vous serez déconnecté de tous les services ouverts avec votre compte.',
  signOutConfirm: 'Me déconnecter',
  signOutCancel: 'Rester connecté',
  signedOutTitle: 'Vous êtes déconnecté',
  signedOut:
    'Les services que vous aviez ouverts ont été prévenus. Sur un ordinateur partagé, fermez aussi le navigateur.',
  signInAgain: 'Se connecter à nouveau',
  failureTitle: 'Cette demande n’a pas abouti',
  failure:
    'Le service d’où vous venez a fait une demande que nous ne pouvons pas suivre. Revenez-y et recommencez.',
  failureOurs: 'Le service rencontre un problème. Essayez à nouveau dans quelques minutes.',
  inactiveTitle: 'Votre compte n’est pas actif',
  inactive:
    'Votre connexion a été arrêtée. Demandez au secrétariat de votre établissement de vérifier votre compte.',
  code: (code: string) => `Code à donner si vous demandez de l’aide : ${code}`,
  home: 'Retour à l’accueil',
  otherLanguage: 'English',
};

const en: typeof fr = {
  signInTitle: 'Sign in',
  signInTo: (service) => `To continue to ${service}`,
  username: 'User name',
  password: 'Password',
  shared: 'Other people use this computer',
  sharedHint: 'The session will be shorter and will end when you close the browser.',
  signIn: 'Sign in',
  help: 'Forgot your user name or password? Ask your head teacher or the office of your school.',
  problemTitle: 'You are not signed in',
  missing: 'Enter your user name and your password.',
  credentials: 'The user name or the password is not right. Check them, then try again.',
  throttled: (minutes) =>
    `Too many attempts. Wait ${minutes} min before you try again, or ask your school for help.`,
  busy: 'Many people are signing in at this moment. Try again in a few seconds.',
  expiredTitle: 'This page has expired',
  expired: 'The sign-in was started too long ago, or in another browser.',
  startAgain: 'Start again',
  signOutTitle: 'Sign out?',
  signOut: 'You will be signed out of all the services that you opened with your account.',
  signOutConfirm: 'Sign me out',
  signOutCancel: 'Stay signed in',
  signedOutTitle: 'You are signed out',
  signedOut: 'The services that you had opened were told. On a shared computer, close the browser too.',
  signInAgain: 'Sign in again',
  failureTitle: 'This request did not succeed',
  failure:
    'The service that you come from made a request that we cannot follow. Go back to it and start again.',
  failureOurs: 'The service has a problem. Try again in a few minutes.',
  inactiveTitle: 'Your account is not active',
  inactive: 'Your session was ended. Ask the office of your school to check your account.',
  code: (code) => `Code to give if you ask for help: ${code}`,
  home: 'Back to the home page',
  otherLanguage: 'Français',
};

/** What the pages of this package say, in each language. */
export const TEXTS: Readonly<Record<Language, typeof fr>> = { fr, en };
