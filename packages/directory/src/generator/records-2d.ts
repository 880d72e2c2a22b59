import type { Pupil, Relative, School, Staff } from './model.ts';
import { LEVELS, subjectLabel, type Level, type Subject } from './programme.ts';
import { defineLayout } from './record-layout.ts';

const flag = (value: boolean) => (value ? '1' : '0');
const letter = (value: boolean) => (value ? 'O' : 'N');

const PUPIL = defineLayout('categoriePersonne', 'Eleve', [
  'ENTPersonJointure',
  'ENTEleveINE',
  'ENTEleveStructRattachId',
  'ENTPersonDateNaissance',
  'ENTPersonNomPatro',
  'sn',
  'givenName',
  'ENTPersonAutresPrenoms',
  'personalTitle',
  'ENTElevePersRelEleve',
  'ENTEleveBoursier',
  'ENTEleveRegime',
  'ENTEleveTransport',
  'ENTPersonAdresse',
  'ENTPersonCodePostal',
  'ENTPersonVille',
  'ENTPersonPays',
  'mail',
  'homePhone',
  'ENTEleveAdresseRel',
  'ENTEleveStatutEleve',
  'ENTEleveMEF',
  'ENTEleveLibelleMEF',
  'ENTEleveNivFormation',
  'ENTEleveFiliere',
  'ENTEleveEnseignements',
  'ENTEleveCodeEnseignements',
  'ENTPersonStructRattach',
  'ENTEleveDateEntreeClasses',
  'ENTEleveDateSortieClasses',
  'ENTEleveDateEntreeStructRattach',
  'ENTEleveDateSortieStructRattach',
  'ENTEleveClasses',
  'ENTEleveGroupes',
]);

/** Subjects that a pupil follows: those of the whole class, then those of the groups. */
function followed(pupil: Pupil): string[] {
  return [
    ...LEVELS[pupil.level]!.common.map(([code]) => code),
    ...new Set(pupil.groups.map((group) => group.subject)),
  ];
}

/** A pupil of the second degree. */
export function renderPupil(pupil: Pupil): string {
  const level = LEVELS[pupil.level]!;
  const school = pupil.school.key;
  const subjects = followed(pupil);
  return PUPIL.render(pupil.key, {
    ENTPersonJointure: pupil.key,
    ENTEleveINE: pupil.ine,
    ENTEleveStructRattachId: pupil.internalId,
    ENTPersonDateNaissance: pupil.birthDate,
    ENTPersonNomPatro: pupil.birthName,
    sn: pupil.name,
    givenName: pupil.givenName,
    ENTPersonAutresPrenoms: pupil.otherNames,
    personalTitle: pupil.title,
    ENTElevePersRelEleve: pupil.links.map(
      (link) =>
        `${link.key}$${link.tie}$${flag(link.pays)}$${link.legal}$${flag(link.contact)}$${flag(link.paid)}`,
    ),
    ENTEleveBoursier: letter(pupil.scholarship),
    ENTEleveRegime: pupil.regime,
    ENTEleveTransport: letter(pupil.transport),
    ENTPersonAdresse: pupil.address.lines,
    ENTPersonCodePostal: pupil.address.town.postalCode,
    ENTPersonVille: pupil.address.town.name,
    ENTPersonPays: 'FRANCE',
    mail: pupil.mail,
    homePhone: pupil.phone,
    ENTEleveAdresseRel: pupil.livesWith,
    ENTEleveStatutEleve: 'SCOLAIRE',
    ENTEleveMEF: level.mef,
    ENTEleveLibelleMEF: level.label,
    ENTEleveNivFormation: level.training,
    ENTEleveFiliere: level.track,
    ENTEleveEnseignements: subjects.map(subjectLabel),
    ENTEleveCodeEnseignements: subjects,
    ENTPersonStructRattach: school,
    ENTEleveDateEntreeClasses: `${school}$${pupil.enteredAt}$${pupil.division.code}`,
    ENTEleveDateSortieClasses: '',
    ENTEleveDateEntreeStructRattach: pupil.enteredAt,
    ENTEleveDateSortieStructRattach: '',
    ENTEleveClasses: `${school}$${pupil.division.code}`,
    ENTEleveGroupes: pupil.groups.map((group) => `${school}$${group.code}`),
  });
}

