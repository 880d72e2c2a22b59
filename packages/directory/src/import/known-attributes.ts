const PERSON = `ENTPersonJointure ENTPersonDateNaissance ENTPersonNomPatro sn givenName ENTPersonAutresPrenoms personalTitle
  ENTPersonNom ENTPersonPrenom ENTPersonCivilite ENTPersonMail mail homePhone ENTPersonTelPerso ENTPersonAdresse
  ENTPersonCodePostal ENTPersonVille ENTPersonPays ENTPersonStructRattach ENTPersonClasses ENTPersonGroupes
  ENTPersonAdresseDiffusion ENTPersonMobileSMS mobile`;

const PUPIL = `ENTEleveINE ENTEleveStructRattachId ENTEleveStructureRattachIdMEN ENTElevePersRelEleve ENTEleveBoursier
  ENTEleveRegime ENTEleveTransport ENTEleveAdresseRel ENTEleveStatutEleve ENTEleveMEF ENTEleveLibelleMEF
  ENTEleveNivFormation ENTEleveFiliere ENTEleveEnseignements ENTEleveCodeEnseignements ENTEleveDateEntreeClasses
  ENTEleveDateSortieClasses ENTEleveDateEntreeStructRattach ENTEleveDateSortieStructRattach ENTEleveClasses
  ENTEleveGroupes ENTEleveParents ENTElevePere ENTEleveMere ENTEleveAutoriteParentale ENTElevePersRelEleve1
  ENTElevePersRelEleve2 ENTEleveQualitePersRelEleve1 ENTEleveQualitePersRelEleve2 ENTEleveNiveau ENTEleveCycle
  ENTEleveTypeClasse ENTEleveRestaurantScolaire ENTEleveGarderieMatin ENTEleveGarderieSoir ENTEleveEtudesSurveillees`;

const RELATIVE = `telephoneNumber ENTAuxPersRelEleveEleve ENTPersRelEleveTelPro ENTPersRelEleveTelMobile
  ENTPersRelEleveEleve`;

const STAFF = `ENTAuxEnsCategoDiscipline ENTAuxEnsDisciplinesPoste ENTAuxEnsMEF ENTAuxEnsMatiereEnseignEtab
  ENTAuxEnsClasses ENTAuxEnsGroupes ENTAuxEnsClassesMatieres ENTAuxEnsGroupesMatieres ENTAuxEnsClassesPrincipal
  ENTEnsFonctionDir ENTEnsFonctionDirDate ENTPersonFonctions ENTPersonFonctionsDate ENTPersonCategorieEnseignant
  ENTPersonCategorieEnseignantDate PersEducNatPresenceDevantEleves PersEducNatPresenceDevantElevesDate ENTPersonSTSId
  ENTEnsSpecialites`;

const SCHOOL = `ENTStructureJointure ENTStructureUAI ENTEtablissementUAI ENTStructureSIREN ENTStructureNomCourant
  ENTStructureTypeStruct ENTStructureCodeTypeStruct ENTEtablissementMinistereTutelle
  ENTEtablissementCodeMinistereTutelle ENTEtablissementContrat postOfficeBox street postalCode l telephoneNumber
  facsimileTelephoneNumber ENTStructureMailSI ENTEtablissementStructRattachFctl ENTEtablissementBassin
  ENTServAcAcademie ENTServAcCodeAcademie ENTStructureClasses ENTStructureGroupes ENTEcoleMinistereTutelle
  ENTStructureBoitePostale ENTStructureAdresse ENTStructureCodePostal ENTStructureVille ENTStructureTelephone
  ENTStructureFax ENTStructureEmail ENTEcoleSecteur ENTEcoleCirconscription ENTEcoleCommune ENTEcoleRPI`;

const CODES = `ENTMefJointure ENTLibelleMef ENTMEFRattach ENTMEFSTAT11 ENTNivFormation ENTFiliere ENTMatJointure
  ENTLibelleMatiere ENTMatiereRattach`;

const words = (...lists: readonly string[]): ReadonlySet<string> => new Set(lists.join(' ').split(/\s+/));

/** The attributes of every category that the national specification names, used here or not. */
export const KNOWN_ATTRIBUTES: Readonly<Record<string, ReadonlySet<string>>> = {
  Eleve: words(PERSON, PUPIL),
  PersRelEleve: words(PERSON, RELATIVE),
  PersEducNat: words(PERSON, STAFF),
  EtabEducNat: words(SCHOOL),
  MefEducNat: words(CODES),
  MatEducNat: words(CODES),
};
