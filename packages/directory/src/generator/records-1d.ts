import type { Division, Pupil, Relative, School, Staff } from './model.ts';
import { LEVELS } from './programme.ts';
import { defineLayout } from './record-layout.ts';

const letter = (value: boolean) => (value ? 'O' : 'N');

/** `struct$niveau$cycle$idClasse$libellé`: importers read the first, fourth and fifth parts. */
function classValue(school: string, division: Division): string {
  const level = LEVELS[division.levels[0]!]!;
  return `${school}$${level.training}$${level.track}$${division.code}$${division.label}`;
}

const PUPIL = defineLayout('categoriePersonne', 'Eleve', [
  'ENTPersonJointure',
  'ENTEleveINE',
  'ENTPersonDateNaissance',
  'ENTPersonNomPatro',
  'ENTPersonNom',
  'ENTPersonPrenom',
  'ENTPersonAutresPrenoms',
  'ENTPersonCivilite',
  'ENTPersonAdresse',
  'ENTPersonCodePostal',
  'ENTPersonVille',
  'ENTPersonPays',
  'ENTPersonMail',
  'ENTEleveAutoriteParentale',
  'ENTEleveAdresseRel',
  'ENTPersonStructRattach',
  'ENTEleveNiveau',
  'ENTEleveCycle',
  'ENTEleveTypeClasse',
  'ENTEleveRestaurantScolaire',
  'ENTEleveTransport',
  'ENTEleveGarderieMatin',
  'ENTEleveGarderieSoir',
  'ENTEleveEtudesSurveillees',
  'ENTEleveDateEntreeStructRattach',
  'ENTEleveDateSortieStructRattach',
  'ENTPersonClasses',
  'ENTPersonGroupes',
]);

/** A pupil of the first degree. Its links name legal guardians only. */
export function renderPupil1d(pupil: Pupil): string {
  const level = LEVELS[pupil.level]!;
  return PUPIL.render(pupil.key, {
    ENTPersonJointure: pupil.key,
    ENTEleveINE: pupil.ine,
    ENTPersonDateNaissance: pupil.birthDate,
    ENTPersonNomPatro: pupil.birthName,
    ENTPersonNom: pupil.name,
    ENTPersonPrenom: pupil.givenName,
    ENTPersonAutresPrenoms: pupil.otherNames,
    ENTPersonCivilite: pupil.title,
    ENTPersonAdresse: pupil.address.lines,
    ENTPersonCodePostal: pupil.address.town.postalCode,
    ENTPersonVille: pupil.address.town.name,
    ENTPersonPays: 'FRANCE',
    ENTPersonMail: pupil.mail,
    ENTEleveAutoriteParentale: pupil.links
      .filter((link) => link.legal === '1')
      .map((link) => `${link.key}$${link.tie}`),
    ENTEleveAdresseRel: pupil.livesWith,
    ENTPersonStructRattach: pupil.school.key,
    ENTEleveNiveau: level.training,
    ENTEleveCycle: level.track,
    ENTEleveTypeClasse: level.label,
    ENTEleveRestaurantScolaire: letter(pupil.regime.startsWith('DEMI')),
    ENTEleveTransport: letter(pupil.transport),
    ENTEleveGarderieMatin: letter(pupil.scholarship),
    ENTEleveGarderieSoir: 'N',
    ENTEleveEtudesSurveillees: 'N',
    ENTEleveDateEntreeStructRattach: pupil.enteredAt,
    ENTEleveDateSortieStructRattach: '',
    ENTPersonClasses: classValue(pupil.school.key, pupil.division),
    ENTPersonGroupes: '',
  });
}

const RELATIVE = defineLayout('categoriePersonne', 'PersRelEleve', [
  'ENTPersonJointure',
  'ENTPersonDateNaissance',
  'ENTPersonNomPatro',
  'ENTPersonNom',
  'ENTPersonPrenom',
  'ENTPersonAutresPrenoms',
  'ENTPersonCivilite',
  'ENTPersonTelPerso',
  'ENTPersRelEleveTelPro',
  'ENTPersRelEleveTelMobile',
  'ENTPersonAdresse',
  'ENTPersonCodePostal',
  'ENTPersonVille',
  'ENTPersonPays',
  'ENTPersonAdresseDiffusion',
  'ENTPersonMail',
  'ENTPersRelEleveEleve',
]);

