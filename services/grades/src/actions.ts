import type { ModuleActions } from '@socle/client';

/**
 * What this module puts in the log (`module.actions` of module.json says the same, and a test compares them).
 *
 * Entering marks makes one event a mark and not one a save: the log is read by pupil ("what was done with my
 * child's marks?"), and a count answers nobody. While an assessment is a draft its values stay out of the log;
 * publishing commits to the whole sheet by a salted digest, and each later correction says old and new.
 */
export const actions = Object.freeze({
  'grades.assessment.created': {
    class: 'B',
    title: { fr: 'Évaluation créée', en: 'Assessment created' },
    detail: { division: 'id', subject: 'code', kind: 'code', scale: 'integer', coefficient: 'number' },
  },
  'grades.assessment.changed': {
    class: 'B',
    title: { fr: 'Évaluation modifiée', en: 'Assessment changed' },
    detail: {
      division: 'id',
      published: 'boolean',
      scale: 'integer',
      oldCoefficient: 'number',
      newCoefficient: 'number',
    },
  },
  'grades.assessment.published': {
    class: 'A',
    title: { fr: 'Évaluation publiée', en: 'Assessment published' },
    detail: { division: 'id', subject: 'code', marks: 'integer', sheet: 'digest' },
  },
  'grades.assessment.deleted': {
    class: 'B',
    title: { fr: 'Brouillon supprimé', en: 'Draft deleted' },
    detail: { division: 'id', subject: 'code', marks: 'integer' },
  },
  'grades.assessment.restored': {
    class: 'B',
    title: { fr: 'Brouillon rétabli', en: 'Draft restored' },
    detail: { division: 'id', subject: 'code', marks: 'integer' },
  },
  'grades.mark.entered': {
    class: 'B',
    title: { fr: 'Note saisie', en: 'Mark entered' },
    detail: { assessment: 'id', version: 'integer', state: 'code' },
  },
  'grades.mark.corrected': {
    class: 'A',
    title: { fr: 'Note corrigée après publication', en: 'Mark corrected after publication' },
    detail: {
      assessment: 'id',
      version: 'integer',
      scale: 'integer',
      oldState: 'code',
      'oldValue?': 'number',
      newState: 'code',
      'newValue?': 'number',
    },
  },
  'grades.class.read': {
    class: 'B',
    title: { fr: 'Moyennes d’une classe consultées', en: 'Averages of a class read' },
    detail: { marks: 'integer' },
  },
  'grades.mark.read': {
    class: 'B',
    title: { fr: 'Relevé d’un élève consulté', en: 'A pupil’s marks read' },
    detail: { division: 'id', marks: 'integer' },
  },
} satisfies ModuleActions);

/** Names of the module's events. */
export type GradesAction = keyof typeof actions;
