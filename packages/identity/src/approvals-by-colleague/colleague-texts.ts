import { defineStrings } from '@socle/pages';

/** Words of a sign-in for which a colleague vouches. */
export const COLLEAGUE_TEXTS = defineStrings({
  fr: {
    ask: 'Je n’ai plus mes codes : demander à un collègue',
    title: 'Demandez à un collègue',
    lead: 'Une personne de votre établissement qui vous connaît peut répondre de vous, une seule fois.',
    code: 'Code à lui donner de vive voix',
    where:
      'Votre collègue ouvre « Établissement », puis « Répondre d’un collègue », et écrit ce code. Il est valable quinze minutes.',
    check: 'Mon collègue a répondu de moi',
    back: 'J’ai retrouvé mes codes',
    notYet: 'Votre collègue n’a pas encore répondu de vous, ou le code n’est plus valable.',
    told: 'Vous serez tous les deux prévenus, et c’est écrit dans le journal.',
  },
  en: {
    ask: 'I no longer have my codes: ask a colleague',
    title: 'Ask a colleague',
    lead: 'Somebody of your school who knows you can vouch for you, once.',
    code: 'Code to tell them in person',
    where:
      'Your colleague opens “School”, then “Vouch for a colleague”, and types this code. It is valid for fifteen minutes.',
    check: 'My colleague has vouched for me',
    back: 'I found my codes again',
    notYet: 'Your colleague has not vouched for you yet, or the code is no longer valid.',
    told: 'Both of you will be told, and it is written in the log.',
  },
});
