import { defineStrings, isSingular } from '@socle/pages';

const fr = (count: number, one: string, many: string) => `${count} ${isSingular('fr', count) ? one : many}`;
const en = (count: number, one: string, many: string) => `${count} ${isSingular('en', count) ? one : many}`;

/** Words of `/school`. */
export const homeStrings = defineStrings({
  fr: {
    title: 'Mon établissement',
    lead: 'Ce qui vous attend, et ce que vous pouvez faire.',
    waitingTitle: 'En attente de vous',
    nothingTitle: 'Rien ne vous attend',
    nothingText: 'Quand une décision ou une vérification vous reviendra, vous la trouverez ici.',
    authority: 'Autorité parentale',
    authorityNews: (count: number) => fr(count, 'décision à confirmer', 'décisions à confirmer'),
    reviews: 'Jugements arrivés tard',
    reviewsNews: (count: number) => fr(count, 'période à revoir', 'périodes à revoir'),
    duplicates: 'Doublons',
    duplicatesNews: (count: number) => fr(count, 'paire à regarder', 'paires à regarder'),
    approvals: 'Accords à deux',
    approvalsNews: (count: number) =>
      fr(count, 'demande attend votre réponse', 'demandes attendent votre réponse'),
    actsTitle: 'Que voulez-vous faire ?',
    people: 'Trouver une personne',
    peopleText: 'Élèves, familles, personnels',
    classes: 'Changer une classe ou un groupe',
    classesText: 'Élèves, remplaçants, projets',
    accounts: 'Comptes de mes classes',
    accountsText: 'Premier code, mot de passe oublié, fin de cours',
    schoolsTitle: 'Où vous agissez',
  },
  en: {
    title: 'My school',
    lead: 'What waits for you, and what you can do.',
    waitingTitle: 'Waiting for you',
    nothingTitle: 'Nothing waits for you',
    nothingText: 'When a decision or a check is yours, you will find it here.',
    authority: 'Parental authority',
    authorityNews: (count: number) => en(count, 'decision to confirm', 'decisions to confirm'),
    reviews: 'Judgments that came late',
    reviewsNews: (count: number) => en(count, 'period to look at', 'periods to look at'),
    duplicates: 'Duplicates',
    duplicatesNews: (count: number) => en(count, 'pair to look at', 'pairs to look at'),
    approvals: 'Two-person acts',
    approvalsNews: (count: number) =>
      en(count, 'request waits for your answer', 'requests wait for your answer'),
    actsTitle: 'What do you want to do?',
    people: 'Find a person',
    peopleText: 'Pupils, families, staff',
    classes: 'Change a class or group',
    classesText: 'Pupils, substitutes, projects',
    accounts: 'Accounts of my classes',
    accountsText: 'First code, forgotten password, end of lesson',
    schoolsTitle: 'Where you act',
  },
});