/** A relative of pupils of the first degree. */
export function renderRelative1d(relative: Relative): string {
  return RELATIVE.render(relative.key, {
    ENTPersonJointure: relative.key,
    ENTPersonDateNaissance: relative.birthDate,
    ENTPersonNomPatro: relative.birthName,
    ENTPersonNom: relative.name,
    ENTPersonPrenom: relative.givenName,
    ENTPersonAutresPrenoms: relative.otherNames,
    ENTPersonCivilite: relative.title,
    ENTPersonTelPerso: relative.homePhone,
    ENTPersRelEleveTelPro: relative.workPhone,
    ENTPersRelEleveTelMobile: relative.mobile,
    ENTPersonAdresse: relative.address.lines,
    ENTPersonCodePostal: relative.address.town.postalCode,
    ENTPersonVille: relative.address.town.name,
    ENTPersonPays: 'FRANCE',
    ENTPersonAdresseDiffusion: letter(relative.shareAddress),
    ENTPersonMail: relative.mail,
    ENTPersRelEleveEleve: relative.children,
  });
}

const STAFF = defineLayout('categoriePersonne', 'PersEducNat', [
  'ENTPersonJointure',
  'ENTPersonDateNaissance',
  'ENTPersonNomPatro',
  'ENTPersonNom',
  'ENTPersonPrenom',
  'ENTPersonAutresPrenoms',
  'ENTPersonCivilite',
  'ENTPersonMail',
  'ENTPersonStructRattach',
  'ENTEnsSpecialites',
  'ENTEnsFonctionDir',
  'ENTPersonFonctions',
  'ENTPersonCategorieEnseignant',
  'ENTPersonClasses',
  'ENTPersonGroupes',
]);

/** A member of the staff of the first degree. */
export function renderStaff1d(staff: Staff): string {
  return STAFF.render(staff.key, {
    ENTPersonJointure: staff.key,
    ENTPersonDateNaissance: staff.birthDate,
    ENTPersonNomPatro: staff.birthName,
    ENTPersonNom: staff.name,
    ENTPersonPrenom: staff.givenName,
    ENTPersonAutresPrenoms: staff.otherNames,
    ENTPersonCivilite: staff.title,
    ENTPersonMail: staff.mail,
    ENTPersonStructRattach: staff.school,
    ENTEnsSpecialites: '',
    ENTEnsFonctionDir: staff.directs,
    ENTPersonFonctions: staff.functions.map(
      (post) => `${post.school}$${post.code}$${post.label}$${post.post}$${post.postLabel}`,
    ),
    ENTPersonCategorieEnseignant: letter(staff.teacher),
    ENTPersonClasses: staff.teaching.map(({ school, division }) => classValue(school, division)),
    ENTPersonGroupes: '',
  });
}

const SCHOOL = defineLayout('categorieStructure', 'EtabEducNat', [
  'ENTStructureJointure',
  'ENTStructureUAI',
  'ENTStructureSIREN',
  'ENTStructureNomCourant',
  'ENTStructureTypeStruct',
  'ENTEcoleMinistereTutelle',
  'ENTStructureBoitePostale',
  'ENTStructureAdresse',
  'ENTStructureCodePostal',
  'ENTStructureVille',
  'ENTStructureTelephone',
  'ENTStructureFax',
  'ENTStructureEmail',
  'ENTEcoleSecteur',
  'ENTEcoleCirconscription',
  'ENTEcoleCommune',
  'ENTEcoleRPI',
  'ENTServAcAcademie',
]);

/** A nursery or primary school. It lists no class. */
export function renderSchool1d(school: School, academy: string): string {
  const town = school.address.town.name;
  return SCHOOL.render(school.key, {
    ENTStructureJointure: school.key,
    ENTStructureUAI: school.uai,
    ENTStructureSIREN: school.siret,
    ENTStructureNomCourant: school.name,
    ENTStructureTypeStruct: 'ECOLE PRIMAIRE',
    ENTEcoleMinistereTutelle: "MINISTERE DE L'EDUCATION NATIONALE",
    ENTStructureBoitePostale: '',
    ENTStructureAdresse: school.address.lines,
    ENTStructureCodePostal: school.address.town.postalCode,
    ENTStructureVille: town,
    ENTStructureTelephone: school.phone,
    ENTStructureFax: '',
    ENTStructureEmail: `ce.${school.uai.toLowerCase()}@ac-${academy}.example`,
    ENTEcoleSecteur: school.contract,
    ENTEcoleCirconscription: `CIRCONSCRIPTION DE ${town.toUpperCase()}`,
    ENTEcoleCommune: town,
    ENTEcoleRPI: '',
    ENTServAcAcademie: `ACADEMIE ${academy}`,
  });
}