const RELATIVE = defineLayout('categoriePersonne', 'PersRelEleve', [
  'ENTPersonJointure',
  'ENTPersonDateNaissance',
  'ENTPersonNomPatro',
  'sn',
  'givenName',
  'ENTPersonAutresPrenoms',
  'personalTitle',
  'homePhone',
  'telephoneNumber',
  'ENTPersonAdresse',
  'ENTPersonCodePostal',
  'ENTPersonVille',
  'ENTPersonPays',
  'ENTPersonAdresseDiffusion',
  'mobile',
  'mail',
  'ENTPersonMobileSMS',
  'ENTAuxPersRelEleveEleve',
]);

/** A relative of pupils of the second degree. */
export function renderRelative(relative: Relative): string {
  return RELATIVE.render(relative.key, {
    ENTPersonJointure: relative.key,
    ENTPersonDateNaissance: relative.birthDate,
    ENTPersonNomPatro: relative.birthName,
    sn: relative.name,
    givenName: relative.givenName,
    ENTPersonAutresPrenoms: relative.otherNames,
    personalTitle: relative.title,
    homePhone: relative.homePhone,
    telephoneNumber: relative.workPhone,
    ENTPersonAdresse: relative.address.lines,
    ENTPersonCodePostal: relative.address.town.postalCode,
    ENTPersonVille: relative.address.town.name,
    ENTPersonPays: 'FRANCE',
    ENTPersonAdresseDiffusion: letter(relative.shareAddress),
    mobile: relative.mobile,
    mail: relative.mail,
    ENTPersonMobileSMS: letter(relative.mobile !== ''),
    ENTAuxPersRelEleveEleve: relative.children,
  });
}

const STAFF = defineLayout('categoriePersonne', 'PersEducNat', [
  'ENTPersonJointure',
  'ENTPersonDateNaissance',
  'ENTPersonNomPatro',
  'sn',
  'givenName',
  'ENTPersonAutresPrenoms',
  'personalTitle',
  'mail',
  'ENTPersonStructRattach',
  'ENTAuxEnsCategoDiscipline',
  'ENTAuxEnsDisciplinesPoste',
  'ENTAuxEnsMEF',
  'ENTAuxEnsMatiereEnseignEtab',
  'ENTAuxEnsClasses',
  'ENTAuxEnsGroupes',
  'ENTAuxEnsClassesMatieres',
  'ENTAuxEnsGroupesMatieres',
  'ENTAuxEnsClassesPrincipal',
  'ENTEnsFonctionDir',
  'ENTPersonFonctions',
  'ENTPersonCategorieEnseignant',
  'PersEducNatPresenceDevantEleves',
]);

const unique = (values: readonly string[]) => [...new Set(values)];

/** A member of the staff of the second degree. */
export function renderStaff(staff: Staff): string {
  const classes = staff.teaching.filter((teaching) => teaching.kind === 'class');
  const groups = staff.teaching.filter((teaching) => teaching.kind === 'group');
  const posts = staff.functions.filter((post) => post.post !== '');
  return STAFF.render(staff.key, {
    ENTPersonJointure: staff.key,
    ENTPersonDateNaissance: staff.birthDate,
    ENTPersonNomPatro: staff.birthName,
    sn: staff.name,
    givenName: staff.givenName,
    ENTPersonAutresPrenoms: staff.otherNames,
    personalTitle: staff.title,
    mail: staff.mail,
    ENTPersonStructRattach: staff.school,
    ENTAuxEnsCategoDiscipline: unique(posts.map((post) => `${post.post.slice(0, 3)}$${post.label}`)),
    // The label comes first here, and second everywhere else.
    ENTAuxEnsDisciplinesPoste: unique(posts.map((post) => `${post.postLabel}$${post.post}`)),
    ENTAuxEnsMEF: unique(
      staff.teaching.flatMap(({ school, division }) =>
        division.levels.map((level) => `${school}$${LEVELS[level]!.mef}$${LEVELS[level]!.label}`),
      ),
    ),
    ENTAuxEnsMatiereEnseignEtab: unique(
      staff.teaching.map(({ school, subject }) => `${school}$${subjectLabel(subject)}`),
    ),
    ENTAuxEnsClasses: unique(classes.map(({ school, division }) => `${school}$${division.code}`)),
    ENTAuxEnsGroupes: unique(groups.map(({ school, division }) => `${school}$${division.code}`)),
    ENTAuxEnsClassesMatieres: classes.map(
      ({ school, division, subject }) => `${school}$${division.code}$${subject}`,
    ),
    ENTAuxEnsGroupesMatieres: groups.map(
      ({ school, division, subject }) => `${school}$${division.code}$${subject}`,
    ),
    ENTAuxEnsClassesPrincipal: staff.headTeacherOf.map(
      ({ school, division }) => `${school}$${division.code}`,
    ),
    ENTEnsFonctionDir: staff.directs,
    ENTPersonFonctions: staff.functions.map(
      (post) => `${post.school}$${post.code}$${post.label}$${post.post}$${post.postLabel}`,
    ),
    ENTPersonCategorieEnseignant: letter(staff.teacher),
    PersEducNatPresenceDevantEleves: letter(staff.teacher),
  });
}

