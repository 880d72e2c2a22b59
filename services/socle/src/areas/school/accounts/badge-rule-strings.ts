import { defineStrings } from '@socle/pages';

/** Words of `/school/accounts/badges`. */
export const badgeRuleStrings = defineStrings({
  fr: {
    link: 'Heures des badges',
    title: 'Quand les badges ouvrent',
    lead: (school: string) =>
      `${school}. Un badge perdu ne sert à rien le soir, le week-end, ou hors de l’établissement.`,
    choose: 'Choisissez l’établissement.',
    when: 'Les badges ouvrent',
    always: 'À toute heure, de partout',
    limited: 'Aux heures et depuis les réseaux ci-dessous',
    from: 'À partir de',
    to: 'Jusqu’à',
    days: 'Jours',
    dayNames: {
      monday: 'lundi',
      tuesday: 'mardi',
      wednesday: 'mercredi',
      thursday: 'jeudi',
      friday: 'vendredi',
      saturday: 'samedi',
      sunday: 'dimanche',
    },
    networks: 'Réseaux de l’établissement',
    networksHint: (address: string) =>
      `Une adresse ou un bloc par ligne. Laissez vide pour accepter tous les réseaux. Vous êtes en ce moment à l’adresse ${address}.`,
    zone: (zone: string) => `Les heures sont celles de ${zone}.`,
    save: 'Enregistrer',
    saved: 'C’est enregistré. La règle compte dès la prochaine connexion par badge.',
    wrongTimes: 'Donnez deux heures, la seconde après la première.',
    wrongDays: 'Cochez au moins un jour.',
    wrongNetworks: (line: string) =>
      `« ${line} » n’est pas une adresse ni un bloc d’adresses, ou le bloc est trop large. Exemple : 192.0.2.0/24.`,
    tooManyNetworks: 'Donnez quarante réseaux au plus.',
  },
  en: {
    link: 'Hours of badges',
    title: 'When badges open',
    lead: (school: string) =>
      `${school}. A lost badge is worth nothing in the evening, at the weekend, or away from the school.`,
    choose: 'Choose the school.',
    when: 'Badges open',
    always: 'At any hour, from anywhere',
    limited: 'At the hours and from the networks below',
    from: 'From',
    to: 'Until',
    days: 'Days',
    dayNames: {
      monday: 'Monday',
      tuesday: 'Tuesday',
      wednesday: 'Wednesday',
      thursday: 'Thursday',
      friday: 'Friday',
      saturday: 'Saturday',
      sunday: 'Sunday',
    },
    networks: 'Networks of the school',
    networksHint: (address: string) =>
      `One address or block a line. Leave it empty to accept every network. You are at the address ${address} now.`,
    zone: (zone: string) => `Hours are those of ${zone}.`,
    save: 'Save',
    saved: 'Saved. The rule holds from the next sign-in with a badge.',
    wrongTimes: 'Give two times, the second after the first.',
    wrongDays: 'Tick at least one day.',
    wrongNetworks: (line: string) =>
      `“${line}” is not an address or a block of addresses, or the block is too wide. Example: 192.0.2.0/24.`,
    tooManyNetworks: 'Give forty networks at most.',
  },
});
