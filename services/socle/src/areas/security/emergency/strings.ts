import { defineStrings } from '@socle/pages';

/** Words about emergency access. */
export const strings = defineStrings({
  fr: {
    tab: 'Accès d’urgence',
    warning: (count: number) =>
      count === 1 ? 'Un accès d’urgence est ouvert' : `${count} accès d’urgence sont ouverts`,
    warningText:
      'Une personne s’est ouvert un accès exceptionnel à un établissement. Lisez son motif, et fermez l’accès s’il n’a plus lieu d’être.',
    seeOpen: 'Voir les accès d’urgence ouverts',
    noneTitle: 'Accès d’urgence',
    watchLead: 'Chacun prend fin seul, au plus tard une heure après son ouverture.',
    noneOpen: 'Aucun accès d’urgence n’est ouvert',
    noneText: 'Quand quelqu’un en ouvrira un, vous le trouverez ici avec son motif.',
    reason: 'Motif',
    since: 'Ouvert le',
    until: 'Prend fin à',
    close: 'Fermer cet accès',
    closed: 'L’accès d’urgence est fermé.',
    openTitle: 'Accès d’urgence',
    openLead:
      'Un élève disparu, un compte volé : pendant une heure au plus, lisez les fiches et les appels d’un établissement, et suspendez un compte.',
    school: 'Établissement',
    schoolPrompt: 'Choisir un établissement',
    reasonHint: 'Que se passe-t-il ? De 10 à 500 caractères. Le délégué à la protection des données le lira.',
    length: 'Durée',
    minutes: (count: number) => (count === 60 ? 'Une heure' : `${count} minutes`),
    open: 'Ouvrir l’accès d’urgence',
    told: 'Qui le saura ?',
    toldText:
      'Le délégué à la protection des données et le responsable de la sécurité le voient aussitôt, avec votre nom et votre motif. Tout ce que vous ferez est écrit dans le journal.',
    left: (count: number) =>
      count === 0
        ? 'Vous avez ouvert autant d’accès qu’un jour le permet. Demandez à une autre personne d’ouvrir le sien.'
        : count === 1
          ? 'Vous pouvez encore en ouvrir un aujourd’hui.'
          : `Vous pouvez encore en ouvrir ${count} aujourd’hui.`,
    opened: 'L’accès d’urgence est ouvert.',
    openedText: (until: string) =>
      `Il prend fin seul à ${until}. Fermez-le dès que vous n’en avez plus besoin.`,
    mine: 'Ouvert en ce moment',
    wrongSchool: 'Choisissez l’établissement.',
    wrongReason: 'Écrivez ce qui se passe, en 10 à 500 caractères.',
    limit: 'Vous avez ouvert autant d’accès d’urgence qu’un jour le permet.',
    held: 'Vous avez déjà un accès d’urgence ouvert dans cet établissement.',
    noSchool: 'Aucun établissement',
    noSchoolText:
      'Les règles ne vous laissent ouvrir d’accès d’urgence dans aucun établissement. En cas d’urgence, prévenez la direction ou un CPE : ils le peuvent.',
  },
  en: {
    tab: 'Emergency access',
    warning: (count) =>
      count === 1 ? 'One emergency access is open' : `${count} emergency accesses are open`,
    warningText:
      'Somebody opened an exceptional access to a school for themselves. Read why, and close it when it is not needed any more.',
    seeOpen: 'See the open emergency accesses',
    noneTitle: 'Emergency access',
    watchLead: 'Each ends by itself, an hour after it was opened at the latest.',
    noneOpen: 'No emergency access is open',
    noneText: 'When somebody opens one, you will find it here with its reason.',
    reason: 'Reason',
    since: 'Opened on',
    until: 'Ends at',
    close: 'Close this access',
    closed: 'The emergency access is closed.',
    openTitle: 'Emergency access',
    openLead:
      'A missing pupil, a stolen account: for an hour at most, read the records and roll calls of a school, and suspend an account.',
    school: 'School',
    schoolPrompt: 'Choose a school',
    reasonHint: 'What is happening? 10 to 500 characters. The data protection officer will read it.',
    length: 'For how long',
    minutes: (count) => (count === 60 ? 'One hour' : `${count} minutes`),
    open: 'Open emergency access',
    told: 'Who will know?',
    toldText:
      'The data protection officer and the security officer see it at once, with your name and your reason. All that you do is written in the log.',
    left: (count) =>
      count === 0
        ? 'You opened as many as a day allows. Ask another person to open theirs.'
        : count === 1
          ? 'You may open one more today.'
          : `You may open ${count} more today.`,
    opened: 'The emergency access is open.',
    openedText: (until) => `It ends by itself at ${until}. Close it as soon as you do not need it any more.`,
    mine: 'Open now',
    wrongSchool: 'Choose the school.',
    wrongReason: 'Write what is happening, in 10 to 500 characters.',
    limit: 'You opened as many emergency accesses as a day allows.',
    held: 'You have an emergency access open in this school already.',
    noSchool: 'No school',
    noSchoolText:
      'The rules let you open emergency access in no school. In an emergency, tell the head of the school or a CPE: they can.',
  },
});
