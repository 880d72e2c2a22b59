import { defineStrings } from '@socle/pages';

/** What the directory refuses, by the code of the refusal: what happened, and what to do. */
export const refusalStrings = defineStrings({
  fr: {
    authority_request_waiting:
      'Une décision sur ces deux personnes attend déjà d’être confirmée. Confirmez-la ou refusez-la d’abord.',
    authority_request_unknown: 'Cette décision n’attend plus : elle a été traitée, ou son délai est passé.',
    authority_unconfirmed:
      'Une décision est saisie par une personne et confirmée par une autre, et jamais par quelqu’un qu’elle concerne.',
    authority_without_link:
      'Ces deux personnes ne sont pas liées dans l’annuaire. Vérifiez la fiche de l’élève.',
    authority_review_unknown: 'Cette période a déjà été revue.',
    role_window_invalid:
      'La fin doit venir après le début, et une décision de classe dure un an au plus. Corrigez les dates.',
    merge_unfit:
      'Ces deux fiches ne peuvent pas être réunies : l’une est suspendue ou déjà réunie, ou ce sont un parent et son enfant, ou l’une est la vôtre.',
    merge_unknown: 'Ces fiches ont déjà été séparées.',
    already_member: 'Cette personne est déjà dans cette classe ou ce groupe, ou y sera.',
    not_a_member: 'Cette personne n’est plus dans cette classe ou ce groupe. Rechargez la page.',
    not_of_the_school:
      'Cette personne n’est pas élève de cet établissement. Pour un projet entre établissements, ouvrez un groupe.',
    substitute_unfit:
      'Le remplaçant doit être un autre adulte actif, et remplacer quelqu’un qui enseigne ici.',
    project_unfit: 'Un élève participe à un groupe comme élève, un enseignant comme enseignant.',
    local_change_unknown: 'Ce changement est terminé ou déjà annulé.',
    import_already_running: 'Un import est en cours. Attendez qu’il finisse, puis recommencez.',
    rollover_open: 'L’année suivante est déjà en préparation.',
    rollover_unknown: 'Cette préparation n’existe plus. Rechargez la page.',
    rollover_not_open: 'Ce passage est terminé, ou le délai pour revenir en arrière est passé.',
    rollover_empty:
      'Personne n’est prévu pour l’année suivante : tout le monde partirait. Importez d’abord l’annuaire de la rentrée.',
    rollover_changed_since:
      'Un import ou une personne a changé quelque chose depuis le passage : il ne peut plus être annulé d’un bloc. Corrigez ce qui doit l’être fiche par fiche.',
  },
  en: {
    authority_request_waiting:
      'A decision about these two waits to be confirmed already. Confirm or refuse that one first.',
    authority_request_unknown: 'This decision no longer waits: it was answered, or its time is over.',
    authority_unconfirmed:
      'A decision is entered by one person and confirmed by another, never by somebody whom it concerns.',
    authority_without_link: 'These two are not tied in the directory. Check the pupil’s entry.',
    authority_review_unknown: 'This period was looked at already.',
    role_window_invalid:
      'The end must come after the start, and a decision on classes lasts a year at most. Correct the dates.',
    merge_unfit:
      'These two entries cannot be joined: one is suspended or joined already, or they are a parent and their child, or one is yours.',
    merge_unknown: 'These entries were parted already.',
    already_member: 'This person is in this class or group already, or will be.',
    not_a_member: 'This person is no longer in this class or group. Reload the page.',
    not_of_the_school: 'This person is no pupil of this school. For a project between schools, open a group.',
    substitute_unfit: 'A substitute is another active adult, and replaces somebody who teaches here.',
    project_unfit: 'Pupils take part in a group as pupils, teachers as teachers.',
    local_change_unknown: 'This change is over, or was taken back already.',
    import_already_running: 'An import is running. Wait until it is over, then try again.',
    rollover_open: 'The next year is being prepared already.',
    rollover_unknown: 'This preparation no longer exists. Reload the page.',
    rollover_not_open: 'This passage is over, or the time to take it back has passed.',
    rollover_empty:
      'Nobody is planned for the next year: everybody would leave. Import the feed of the new year first.',
    rollover_changed_since:
      'An import or a person changed something since the switch: it can no longer be taken back as a whole. Correct what must be entry by entry.',
  },
});
