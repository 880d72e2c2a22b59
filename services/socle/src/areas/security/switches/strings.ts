import { defineStrings } from '@socle/pages';

/** Words of `/security/switches`. */
export const strings = defineStrings({
  fr: {
    tab: 'Arrêts d’urgence',
    title: (count: number) =>
      count === 0
        ? 'Rien n’est arrêté'
        : count === 1
          ? 'Un arrêt est en cours'
          : `${count} arrêts sont en cours`,
    lead: 'Quand des comptes sont volés ou un service attaqué : arrêtez d’abord, cherchez ensuite. Tout se rouvre d’un bouton.',
    noneTitle: 'Aucun arrêt en cours',
    noneText: 'Les connexions fonctionnent partout.',
    inForce: 'En cours',
    kind_school: 'Connexions arrêtées',
    kind_client: 'Service arrêté',
    kind_registration: 'Inscription de services arrêtée',
    since: 'Depuis',
    reason: 'Motif',
    reasonHint: 'Pour vos collègues. De 10 à 500 caractères.',
    message: 'Message affiché',
    messageHint: 'Ce que liront les personnes qui essaient de se connecter. 300 caractères au plus.',
    lift: 'Rouvrir',
    lifted: 'C’est rouvert.',
    act: 'Arrêter',
    school: 'Établissement',
    schoolPrompt: 'Choisir un établissement',
    stopSchool: 'Arrêter les connexions d’un établissement',
    stopSchoolNote:
      'Personne de l’établissement ne peut plus se connecter. L’académie et la région le peuvent. Les connexions déjà ouvertes continuent : fermez-les à part.',
    stopSchoolDo: 'Arrêter les connexions',
    stopped: 'C’est arrêté, partout, dès maintenant.',
    endSessions: 'Fermer toutes les connexions d’un établissement',
    endSessionsNote: 'Chacun devra se reconnecter. Les services ouverts sont prévenus.',
    endSessionsDo: 'Fermer les connexions',
    ended: (count: number) =>
      count === 1 ? 'Une connexion est fermée.' : `${count} connexions sont fermées.`,
    stopClient: 'Arrêter un service',
    stopClientNote: 'Plus personne ne peut s’y connecter, et il n’obtient plus aucun jeton.',
    client: 'Service',
    clientPrompt: 'Choisir un service',
    stopClientDo: 'Arrêter le service',
    stopRegistration: 'Arrêter l’inscription de services',
    stopRegistrationNote: 'Aucun nouveau service ne peut s’inscrire, même avec un jeton d’inscription.',
    stopRegistrationDo: 'Arrêter l’inscription',
    reset: 'Exiger de nouveaux mots de passe',
    resetNote:
      'Les personnes choisies sont déconnectées et devront choisir un nouveau mot de passe. L’administration locale de l’établissement doit donner son accord.',
    resetWhom: 'Pour qui',
    resetAll: 'Tout l’établissement',
    resetLogins: 'Des identifiants',
    resetLoginsHint: 'Un par ligne, 500 au plus. Seuls ceux de l’établissement comptent.',
    resetClass: (name: string) => `Classe ${name}`,
    resetDo: 'Demander l’accord, ou agir s’il est donné',
    resetAsked: 'L’accord est demandé. Revenez faire l’acte quand il est donné.',
    resetDone: (count: number) =>
      count === 1 ? 'Un nouveau mot de passe est exigé.' : `${count} nouveaux mots de passe sont exigés.`,
    resetSummary: (count: number) =>
      count === 1
        ? 'nouveau mot de passe exigé pour un compte'
        : `nouveaux mots de passe exigés pour ${count} comptes`,
    resetNone: 'Personne ne correspond.',
    next: 'Continuer',
    wrongReason: 'Écrivez le motif, en 10 à 500 caractères.',
    wrongTarget: 'Choisissez ce qui doit être arrêté.',
    already: 'C’est déjà arrêté.',
  },
  en: {
    tab: 'Emergency stops',
    title: (count) =>
      count === 0
        ? 'Nothing is stopped'
        : count === 1
          ? 'One stop is in force'
          : `${count} stops are in force`,
    lead: 'When accounts are stolen or a service is attacked: stop first, search after. Everything opens again with a button.',
    noneTitle: 'No stop in force',
    noneText: 'Sign-in works everywhere.',
    inForce: 'In force',
    kind_school: 'Sign-in stopped',
    kind_client: 'Service stopped',
    kind_registration: 'Registration of services stopped',
    since: 'Since',
    reason: 'Reason',
    reasonHint: 'For your colleagues. 10 to 500 characters.',
    message: 'Message shown',
    messageHint: 'What people who try to sign in will read. 300 characters at most.',
    lift: 'Open again',
    lifted: 'It is open again.',
    act: 'Stop',
    school: 'School',
    schoolPrompt: 'Choose a school',
    stopSchool: 'Stop sign-in of a school',
    stopSchoolNote:
      'Nobody of the school can sign in any more. The academy and the region can. Sessions that are open go on: end them apart.',
    stopSchoolDo: 'Stop sign-in',
    stopped: 'It is stopped, everywhere, from now on.',
    endSessions: 'End all sessions of a school',
    endSessionsNote: 'Everybody must sign in again. The services that were open are told.',
    endSessionsDo: 'End sessions',
    ended: (count) => (count === 1 ? 'One session was ended.' : `${count} sessions were ended.`),
    stopClient: 'Stop a service',
    stopClientNote: 'Nobody can sign in to it any more, and it gets no token.',
    client: 'Service',
    clientPrompt: 'Choose a service',
    stopClientDo: 'Stop the service',
    stopRegistration: 'Stop the registration of services',
    stopRegistrationNote: 'No new service can register, even with a registration token.',
    stopRegistrationDo: 'Stop registration',
    reset: 'Demand new passwords',
    resetNote:
      'The people chosen are signed out and must choose a new password. The local administration of the school must agree.',
    resetWhom: 'For whom',
    resetAll: 'The whole school',
    resetLogins: 'User names',
    resetLoginsHint: 'One a line, 500 at most. Only those of the school count.',
    resetClass: (name) => `Class ${name}`,
    resetDo: 'Ask for agreement, or act when it is given',
    resetAsked: 'Agreement is asked for. Come back to do the act when it is given.',
    resetDone: (count) =>
      count === 1 ? 'One new password is demanded.' : `${count} new passwords are demanded.`,
    resetSummary: (count) =>
      count === 1 ? 'new password demanded for one account' : `new passwords demanded for ${count} accounts`,
    resetNone: 'Nobody fits.',
    next: 'Continue',
    wrongReason: 'Write the reason, in 10 to 500 characters.',
    wrongTarget: 'Choose what is to be stopped.',
    already: 'It is stopped already.',
  },
});
