import { defineActions } from '@socle/audit';
import { SCIM_ACTIONS } from './scim/actions.ts';

/** What the directory writes in the log. Whoever gains or loses a right is named in an event of class A. */
export const directoryActions = defineActions({
  ...SCIM_ACTIONS,
  'directory.school.imported': {
    class: 'A',
    title: {
      fr: 'Établissement mis à jour par l’annuaire académique',
      en: 'School updated from the academy feed',
    },
    detail: {
      import: 'id',
      digest: 'digest',
      people_created: 'integer',
      people_changed: 'integer',
      roles_opened: 'integer',
      roles_ended: 'integer',
      memberships_opened: 'integer',
      memberships_ended: 'integer',
      teaching_opened: 'integer',
      teaching_ended: 'integer',
      links_opened: 'integer',
      links_ended: 'integer',
    },
  },
  'directory.import.completed': {
    class: 'A',
    title: { fr: 'Import de l’annuaire terminé', en: 'Directory import completed' },
    detail: {
      import: 'id',
      digest: 'digest',
      academy: 'code',
      schools: 'integer',
      created: 'integer',
      changed: 'integer',
      suspended: 'integer',
      refused: 'integer',
    },
  },
  'directory.import.refused': {
    class: 'B',
    title: { fr: 'Import de l’annuaire refusé', en: 'Directory import refused' },
    detail: { 'import?': 'id', 'digest?': 'digest', 'academy?': 'code' },
  },
  'directory.person.created': {
    class: 'A',
    title: { fr: 'Personne créée', en: 'Person created' },
    detail: { source: 'code' },
  },
  'directory.person.leaving': {
    class: 'A',
    title: {
      fr: 'Personne absente de l’annuaire : délai de départ ouvert',
      en: 'Person missing from the feed: departure clock started',
    },
    detail: { import: 'id' },
  },
  'directory.person.returned': {
    class: 'A',
    title: { fr: 'Personne de nouveau présente dans l’annuaire', en: 'Person back in the feed' },
    detail: { import: 'id' },
  },
  'directory.person.suspended': {
    class: 'A',
    title: { fr: 'Personne suspendue', en: 'Person suspended' },
    detail: {},
  },
  'directory.person.resumed': {
    class: 'A',
    title: { fr: 'Suspension levée', en: 'Suspension lifted' },
    detail: {},
  },
  'directory.person.merged': {
    class: 'A',
    title: { fr: 'Deux fiches réunies en une personne', en: 'Two entries joined into one person' },
    detail: { merge: 'id', other: 'person', survives: 'boolean' },
  },
  'directory.person.parted': {
    class: 'A',
    title: { fr: 'Réunion de deux fiches annulée', en: 'Joining of two entries taken back' },
    detail: { merge: 'id', other: 'person', survives: 'boolean' },
  },
  'directory.duplicate.refused': {
    class: 'A',
    title: { fr: 'Deux fiches déclarées de deux personnes', en: 'Two entries declared to be two people' },
    detail: { other: 'person' },
  },
  'directory.role.granted': {
    class: 'A',
    title: { fr: 'Rôle attribué', en: 'Role granted' },
    detail: {
      role: 'code',
      scope: 'code',
      domain: 'id',
      source: 'code',
      'import?': 'id',
      'until?': 'instant',
      'agreed_by?': 'person',
    },
  },
  'directory.role.prolonged': {
    class: 'A',
    title: { fr: 'Rôle prolongé', en: 'Role prolonged' },
    detail: { role: 'code', scope: 'code', domain: 'id', 'until?': 'instant', 'agreed_by?': 'person' },
  },
  'directory.role.ended': {
    class: 'A',
    title: { fr: 'Rôle retiré', en: 'Role ended' },
    detail: {
      role: 'code',
      scope: 'code',
      domain: 'id',
      source: 'code',
      'import?': 'id',
      'agreed_by?': 'person',
    },
  },
  'directory.guest.created': {
    class: 'A',
    title: { fr: 'Invité créé', en: 'Guest created' },
    detail: { school: 'id', until: 'instant' },
  },
  'directory.division.changed': {
    class: 'A',
    title: { fr: 'Classes ou groupes d’un élève modifiés', en: 'A pupil’s classes or groups changed' },
    detail: { import: 'id', school: 'id', opened: 'integer', ended: 'integer' },
  },
  'directory.teaching.changed': {
    class: 'A',
    title: { fr: 'Enseignements d’une personne modifiés', en: 'A person’s teaching changed' },
    detail: { import: 'id', school: 'id', opened: 'integer', ended: 'integer' },
  },
  'directory.authority.changed': {
    class: 'A',
    title: { fr: 'Lien avec un enfant modifié par l’annuaire', en: 'Link with a child changed by the feed' },
    detail: { import: 'id', adult: 'person', 'kind?': 'code', exercise: 'code' },
  },
  'directory.authority.entered': {
    class: 'A',
    title: {
      fr: 'Décision sur l’autorité parentale saisie, à confirmer',
      en: 'Decision on parental authority entered, to be confirmed',
    },
    detail: { adult: 'person', exercise: 'code' },
  },
  'directory.authority.refused': {
    class: 'A',
    title: {
      fr: 'Décision sur l’autorité parentale non confirmée',
      en: 'Decision on parental authority not confirmed',
    },
    detail: { adult: 'person', exercise: 'code' },
  },
  'directory.authority.reviewed': {
    class: 'A',
    title: {
      fr: 'Période relue après une décision tardive sur l’autorité parentale',
      en: 'Period reviewed after a late decision on parental authority',
    },
    detail: { adult: 'person', outcome: 'code' },
  },
  'directory.correspondence.opposed': {
    class: 'A',
    title: {
      fr: 'Élève majeur opposé aux courriers à ses parents',
      en: 'Adult pupil objects to letters to their parents',
    },
    detail: {},
  },
  'directory.correspondence.allowed': {
    class: 'A',
    title: {
      fr: 'Opposition aux courriers aux parents levée',
      en: 'Objection to letters to parents lifted',
    },
    detail: {},
  },
  'directory.authority.recorded': {
    class: 'A',
    title: {
      fr: 'Décision sur l’autorité parentale enregistrée',
      en: 'Decision on parental authority recorded',
    },
    detail: {
      adult: 'person',
      exercise: 'code',
      from: 'instant',
      'until?': 'instant',
      confirmed_by: 'person',
      'reviews?': 'integer',
    },
  },
  'directory.entity.opened': {
    class: 'A',
    title: { fr: 'Entité ajoutée à l’arbre', en: 'Entity added to the tree' },
    detail: { kind: 'code' },
  },
  'directory.entity.placed': {
    class: 'A',
    title: { fr: 'Entité déplacée dans l’arbre', en: 'Entity moved in the tree' },
    detail: { kind: 'code' },
  },
  'directory.entity.changed': {
    class: 'A',
    title: {
      fr: 'Langue, fuseau horaire ou droit d’une entité modifié',
      en: 'Language, time zone or law of an entity changed',
    },
    detail: { kind: 'code' },
  },
  'directory.year.prepared': {
    class: 'A',
    title: { fr: 'Préparation de l’année suivante ouverte', en: 'Plan of the next year opened' },
    detail: { rollover: 'id' },
  },
  'directory.year.dropped': {
    class: 'A',
    title: { fr: 'Préparation de l’année suivante abandonnée', en: 'Plan of the next year dropped' },
    detail: { rollover: 'id' },
  },
  'directory.year.switched': {
    class: 'A',
    title: { fr: 'Bascule vers la nouvelle année', en: 'School switched to its new year' },
    detail: {
      rollover: 'id',
      moving: 'integer',
      arriving: 'integer',
      leaving: 'integer',
      losing: 'integer',
      returning: 'integer',
    },
  },
  'directory.year.undone': {
    class: 'A',
    title: { fr: 'Bascule d’année annulée', en: 'Switch of years taken back' },
    detail: { rollover: 'id' },
  },
  'directory.year.person_switched': {
    class: 'A',
    title: {
      fr: 'Droits d’une personne changés par la bascule',
      en: 'A person’s rights changed by the switch of years',
    },
    detail: {
      rollover: 'id',
      school: 'id',
      opened: 'integer',
      ended: 'integer',
      left: 'boolean',
      returned: 'boolean',
    },
  },
  'directory.year.person_restored': {
    class: 'A',
    title: {
      fr: 'Droits d’une personne rétablis par l’annulation de la bascule',
      en: 'A person’s rights restored when a switch was taken back',
    },
    detail: {
      rollover: 'id',
      school: 'id',
      opened: 'integer',
      ended: 'integer',
      left: 'boolean',
      returned: 'boolean',
    },
  },
  'directory.local.changed': {
    class: 'A',
    title: {
      fr: 'Classe, remplacement ou projet décidé par l’établissement',
      en: 'Class, substitute or project decided by the school',
    },
    detail: { change: 'id', kind: 'code', school: 'id', from: 'instant', until: 'instant' },
  },
  'directory.local.undone': {
    class: 'A',
    title: {
      fr: 'Décision de l’établissement annulée avant son terme',
      en: 'Decision of the school taken back before its end',
    },
    detail: { change: 'id', kind: 'code', school: 'id', from: 'instant', until: 'instant' },
  },
  'directory.school.opened': {
    class: 'A',
    title: { fr: 'Établissement ouvert', en: 'School opened' },
    detail: { uai: 'code' },
  },
  'directory.division.opened': {
    class: 'A',
    title: { fr: 'Classe ou groupe ouvert', en: 'Class or group opened' },
    detail: { school: 'id' },
  },
  'directory.division.joined': {
    class: 'A',
    title: { fr: 'Élève ajouté à une classe ou un groupe', en: 'Pupil added to a class or group' },
    detail: { division: 'id' },
  },
  'directory.teaching.assigned': {
    class: 'A',
    title: { fr: 'Enseignement confié', en: 'Teaching assigned' },
    detail: { division: 'id', subject: 'id' },
  },
});
