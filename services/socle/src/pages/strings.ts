import { defineStrings } from '@socle/pages';

/** The socle's own texts. */
export const strings = defineStrings({
  fr: {
    portalTitle: (givenName: string) => `Bonjour ${givenName}`,
    portalLead: 'Vos services, au même endroit.',
    youngLead: 'Touche une image pour l’ouvrir.',
    youngNoServices: 'Quand ton école ouvrira un service pour toi, tu le verras ici.',
    youngPlaces: 'Mon école',
    services: 'Mes services',
    servicesInView: 'Aucun ne s’ouvre pendant une vue : seul leur nom est montré.',
    noServicesTitle: 'Aucun service pour le moment',
    noServicesText:
      'Les services que votre établissement ouvre pour vous apparaîtront ici. S’il en manque un, demandez à l’administrateur de votre établissement.',
    arrange: 'Ranger',
    pinned: 'Épinglés',
    hiddenServices: (count: number) => (count > 1 ? `${count} services masqués` : 'Un service masqué'),
    areas: {
      school: 'Personnes, classes, comptes',
      approvals: 'Actes qui demandent deux personnes',
      dpo: 'Qui a consulté quoi, et pourquoi',
      security: 'Ce que les défenses ont arrêté, qui peut quoi, arrêts d’urgence',
    },
    whoSaw: (name: string) => `Qui a vu les données de ${name} ?`,
    places: 'Mes établissements',
    children: 'Mes enfants',
    classesOf: (names: string) => `Classe : ${names}`,
    notFoundTitle: 'Cette page n’existe pas',
    notFoundText:
      'L’adresse est peut-être ancienne ou mal recopiée. Revenez à l’accueil pour retrouver vos services.',
    forbiddenTitle: 'Cette page ne vous est pas ouverte',
    forbiddenText:
      'Votre compte ne donne pas accès à cette page. Si vous pensez que c’est une erreur, demandez à l’administrateur de votre établissement.',
    otherAccount: 'Changer de compte',
    formTitle: 'Ce formulaire n’est plus valable',
    formText:
      'Rien n’a été enregistré. Vous vous êtes peut-être déconnecté entre-temps, ou la page était ouverte depuis longtemps. Revenez à l’accueil, rouvrez la page, puis recommencez.',
    busyTitle: 'Trop de demandes en même temps',
    busyText: 'Attendez une minute, puis rechargez la page.',
    unavailableTitle: 'Le service est momentanément indisponible',
    unavailableText: 'Rien n’est perdu. Attendez une minute, puis rechargez la page.',
    refusedTitle: 'La demande n’a pas pu être traitée',
    refusedText:
      'Revenez à la page précédente et recommencez. Si cela continue, prévenez l’administrateur de votre établissement.',
    failedTitle: 'Quelque chose s’est mal passé chez nous',
    failedText:
      'Ce n’est pas de votre faute et l’équipe technique peut retrouver l’incident grâce à cette référence :',
    backHome: 'Revenir à l’accueil',
    role_pupil: 'Élève',
    role_guardian: 'Parent',
    role_teacher: 'Enseignant',
    role_head_teacher: 'Professeur principal',
    role_cpe: 'CPE',
    role_aed: 'AED',
    role_librarian: 'Documentaliste',
    role_head: 'Direction',
    role_staff: 'Personnel',
    role_local_admin: 'Administration locale',
    role_academy_admin: 'Administration académique',
    role_dpo: 'Délégué à la protection des données',
    role_security_officer: 'Sécurité',
    role_guest: 'Intervenant',
  },
  en: {
    portalTitle: (givenName) => `Hello ${givenName}`,
    portalLead: 'Your services, in one place.',
    youngLead: 'Touch a picture to open it.',
    youngNoServices: 'When your school opens a service for you, you will see it here.',
    youngPlaces: 'My school',
    services: 'My services',
    servicesInView: 'None opens during a view: only their names are shown.',
    noServicesTitle: 'No service yet',
    noServicesText:
      'The services that your school opens for you will appear here. If one is missing, ask your school’s administrator.',
    arrange: 'Arrange',
    pinned: 'Pinned',
    hiddenServices: (count) => (count > 1 ? `${count} hidden services` : 'One hidden service'),
    areas: {
      school: 'People, classes, accounts',
      approvals: 'Acts that ask for two people',
      dpo: 'Who looked at what, and why',
      security: 'What the defences stopped, who may do what, emergency stops',
    },
    whoSaw: (name) => `Who saw ${name}’s data?`,
    places: 'My schools',
    children: 'My children',
    classesOf: (names) => `Class: ${names}`,
    notFoundTitle: 'This page does not exist',
    notFoundText: 'The address may be old or mistyped. Go back home to find your services.',
    forbiddenTitle: 'This page is not open to you',
    forbiddenText:
      'Your account does not give access to this page. If you think this is a mistake, ask your school’s administrator.',
    otherAccount: 'Change account',
    formTitle: 'This form is no longer valid',
    formText:
      'Nothing was saved. You may have signed out meanwhile, or the page stood open for long. Go back home, open the page again and start over.',
    busyTitle: 'Too many requests at once',
    busyText: 'Wait a minute, then reload the page.',
    unavailableTitle: 'The service is unavailable for a moment',
    unavailableText: 'Nothing is lost. Wait a minute, then reload the page.',
    refusedTitle: 'The request could not be handled',
    refusedText:
      'Go back to the previous page and try again. If it goes on, tell your school’s administrator.',
    failedTitle: 'Something went wrong on our side',
    failedText: 'It is not your fault, and the technical team can find the incident by this reference:',
    backHome: 'Back home',
    role_pupil: 'Pupil',
    role_guardian: 'Parent',
    role_teacher: 'Teacher',
    role_head_teacher: 'Head teacher of a class',
    role_cpe: 'School life (CPE)',
    role_aed: 'Supervisor (AED)',
    role_librarian: 'Librarian',
    role_head: 'Head of school',
    role_staff: 'Staff',
    role_local_admin: 'Local administrator',
    role_academy_admin: 'Academy administrator',
    role_dpo: 'Data protection officer',
    role_security_officer: 'Security',
    role_guest: 'Outside speaker',
  },
});

/** The name of a role, or undefined for one that people are not told. */
export function roleName(language: 'fr' | 'en', role: string): string | undefined {
  const name = (strings[language] as Readonly<Record<string, unknown>>)[`role_${role}`];
  return typeof name === 'string' ? name : undefined;
}

/** A role's name within a sentence: a small first letter, but abbreviations (CPE, AED) stay as they are. */
export function roleInSentence(name: string): string {
  return name.replace(/^\p{Lu}(?=\p{Ll})/u, (first) => first.toLowerCase());
}
