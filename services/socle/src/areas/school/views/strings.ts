import { defineStrings } from '@socle/pages';

/** Words of the pages about views in a person's place. */
export const viewStrings = defineStrings({
  fr: {
    tab: 'Voir à la place',
    title: 'Voir à la place d’une personne',
    titleOf: (name: string) => `Voir ce que voit ${name}`,
    lead: 'Pour comprendre ce qui ne marche pas chez elle. Vous verrez ses pages un quart d’heure au plus, sans rien pouvoir y faire.',
    login: 'Identifiant de la personne',
    loginHint: 'Celui avec lequel elle se connecte. Demandez-le-lui.',
    reason: 'Motif',
    reasonHint: 'De 10 à 500 caractères. La personne le lira.',
    open: 'Ouvrir la vue',
    told: 'Qui le saura ?',
    toldText:
      'La personne est informée et lit votre motif dans « Qui a vu mes données ». Le responsable de la sécurité voit chaque vue. Chaque page vue est écrite dans le journal, avec vos deux noms.',
    limits: 'Ce que vous ne verrez pas',
    limitsText:
      'Aucun service ne s’ouvre, et rien de ce que la personne écrit ou reçoit n’est montré. On ne voit jamais à la place de ceux qui dirigent ou administrent, et un administrateur local ne voit jamais à la place d’un membre du personnel.',
    mine: 'Vos vues',
    mineNone: 'Vous n’avez ouvert aucune vue',
    mineNoneText: 'Vos vues apparaîtront ici, avec leur motif.',
    wrongLogin: 'Écrivez l’identifiant de la personne.',
    wrongReason: 'Écrivez le motif, en 10 à 500 caractères.',
    refused: 'Vous ne pouvez pas voir à la place de cette personne.',
    refusedOfficer: 'Personne ne voit à la place de ceux qui dirigent ou administrent.',
    alreadyOpen: 'Une vue est déjà ouverte, dans un autre navigateur. Terminez-la d’abord.',
    when: 'Quand',
    who: 'Qui regarde',
    whom: 'À la place de',
    state: 'État',
    open_now: (until: string) => `En cours, jusqu’à ${until}`,
    ends: {
      viewer: 'Terminée par la personne qui regardait',
      officer: 'Terminée par la sécurité',
      time: 'Terminée au bout de son temps',
      right_ended: 'Terminée : le droit a pris fin',
    },
    securityTab: 'Vues à la place',
    securityTitle: (count: number) =>
      count === 0
        ? 'Aucune vue n’est ouverte'
        : count === 1
          ? 'Une vue est ouverte'
          : `${count} vues sont ouvertes`,
    securityLead:
      'Une vue montre à un administrateur les pages d’une personne, sans rien pouvoir y faire, un quart d’heure au plus.',
    securityNone: 'Aucune vue',
    securityNoneText:
      'Quand un administrateur verra à la place d’une personne, vous le trouverez ici avec son motif.',
    end: 'Terminer cette vue',
    ended: 'La vue est terminée.',
    gone: 'une personne dont la fiche n’existe plus',
    list: 'Dernières vues',
    see: 'Voir ce que cette personne voit',
  },
  en: {
    tab: 'See as somebody',
    title: 'See in a person’s place',
    titleOf: (name) => `See what ${name} sees`,
    lead: 'To understand what goes wrong for them. You will see their pages for a quarter of an hour at most, and can do nothing there.',
    login: 'The person’s user name',
    loginHint: 'The one with which they sign in. Ask them.',
    reason: 'Reason',
    reasonHint: '10 to 500 characters. The person will read it.',
    open: 'Open the view',
    told: 'Who will know?',
    toldText:
      'The person is told and reads your reason in “Who looked at my data”. The security officer sees each view. Each page seen is written in the log, with both your names.',
    limits: 'What you will not see',
    limitsText:
      'No service opens, and nothing that the person writes or receives is shown. Nobody sees in the place of those who direct or administer, and a local administrator never in that of a member of staff.',
    mine: 'Your views',
    mineNone: 'You opened no view',
    mineNoneText: 'Your views will appear here, with their reasons.',
    wrongLogin: 'Write the person’s user name.',
    wrongReason: 'Write the reason, in 10 to 500 characters.',
    refused: 'You cannot see in this person’s place.',
    refusedOfficer: 'Nobody sees in the place of those who direct or administer.',
    alreadyOpen: 'A view is open already, in another browser. End it first.',
    when: 'When',
    who: 'Who looks',
    whom: 'In whose place',
    state: 'State',
    open_now: (until) => `Open, until ${until}`,
    ends: {
      viewer: 'Ended by the one who looked',
      officer: 'Ended by security',
      time: 'Ended by its time',
      right_ended: 'Ended: the right was over',
    },
    securityTab: 'Views in a place',
    securityTitle: (count) =>
      count === 0 ? 'No view is open' : count === 1 ? 'One view is open' : `${count} views are open`,
    securityLead:
      'A view shows an administrator a person’s pages, where they can do nothing, for a quarter of an hour at most.',
    securityNone: 'No view',
    securityNoneText:
      'When an administrator sees in somebody’s place, you will find it here with its reason.',
    end: 'End this view',
    ended: 'The view is over.',
    gone: 'a person whose entry is gone',
    list: 'Latest views',
    see: 'See what this person sees',
  },
});
