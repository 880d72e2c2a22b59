import { count } from './plural.ts';

/** Every word of the module in French: plain words, the verb of the act on the button. */
export const fr = {
  module: { name: 'Notes' },
  back: {
    home: 'Toutes les classes',
    classes: (division: string) => `Retour à ${division}`,
    sheet: 'Retour à l’évaluation',
    children: 'Tous mes enfants',
  },
  kinds: {
    test: 'Contrôle',
    homework: 'Devoir maison',
    oral: 'Oral',
    practical: 'Travaux pratiques',
    project: 'Projet',
    participation: 'Participation',
  },
  statuses: { absent: 'Absent', exempt: 'Dispensé', not_graded: 'Non évalué' },
  states: { draft: 'Brouillon', published: 'Publiée' },
  mark: {
    none: 'Pas de note',
    outOf: (scale: number) => `sur ${scale}`,
    coefficient: (value: string) => `coefficient ${value}`,
  },
  areas: { create: 'Créer', myClass: (division: string) => `Ma classe : ${division}` },
  home: {
    title: 'Mes classes',
    create: 'Créer une évaluation',
    toFinish: 'À terminer',
    toFinishLead:
      'Les élèves et les familles ne voient pas ces brouillons, tant que vous ne les publiez pas.',
    entered: (entered: number) => `${entered} ${count(entered, 'note saisie', 'notes saisies')}`,
    continue: 'Continuer la saisie',
    classes: 'Classes et matières',
    noAssessment: 'Aucune évaluation cette année',
    assessments: (total: number) => `${total} ${count(total, 'évaluation', 'évaluations')} cette année`,
    last: (title: string, day: string) => `La dernière : ${title}, ${day}`,
    headTeacher: 'Professeur principal',
    headTeacherLead: (division: string) => `Toutes les matières de la ${division}, en lecture`,
    emptyTitle: 'Aucune classe pour le moment',
    emptyText:
      'Vos classes arrivent ici dès que l’établissement vous les attribue dans l’annuaire. Si la rentrée est passée, demandez au secrétariat de vérifier votre service.',
    noPlaceTitle: 'Rien à afficher ici',
    noPlaceText:
      'Cette page montre les classes d’un enseignant, les notes d’un élève ou celles de ses enfants. Votre compte n’a aucun de ces rôles. Si c’est une erreur, demandez au secrétariat de l’établissement.',
    headTitle: 'Les notes de l’établissement',
    headClasses: 'Toutes les classes',
    headGroups: 'Tous les groupes',
    headLead:
      'Les moyennes publiées de chaque classe, en lecture. Votre consultation est inscrite au journal.',
    noPublished: 'Rien de publié cette année',
    published: (total: number) => `${total} ${count(total, 'évaluation publiée', 'évaluations publiées')}`,
    headEmptyTitle: 'Aucune classe pour le moment',
    headEmptyText: 'Les classes arriveront ici avec l’annuaire de l’établissement.',
    children: 'Mes enfants',
  },
  form: { cancel: 'Annuler' },
  create: {
    title: 'Créer une évaluation',
    lead: 'Elle reste un brouillon, invisible pour les familles, jusqu’à sa publication.',
    place: 'Classe et matière',
    choosePlace: 'Choisir…',
    titleField: 'Titre',
    titleHint: 'Ce que les élèves liront, par exemple « Théorème de Thalès ». Pas de nom d’élève.',
    date: 'Date',
    dateHint: 'Le jour du travail.',
    kind: 'Type de travail',
    scale: 'Notée sur',
    coefficient: 'Coefficient',
    coefficientHint: '1 pour un travail ordinaire, 0 pour qu’il ne compte pas dans la moyenne.',
    submit: 'Créer et saisir les notes',
    none: 'Vous n’enseignez dans aucune classe pour le moment.',
  },
  edit: {
    title: 'Modifier l’évaluation',
    submit: 'Enregistrer',
    scaleFixed: 'Publiée : l’échelle ne change plus.',
    conflict:
      'Cette évaluation a été modifiée ailleurs pendant que cette page était ouverte. Voici ce qui est enregistré maintenant ; vos changements n’ont pas été appliqués.',
    done: 'L’évaluation est modifiée.',
  },
  problems: {
    summary: (total: number) =>
      total === 1 ? 'Une réponse est à corriger' : `${total} réponses sont à corriger`,
    kept: 'Rien n’est perdu : tout ce que vous avez écrit est encore là.',
    place_missing: 'Choisissez une classe et une matière.',
    title_missing: 'Écrivez un titre.',
    title_too_long: 'Raccourcissez le titre : 120 caractères au plus.',
    date_missing: 'Indiquez la date du travail.',
    date_not_a_day: 'Cette date n’existe pas. Écrivez-la comme 21/11/2026.',
    date_outside_year: 'Cette date n’est pas dans l’année scolaire en cours.',
    scale_unknown: 'Choisissez l’échelle : 20, 10, 5 ou 100.',
    scale_published: 'L’évaluation est publiée : son échelle ne change plus.',
    scale_too_small: 'Des notes déjà saisies dépassent cette échelle. Changez d’abord ces notes.',
    coefficient_not_a_number: 'Écrivez le coefficient en chiffres, par exemple 1 ou 0,5.',
    coefficient_out_of_range: 'Le coefficient va de 0 à 20.',
    kind_unknown: 'Choisissez le type de travail.',
    reason_missing: 'Dites pourquoi la note change.',
  },
  markProblems: {
    not_a_number: 'ce n’est pas une note. Écrivez un nombre, ou abs, disp, ne.',
    negative: 'une note ne peut pas être négative.',
    too_precise: 'deux chiffres après la virgule au plus.',
    too_long: 'c’est trop long pour une note.',
    above_scale: (scale: number) => `la note dépasse ${scale}.`,
  },
  sheet: {
    draftSeenBy: 'Ni les élèves ni les familles ne voient ces notes.',
    publishedSeenBy:
      'Chaque élève voit sa note, avec ses responsables légaux ; le professeur principal voit la classe.',
    publishedOn: (day: string) => `Publiée le ${day}`,
    howTitle: 'Comment saisir',
    howNumber: (scale: number) => `un nombre de 0 à ${scale}, avec virgule si besoin : 12,5`,
    howAbsent: 'absent',
    howExempt: 'dispensé',
    howNotGraded: 'non évalué',
    howEmpty: 'Une case vide veut dire « pas encore de note ».',
    howKeys: 'Tabulation : élève suivant.',
    pupil: 'Élève',
    mark: (scale: number) => `Note sur ${scale}`,
    markOf: (pupil: string, scale: number) => `Note de ${pupil}, sur ${scale}`,
    save: 'Enregistrer',
    publish: 'Publier…',
    saveAndPublish: 'Publier…',
    edit: 'Modifier',
    delete: 'Supprimer…',
    saved: (written: number) =>
      written === 0
        ? 'Rien n’avait changé : tout était déjà enregistré.'
        : `${written} ${count(written, 'note enregistrée', 'notes enregistrées')}.`,
    correct: 'Corriger',
    corrected: 'corrigée',
    publishedMeanwhile:
      'L’évaluation a été publiée pendant votre saisie : vos changements n’ont pas été enregistrés. Corrigez chaque note avec « Corriger », en disant pourquoi.',
    progress: (entered: number, total: number) =>
      `${entered} ${count(entered, 'note', 'notes')} sur ${total} ${count(total, 'élève', 'élèves')}`,
    mean: 'Moyenne',
    lowest: 'Plus basse',
    highest: 'Plus haute',
    left: 'A quitté la classe',
    emptyTitle: 'Aucun élève dans cette classe',
    emptyText:
      'Les élèves arrivent ici dès que l’annuaire les inscrit dans la classe. Demandez au secrétariat si la liste devrait être prête.',
    restored: 'Le brouillon est revenu.',
    created: 'L’évaluation est créée. Il reste à saisir les notes.',
  },
  distribution: {
    title: (count: number, from: string, to: string) =>
      `Le groupe le plus nombreux : ${count} notes entre ${from} et ${to}`,
    band: (from: string, to: string) => `${from} à ${to}`,
    bandColumn: 'Notes',
    pupilsColumn: 'Élèves',
  },
  conflict: {
    title: (total: number) =>
      total === 1
        ? 'Une note a changé pendant votre saisie'
        : `${total} notes ont changé pendant votre saisie`,
    lead: 'Quelqu’un, ou vous dans une autre fenêtre, a enregistré une autre valeur entre-temps. Choisissez laquelle garder ; la valeur écartée reste dans l’historique.',
    others: (written: number) =>
      written === 0
        ? 'Vos autres notes n’avaient pas changé.'
        : `${count(written, 'Votre autre note est enregistrée', 'Vos autres notes sont enregistrées')} (${written}).`,
    opened: 'À l’ouverture de la page',
    current: 'Enregistrée maintenant',
    yours: 'Votre saisie',
    savedAt: (when: string) => `le ${when}`,
    keep: (mark: string) => `Garder ${mark}`,
    put: (mark: string) => `Mettre ${mark}`,
    empty: 'aucune note',
    submit: 'Enregistrer mes choix',
  },
  publish: {
    title: (title: string) => `Publier « ${title} » ?`,
    whoTitle: 'Qui verra quoi',
    who: (pupils: number) =>
      `${count(pupils, 'L’élève verra sa note', `Les ${pupils} élèves verront chacun leur note`)}, tout de suite.`,
    parents: 'Les responsables légaux qui ont l’autorité parentale verront la note de leur enfant.',
    headTeacher: 'Le professeur principal verra les notes de la classe.',
    figures: (least: number) =>
      `La moyenne, la note la plus basse et la plus haute seront montrées s’il y a au moins ${least} notes.`,
    missing: (total: number) =>
      `${total} ${count(total, 'élève n’a pas de note', 'élèves n’ont pas de note')} :`,
    missingText: 'Vous pourrez encore la saisir après la publication, en disant pourquoi.',
    forGood:
      'On ne peut pas dépublier. Après la publication, chaque note se corrige une par une, avec une raison, et l’ancienne valeur est gardée.',
    submit: 'Publier les notes',
    cancel: 'Ne pas publier',
    done: (marks: number) =>
      `C’est publié : ${marks} ${count(marks, 'note est visible', 'notes sont visibles')} par les élèves et leurs responsables.`,
    already: 'Cette évaluation était déjà publiée.',
    changed: 'Des notes ont changé depuis que vous avez ouvert la page. Relisez, puis publiez.',
    emptyTitle: 'Pas encore de note à publier',
    emptyText: 'Saisissez au moins une note, puis revenez publier.',
  },
  delete: {
    title: (title: string) => `Supprimer le brouillon « ${title} » ?`,
    text: (marks: number) =>
      marks === 0
        ? 'Aucune note n’y est saisie.'
        : `Il contient ${marks} ${count(marks, 'note', 'notes')}. Les familles ne les ont jamais vues.`,
    undo: 'Vous pourrez annuler pendant 24 heures. Ensuite, tout est effacé.',
    submit: 'Supprimer le brouillon',
    cancel: 'Le garder',
    done: (title: string) => `Le brouillon « ${title} » est supprimé.`,
    undoButton: 'Annuler la suppression',
    published: 'Cette évaluation est publiée : elle ne peut plus être supprimée.',
  },
  correct: {
    title: (pupil: string) => `Corriger la note de ${pupil}`,
    lead: 'L’élève et ses responsables verront la nouvelle note. L’ancienne reste dans l’historique.',
    newMark: (scale: number) => `Nouvelle note, sur ${scale}`,
    newMarkHint: 'Un nombre, ou abs, disp, ne. Rien pour retirer la note.',
    reason: 'Pourquoi',
    chooseReason: 'Choisir…',
    submit: 'Corriger la note',
    cancel: 'Ne rien changer',
    history: 'Historique de cette note',
    historyEmpty: 'Aucune note n’a été saisie pour cet élève.',
    step: (before: string, after: string) => `${before} → ${after}`,
    first: (mark: string) => `Première saisie : ${mark}`,
    byYou: 'par vous',
    byOther: 'par un autre enseignant',
    done: (pupil: string) => `La note de ${pupil} est corrigée.`,
    unchanged: 'La note est la même qu’avant : rien n’a changé.',
    conflict: (mark: string, when: string) =>
      `Cette note a été corrigée ailleurs pendant que cette page était ouverte : elle vaut maintenant ${mark} (${when}). Votre correction n’a pas été appliquée ; relisez, puis corrigez si besoin.`,
  },
  reasons: {
    typing_error: 'Erreur de saisie',
    recount: 'Erreur dans le compte des points',
    second_reading: 'Copie relue',
    late_work: 'Travail rendu en retard',
    retake: 'Rattrapage',
    absence_settled: 'Absence réglée',
  },
  division: {
    assessments: 'Évaluations',
    book: 'Carnet de la classe',
    bookLead: 'Moyennes sur 20. Les brouillons ne comptent pas pour les familles, ils comptent ici.',
    average: 'Moyenne',
    classAverage: 'Moyenne de la classe',
    emptyTitle: 'Aucune évaluation pour l’instant',
    emptyText: 'Créez la première : les élèves de la classe y seront déjà.',
    wholeTitle: (division: string) => `${division}, toutes les matières`,
    wholeLead: 'Moyennes des évaluations publiées, sur 20. Ouvrez un élève pour voir ses notes.',
    general: 'Générale',
    wholeEmptyTitle: 'Aucune note publiée dans cette classe',
    wholeEmptyText: 'Les moyennes arriveront ici dès qu’un enseignant publiera une évaluation.',
    logged: 'Votre consultation est inscrite au journal de l’établissement.',
  },
  bookColumns: {
    title: 'Évaluation',
    day: 'Date',
    coefficient: 'Coef.',
    marks: 'Notes',
    mean: 'Moyenne',
    state: 'État',
  },
  pupil: {
    mine: 'Mes notes',
    of: (name: string) => `Notes de ${name}`,
    general: 'Moyenne générale',
    generalFrom: (subjects: number) =>
      subjects > 1 ? `sur ${subjects} matières, chacune comptant autant` : 'sur une matière',
    latest: 'Dernière note',
    bySubject: 'Par matière',
    subjectAverage: 'Moyenne',
    classFigures: (mean: string, lowest: string, highest: string) =>
      `Classe : moyenne ${mean}, notes de ${lowest} à ${highest}`,
    notCounted: 'ne compte pas dans la moyenne',
    chartValue: 'Note sur 20',
    chartMean: 'Moyenne de la classe',
    whoSees: 'Qui peut voir ces notes ?',
    whoSeesText:
      'L’élève, ses responsables légaux qui ont l’autorité parentale, le professeur de chaque matière pour la sienne, le professeur principal et la direction. Les brouillons ne sont vus que de leur professeur.',
    emptyTitle: 'Pas encore de note',
    emptyText: 'Les notes arrivent ici dès qu’un professeur les publie.',
  },
  pupilColumns: { work: 'Travail', mark: 'Note', subject: 'Matière', count: 'Notes', day: 'Date' },
  trends: {
    rising: (subject: string) => `${subject} : les notes montent`,
    falling: (subject: string) => `${subject} : les notes baissent`,
    steady: (subject: string) => `${subject} : les notes sont stables`,
  },
  children: {
    title: 'Mes enfants',
    open: 'Voir les notes',
    latest: (mark: string, subject: string) => `Dernière note : ${mark} en ${subject}`,
    none: 'Pas encore de note publiée',
    emptyTitle: 'Aucun enfant n’est rattaché à votre compte',
    emptyText:
      'Les notes d’un enfant sont montrées à ses responsables légaux qui ont l’autorité parentale. Si votre enfant devrait être ici, demandez au secrétariat de son établissement de vérifier votre fiche.',
  },
  refused: {
    title: 'Vous n’avez pas accès à cette page',
    whatTitle: 'Ce qui s’est passé',
    doTitle: 'Que faire',
    assessment:
      'Cette évaluation appartient à une classe ou à une matière qui n’est pas la vôtre. Rien n’a été montré ni changé.',
    marks: 'Vous ne pouvez pas écrire ces notes. Rien n’a été changé.',
    pupilSheet: 'Les notes de cet élève ne vous sont pas ouvertes. Rien n’a été montré.',
    child:
      'Les notes de cet enfant sont montrées à ses responsables légaux qui ont l’autorité parentale. Selon l’établissement, ce n’est pas votre cas aujourd’hui.',
    division: 'Vous ne suivez pas cette classe cette année. Rien n’a été montré.',
    askSchool:
      'Si c’est une erreur, demandez au secrétariat de l’établissement de vérifier votre fiche. Dites-lui la page et l’heure.',
    home: 'Revenir à l’accueil des notes',
  },
  missing: {
    title: 'Cette page n’existe pas ou plus',
    text: 'L’évaluation a peut-être été supprimée, ou l’adresse est incomplète.',
  },
  outage: {
    title: 'L’annuaire ne répond pas',
    kept: (cells: number) =>
      `Rien n’est enregistré, et rien n’est perdu : vos ${cells} cases sont gardées dans cette page.`,
    text: 'Attendez une minute, puis réessayez. Si cela dure, prévenez le référent numérique de l’établissement.',
    retry: 'Réessayer d’enregistrer',
  },
  badForm: {
    title: 'Ce formulaire est incomplet',
    text: 'La page a été envoyée à moitié, ou modifiée. Rien n’a été changé. Revenez en arrière et envoyez-la à nouveau.',
  },
};

/** The words of the module: each language has all of them. */
export type Strings = typeof fr;
