/** A page that says one thing: what happened, what to do, and the way on. */
interface Message {
  readonly title: string;
  readonly text: string;
  /** Words of the way on. */
  readonly action: string;
}

/** Where the way on leads: the start page, the sign-in, or the same page again. */
type MessageTarget = 'home' | 'sign_in' | 'again';

/** Names of the messages: codes of errors that have words of their own, and one for each kind of status. */
export type MessageName =
  | 'sign_in_required'
  | 'sign_in_failed'
  | 'sign_in_expired'
  | 'csrf_refused'
  | 'signed_out'
  | 'signed_out_here_only'
  | 'bad_request'
  | 'forbidden'
  | 'not_found'
  | 'too_many'
  | 'unavailable'
  | 'broken';

interface Entry {
  readonly target: MessageTarget;
  readonly fr: Message;
  readonly en: Message;
}

/** Every message in every language. */
export const messages: Readonly<Record<MessageName, Entry>> = {
  sign_in_required: {
    target: 'sign_in',
    fr: {
      title: 'Votre session est terminée',
      text: 'Connectez-vous de nouveau, puis recommencez ce que vous étiez en train de faire.',
      action: 'Me connecter',
    },
    en: {
      title: 'Your session has ended',
      text: 'Sign in again, then redo what you were doing.',
      action: 'Sign in',
    },
  },
  sign_in_failed: {
    target: 'sign_in',
    fr: {
      title: 'La connexion n’a pas abouti',
      text: 'Recommencez. Si cela se reproduit, parlez-en à votre établissement.',
      action: 'Recommencer',
    },
    en: {
      title: 'The sign-in did not succeed',
      text: 'Start again. If it happens again, tell your school.',
      action: 'Start again',
    },
  },
  sign_in_expired: {
    target: 'sign_in',
    fr: {
      title: 'Cette connexion n’est plus valable',
      text: 'Elle a pris trop de temps, a déjà servi, ou a commencé dans un autre navigateur. Les cookies doivent être acceptés.',
      action: 'Recommencer',
    },
    en: {
      title: 'This sign-in is no longer valid',
      text: 'It took too long, was used already, or began in another browser. Cookies must be accepted.',
      action: 'Start again',
    },
  },
  csrf_refused: {
    target: 'home',
    fr: {
      title: 'Cette demande n’a pas été prise en compte',
      text: 'Elle ne vient pas d’une page de ce service, ou la page était ouverte depuis trop longtemps. Rien n’a été changé.',
      action: 'Revenir à l’accueil',
    },
    en: {
      title: 'This request was not carried out',
      text: 'It did not come from a page of this service, or the page had been open for too long. Nothing was changed.',
      action: 'Back to the start page',
    },
  },
  signed_out: {
    target: 'home',
    fr: { title: 'Votre session est fermée', text: 'À bientôt.', action: 'Me connecter' },
    en: { title: 'You are signed out', text: 'See you soon.', action: 'Sign in' },
  },
  signed_out_here_only: {
    target: 'home',
    fr: {
      title: 'Votre session est fermée dans ce service seulement',
      text: 'L’espace numérique ne répond pas : votre session y est peut-être encore ouverte. Sur un ordinateur partagé, fermez le navigateur.',
      action: 'Revenir à l’accueil',
    },
    en: {
      title: 'You are signed out of this service only',
      text: 'The digital workspace does not answer: your session there may still be open. On a shared computer, close the browser.',
      action: 'Back to the start page',
    },
  },
  bad_request: {
    target: 'home',
    fr: {
      title: 'Cette demande n’est pas comprise',
      text: 'Revenez en arrière, vérifiez ce que vous avez saisi, et recommencez.',
      action: 'Revenir à l’accueil',
    },
    en: {
      title: 'This request is not understood',
      text: 'Go back, check what you entered, and try again.',
      action: 'Back to the start page',
    },
  },
  forbidden: {
    target: 'home',
    fr: {
      title: 'Vous n’avez pas accès à cette page',
      text: 'Si vous pensez que c’est une erreur, adressez-vous à votre établissement.',
      action: 'Revenir à l’accueil',
    },
    en: {
      title: 'You do not have access to this page',
      text: 'If you think that this is a mistake, ask your school.',
      action: 'Back to the start page',
    },
  },
  not_found: {
    target: 'home',
    fr: {
      title: 'Cette page n’existe pas',
      text: 'L’adresse est inexacte, ou la page a été retirée.',
      action: 'Revenir à l’accueil',
    },
    en: {
      title: 'This page does not exist',
      text: 'The address is wrong, or the page was removed.',
      action: 'Back to the start page',
    },
  },
  too_many: {
    target: 'again',
    fr: { title: 'Trop de demandes', text: 'Attendez une minute, puis recommencez.', action: 'Recommencer' },
    en: { title: 'Too many requests', text: 'Wait a minute, then try again.', action: 'Try again' },
  },
  unavailable: {
    target: 'again',
    fr: {
      title: 'Ce service est momentanément indisponible',
      text: 'Ce n’est pas de votre fait, et rien de ce que vous aviez enregistré n’est perdu. Réessayez dans quelques minutes.',
      action: 'Réessayer',
    },
    en: {
      title: 'This service is unavailable for a moment',
      text: 'It is not your doing, and nothing that you had saved is lost. Try again in a few minutes.',
      action: 'Try again',
    },
  },
  broken: {
    target: 'home',
    fr: {
      title: 'Quelque chose n’a pas fonctionné',
      text: 'Ce n’est pas de votre fait. L’incident est noté ; si cela se reproduit, parlez-en à votre établissement.',
      action: 'Revenir à l’accueil',
    },
    en: {
      title: 'Something did not work',
      text: 'It is not your doing. The incident was noted; if it happens again, tell your school.',
      action: 'Back to the start page',
    },
  },
};

/** The message for an error: the words of its code when it has some, else those of its status. */
export function messageName(code: string, status: number): MessageName {
  if (Object.hasOwn(messages, code)) return code as MessageName;
  if (status === 401) return 'sign_in_required';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 429) return 'too_many';
  if (status < 500) return 'bad_request';
  return status === 503 ? 'unavailable' : 'broken';
}
