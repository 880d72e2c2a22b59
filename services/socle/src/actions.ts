import { defineActions } from '@socle/audit';

/**
 * A decision on something sensitive: `<module>.decision.made` where a module took it in its own process, of every module
 * without being declared (`@socle/client` writes it), and `service.decision.made` where the socle took it. The target is
 * the thing; the detail holds what the rules ask about it, so that the decision can be explained later.
 */
export const decisionAction = Object.freeze({
  class: 'B',
  title: { fr: 'Décision d’accès sensible', en: 'Sensitive access decision' },
  detail: {
    action: 'code',
    'rule?': 'code',
    basis: 'code',
    revision: 'integer',
    policies: 'digest',
    'acr?': 'code',
    'school?': 'code',
    'academy?': 'code',
    'region?': 'code',
    'division?': 'code',
    'subject?': 'code',
    'pupil?': 'person',
    'owner?': 'person',
    'published?': 'boolean',
    'closed?': 'boolean',
  },
} as const);

/** What the composed service itself writes in the log. */
export const serviceActions = defineActions({
  'directory.division.read': {
    class: 'B',
    title: {
      fr: 'Liste d’une classe ou d’un groupe lue par un service',
      en: 'Members of a class or group read by a module',
    },
    detail: { people: 'integer' },
  },
  'directory.person.read': {
    class: 'B',
    title: { fr: 'Fiche d’une personne lue', en: 'Record of a person read' },
    detail: {},
  },
  'service.access.searched': {
    class: 'B',
    title: { fr: 'Recherche de droits par un service', en: 'Search of rights by a module' },
    detail: { kind: 'code' },
  },
  'service.administration.refused': {
    class: 'A',
    title: {
      fr: 'Acte d’administration refusé : il dépassait les droits de la personne, ou demandait une seconde personne',
      en: 'Act of administration refused: beyond the person’s rights, or in need of a second person',
    },
    detail: { act: 'code', role: 'code', code: 'code' },
  },
  'service.approval.asked': {
    class: 'A',
    title: { fr: 'Accord d’une seconde personne demandé', en: 'Agreement of a second person asked for' },
    detail: { kind: 'code' },
  },
  'service.approval.confirmed': {
    class: 'A',
    title: { fr: 'Accord donné par une seconde personne', en: 'Agreement given by a second person' },
    detail: { kind: 'code' },
  },
  'service.approval.refused': {
    class: 'A',
    title: { fr: 'Accord refusé par une seconde personne', en: 'Agreement refused by a second person' },
    detail: { kind: 'code' },
  },
  'service.approval.used': {
    class: 'A',
    title: {
      fr: 'Acte fait avec l’accord d’une seconde personne',
      en: 'Act done with a second person’s agreement',
    },
    detail: { kind: 'code' },
  },
  'service.approval.withdrawn': {
    class: 'A',
    title: { fr: 'Demande d’accord retirée', en: 'Request for agreement withdrawn' },
    detail: { kind: 'code' },
  },
  'service.emergency.opened': {
    class: 'A',
    title: { fr: 'Accès d’urgence ouvert', en: 'Emergency access opened' },
    detail: { school: 'id', until: 'instant', today: 'integer' },
  },
  'service.emergency.closed': {
    class: 'A',
    title: { fr: 'Accès d’urgence fermé avant son terme', en: 'Emergency access closed before its end' },
    detail: { school: 'id' },
  },
  'service.emergency.refused': {
    class: 'A',
    title: { fr: 'Accès d’urgence refusé', en: 'Emergency access refused' },
    detail: { school: 'id', code: 'code' },
  },
  'service.view.opened': {
    class: 'A',
    title: { fr: 'Vue ouverte à la place de cette personne', en: 'View opened in this person’s place' },
    detail: { view: 'id', school: 'id', until: 'instant' },
  },
  'service.view.page_seen': {
    class: 'B',
    title: {
      fr: 'Page vue comme la personne la voit, sans pouvoir y agir',
      en: 'Page seen as the person sees it, without acting',
    },
    detail: { view: 'id', page: 'code' },
  },
  'service.view.act_refused': {
    class: 'A',
    title: {
      fr: 'Page ou envoi refusé pendant une vue à la place de cette personne',
      en: 'Page or form refused during a view in this person’s place',
    },
    detail: { view: 'id', page: 'code' },
  },
  'service.view.refused': {
    class: 'A',
    title: { fr: 'Vue à la place de cette personne refusée', en: 'View in this person’s place refused' },
    detail: { why: 'code' },
  },
  'service.view.ended': {
    class: 'A',
    title: { fr: 'Vue à la place de cette personne terminée', en: 'View in this person’s place ended' },
    detail: { view: 'id', why: 'code' },
  },
  'service.decision.made': decisionAction,
  'service.form.refused': {
    class: 'B',
    title: {
      fr: 'Formulaire refusé : il ne venait pas d’une page de cette connexion',
      en: 'Form refused: it did not come from a page of this session',
    },
    detail: {},
  },
  'service.page.denied': {
    class: 'B',
    title: { fr: 'Page ou acte refusé par les règles', en: 'Page or act refused by the rules' },
    detail: { action: 'code' },
  },
  'service.policies.activated': {
    class: 'A',
    title: { fr: 'Règles d’accès mises en vigueur', en: 'Access rules put in force' },
    detail: { number: 'integer', digest: 'digest', previous: 'integer', decisions: 'integer' },
  },
  'service.policies.refused': {
    class: 'A',
    title: { fr: 'Règles d’accès refusées', en: 'Access rules refused' },
    detail: { code: 'code', problems: 'integer', inForce: 'integer' },
  },
  'service.policies.compared': {
    class: 'A',
    title: {
      fr: 'Effet de nouvelles règles compté sur les droits de tous',
      en: 'Effect of new rules counted on everybody’s rights',
    },
    detail: { digest: 'digest', people: 'integer', actions: 'integer' },
  },
  'service.policies.rolled_back': {
    class: 'A',
    title: { fr: 'Retour à des règles d’accès antérieures', en: 'Access rules rolled back' },
    detail: { number: 'integer', digest: 'digest', previous: 'integer' },
  },
  'service.school_logo.set': {
    class: 'A',
    title: { fr: 'Logo d’un établissement changé ou retiré', en: 'Logo of a school changed or removed' },
    detail: { 'digest?': 'digest' },
  },
  'service.module.registered': {
    class: 'A',
    title: { fr: 'Module enregistré', en: 'School module registered' },
    detail: { module: 'code' },
  },
});