const SCHOOL = defineLayout('categorieStructure', 'EtabEducNat', [
  'ENTStructureJointure',
  'ENTStructureUAI',
  'ENTEtablissementUAI',
  'ENTStructureSIREN',
  'ENTStructureNomCourant',
  'ENTStructureTypeStruct',
  'ENTStructureCodeTypeStruct',
  'ENTEtablissementMinistereTutelle',
  'ENTEtablissementCodeMinistereTutelle',
  'ENTEtablissementContrat',
  'postOfficeBox',
  'street',
  'postalCode',
  'l',
  'telephoneNumber',
  'facsimileTelephoneNumber',
  'ENTStructureMailSI',
  'ENTEtablissementStructRattachFctl',
  'ENTEtablissementBassin',
  'ENTServAcAcademie',
  'ENTServAcCodeAcademie',
  'ENTStructureClasses',
  'ENTStructureGroupes',
]);

/** A collège or a lycée. */
export function renderSchool(school: School, academy: string): string {
  return SCHOOL.render(school.key, {
    ENTStructureJointure: school.key,
    ENTStructureUAI: school.uai,
    ENTEtablissementUAI: school.uai,
    ENTStructureSIREN: school.siret,
    ENTStructureNomCourant: school.name,
    ENTStructureTypeStruct: school.kind === 'college' ? 'COLLEGE' : 'LYCEE ENSEIGNT GENERAL ET TECHNOLOGIQUE',
    ENTStructureCodeTypeStruct: school.kind === 'college' ? '340' : '302',
    ENTEtablissementMinistereTutelle: "MINISTERE DE L'EDUCATION NATIONALE",
    ENTEtablissementCodeMinistereTutelle: '06',
    ENTEtablissementContrat: school.contract,
    postOfficeBox: '',
    street: school.address.lines,
    postalCode: school.address.town.postalCode,
    l: school.address.town.name,
    telephoneNumber: school.phone,
    facsimileTelephoneNumber: '',
    ENTStructureMailSI: `ce.${school.uai.toLowerCase()}@ac-${academy}.example`,
    ENTEtablissementStructRattachFctl: '',
    ENTEtablissementBassin: `${academy}01$BASSIN DE ${school.address.town.name.toUpperCase()}`,
    ENTServAcAcademie: `ACADEMIE ${academy}`,
    ENTServAcCodeAcademie: academy.padStart(3, '0'),
    ENTStructureClasses: school.classes
      .filter((division) => division.listed)
      .map((division) =>
        [division.code, division.label, ...division.levels.map((level) => LEVELS[level]!.mef)].join('$'),
      ),
    ENTStructureGroupes: school.groups
      .filter((group) => group.listed)
      .map((group) => [group.code, group.label, ...group.classes].join('$')),
  });
}

const MEF = defineLayout('categorieMef', 'MefEducNat', [
  'ENTMefJointure',
  'ENTLibelleMef',
  'ENTMEFRattach',
  'ENTMEFSTAT11',
]);

/** A year of the programme (module élémentaire de formation). */
export function renderMef(level: Level): string {
  return MEF.render(level.mef, {
    ENTMefJointure: level.mef,
    ENTLibelleMef: level.label,
    ENTMEFRattach: level.mef,
    ENTMEFSTAT11: level.mef,
  });
}

const SUBJECT = defineLayout('categorieMatiere', 'MatEducNat', [
  'ENTMatJointure',
  'ENTLibelleMatiere',
  'ENTMatiereRattach',
]);

/** A subject. */
export function renderSubject(subject: Subject): string {
  return SUBJECT.render(subject.code, {
    ENTMatJointure: subject.code,
    ENTLibelleMatiere: subject.label,
    ENTMatiereRattach: '',
  });
}
