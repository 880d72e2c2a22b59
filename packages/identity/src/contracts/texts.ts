import { defineStrings } from '@socle/pages';

/** Words of the page "what this service receives". */
export const CONTRACT_TEXTS = defineStrings({
  fr: {
    title: 'Ce que ce service reçoit',
    lead: (service: string) =>
      `${service} n’appartient pas à votre établissement. Voici ce qu’il recevra de vous.`,
    pseudonym: 'Un pseudonyme, différent pour chaque service. Il ne permet pas de vous retrouver ailleurs.',
    name: 'Votre nom complet',
    given_name: 'Votre prénom',
    family_name: 'Votre nom de famille',
    locale: 'Votre langue',
    purpose: 'Pourquoi',
    list: 'Il recevra',
    nothingElse: 'Rien d’autre ne lui est donné. Vous pourrez revenir sur cet accord dans « Mon compte ».',
    agree: 'Donner mon accord et continuer',
    refuse: 'Ne pas continuer',
  },
  en: {
    title: 'What this service receives',
    lead: (service: string) =>
      `${service} is not part of your school. This is what it will receive from you.`,
    pseudonym: 'A pseudonym, different for each service. It cannot be used to find you elsewhere.',
    name: 'Your full name',
    given_name: 'Your first name',
    family_name: 'Your family name',
    locale: 'Your language',
    purpose: 'Why',
    list: 'It will receive',
    nothingElse: 'Nothing else is given. You can take this back later in “My account”.',
    agree: 'Agree and continue',
    refuse: 'Do not continue',
  },
});
