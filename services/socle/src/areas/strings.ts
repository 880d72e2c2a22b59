import { defineStrings } from '@socle/pages';

/** Words of the frame around every area. */
export const strings = defineStrings({
  fr: {
    home: 'Accueil',
    viewLabel: 'Vue à la place d’une personne',
    viewBanner: (name: string, until: string) => `Vous voyez ce que voit ${name}, jusqu’à ${until}.`,
    viewReadOnly: 'Lecture seule : rien ne peut être envoyé. La personne en est informée.',
    viewEnd: 'Terminer la vue',
    viewEnded: 'La vue est terminée. Vous voyez de nouveau vos propres pages.',
    viewRefusedTitle: 'Pas pendant une vue',
    viewFormRefused: 'Rien ne peut être envoyé pendant une vue',
    viewPageRefused: 'Cette page n’est pas montrée pendant une vue',
    viewRefusedText: 'Terminez la vue pour retrouver vos propres pages et vos propres droits.',
  },
  en: {
    home: 'Home',
    viewLabel: 'View in a person’s place',
    viewBanner: (name, until) => `You see what ${name} sees, until ${until}.`,
    viewReadOnly: 'Read-only: nothing can be sent. The person is told.',
    viewEnd: 'End the view',
    viewEnded: 'The view is over. You see your own pages again.',
    viewRefusedTitle: 'Not during a view',
    viewFormRefused: 'Nothing can be sent during a view',
    viewPageRefused: 'This page is not shown during a view',
    viewRefusedText: 'End the view to go back to your own pages and your own rights.',
  },
});
