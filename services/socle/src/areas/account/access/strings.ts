import { defineStrings } from '@socle/pages';
import { roleInSentence } from '../../../pages/strings.ts';

/** Words of `/account/access`. */
export const strings = defineStrings({
  fr: {
    title: 'Qui a vu mes données',
    childTitle: (name: string) => `Qui a vu les données de ${name}`,
    lead: 'Chaque consultation est inscrite dans un journal que personne ne peut modifier.',
    whose: 'De qui',
    mine: 'Moi',
    noneTitle: 'Personne n’a consulté ces données',
    none: 'Quand un membre du personnel ou un service les consultera, vous le verrez ici, avec la date et la raison.',
    byRole: (role: string, school: string | undefined) =>
      school === undefined ? `Par : ${roleInSentence(role)}` : `Par : ${roleInSentence(role)}, ${school}`,
    bySomebody: 'Par une personne de la plateforme',
    byModule: (module: string) => `Par le service « ${module} »`,
    byForgotten: 'Par une personne dont les données ont été effacées',
    denied: 'Refusé : rien n’a été montré.',
    older: 'Plus ancien',
    viewsTitle: 'Vos pages, vues à votre place',
    viewsLead:
      'Une personne de l’administration a vu ce que vous voyez, un quart d’heure au plus, sans rien pouvoir faire.',
    viewsWhen: 'Quand',
    viewsMinutes: 'Minutes',
    viewsWho: 'Par qui',
    viewsReason: 'Motif',
    whyNoNames: 'Pourquoi pas de nom ?',
    whyNoNamesText:
      'Les autres personnes ont aussi droit à la protection de leurs données. Si un accès vous étonne, demandez au délégué à la protection des données : il connaît les noms et peut vérifier.',
  },
  en: {
    title: 'Who looked at my data',
    childTitle: (name) => `Who looked at the data of ${name}`,
    lead: 'Every look is written in a log that nobody can change.',
    whose: 'Whose',
    mine: 'Me',
    noneTitle: 'Nobody looked at these data',
    none: 'When a member of staff or a service looks at them, you will see it here, with the date and the reason.',
    byRole: (role, school) =>
      school === undefined ? `By: ${roleInSentence(role)}` : `By: ${roleInSentence(role)}, ${school}`,
    bySomebody: 'By a person of the platform',
    byModule: (module) => `By the service “${module}”`,
    byForgotten: 'By a person whose data were erased',
    denied: 'Refused: nothing was shown.',
    older: 'Older',
    viewsTitle: 'Your pages, seen in your place',
    viewsLead:
      'An administrator saw what you see, for a quarter of an hour at most, without being able to do anything.',
    viewsWhen: 'When',
    viewsMinutes: 'Minutes',
    viewsWho: 'By whom',
    viewsReason: 'Reason',
    whyNoNames: 'Why no names?',
    whyNoNamesText:
      'Other people have a right to the protection of their data too. If an access surprises you, ask the data protection officer: they know the names and can check.',
  },
});
