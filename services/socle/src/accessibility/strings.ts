import { defineStrings } from '@socle/pages';

/** The accessibility statement and the plan of the site. */
export const accessibilityStrings = defineStrings({
  fr: {
    mention: (level: string) => `Accessibilité : ${level}`,
    levels: { full: 'totalement conforme', partial: 'partiellement conforme', none: 'non conforme' },
    siteMap: 'Plan du site',
    siteMapLead: 'Toutes les pages qui vous sont ouvertes.',
    siteMapEntrance: 'Entrer',
    siteMapHome: 'Accueil',
    siteMapAbout: 'À propos de ce service',
    signIn: 'Se connecter',
    withSheet: 'Activer mon compte avec le code d’une fiche',
    withBadge: 'Me connecter avec un badge',
    asParent: 'Entrer comme parent avec un code',
    device: 'Connecter un appareil avec un code',
    title: 'Déclaration d’accessibilité',
    draft:
      'Ceci est un projet : l’organisme qui ouvre ce service doit encore le compléter de son nom et d’un contact, y joindre son schéma pluriannuel, et faire juger par une personne ce que les tests ne voient pas.',
    draftTitle: 'Projet de déclaration',
    commitment: (operator: string) =>
      `${operator} s’engage à rendre ce service accessible, selon l’article 47 de la loi n° 2005-102 du 11 février 2005 et le décret n° 2019-768 du 24 juillet 2019.`,
    someOperator: 'L’organisme qui ouvre ce service',
    scope: (site: string) =>
      `Cette déclaration concerne la connexion, l’activation, le compte et les autres pages de ${site}. Les services que l’on ouvre depuis l’accueil ont leur propre déclaration.`,
    stateTitle: 'État de conformité',
    state: (level: string) =>
      `Ce service est ${level} avec le référentiel général d’amélioration de l’accessibilité (RGAA), version 4.1.`,
    resultsTitle: 'Résultats des tests',
    results: (counts: { shown: number; applicable: number; rate: number; outside: number; on: string }) =>
      `Une autoévaluation par des tests automatiques dans un navigateur, le ${counts.on}, montre que ${counts.shown} critères sur ${counts.applicable} applicables sont respectés, soit ${counts.rate} %. ${counts.outside} critères du RGAA ne s’appliquent pas.`,
    caution:
      'Les critères que seule une personne peut juger, et que personne n’a encore jugés, sont comptés comme non respectés. Aucun lecteur d’écran n’a encore été écouté.',
    unseenTitle: 'Ce qui n’est pas vérifié',
    unseenCount: (count: number) => `${count} critères attendent l’avis d’une personne :`,
    unseen: {
      texts:
        'la pertinence des textes : alternatives d’images, titres de tableaux, intitulés de liens, de champs et de boutons ;',
      signs: 'l’information donnée par la couleur, la forme ou la position ;',
      errors: 'les conseils qui accompagnent les erreurs, et la vérification avant un envoi ;',
      time: 'les limites de temps : une connexion s’arrête après un temps sans activité, pour protéger le compte.',
    },
    exempt: 'Aucun contenu n’est soumis à dérogation.',
    establishedTitle: 'Établissement de cette déclaration',
    established: (on: string) => `Cette déclaration a été établie le ${on}.`,
    technologies:
      'Technologies : HTML, CSS, SVG ; JavaScript en complément, jamais nécessaire sauf pour les clés d’accès.',
    environment:
      'Environnement des tests : Chromium sous Linux, au clavier seul, à 390 et 1280 pixels, à 200 et 400 % de zoom, clair et sombre, en français et en anglais ; règles axe-core.',
    pages:
      'Pages vérifiées : connexion et ses étapes, activation, badge et images, code d’un parent, codes de protection, accord pour un service, appareil, compte et toutes ses pages, plan du site, cette page.',
    contactTitle: 'Retour d’information et contact',
    contact:
      'Si vous n’arrivez pas à lire une page ou à faire une démarche, dites-le : on vous donnera l’information autrement.',
    contactSchool: 'Écrivez ou parlez au secrétariat de votre établissement.',
    contactMail: 'Écrire un courriel :',
    contactForm: 'Remplir le formulaire de contact',
    remediesTitle: 'Voies de recours',
    remedies: 'Si vous avez signalé un défaut et n’avez pas reçu de réponse satisfaisante, vous pouvez :',
    remedyForm: 'écrire un message au Défenseur des droits',
    remedyDelegate: 'contacter le délégué du Défenseur des droits de votre région',
    remedyPost:
      'envoyer un courrier, sans timbre : Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.',
  },
  en: {
    mention: (level) => `Accessibility: ${level}`,
    levels: { full: 'fully compliant', partial: 'partially compliant', none: 'not compliant' },
    siteMap: 'Site map',
    siteMapLead: 'All the pages that are open to you.',
    siteMapEntrance: 'Come in',
    siteMapHome: 'Home',
    siteMapAbout: 'About this service',
    signIn: 'Sign in',
    withSheet: 'Activate my account with the code of a sheet',
    withBadge: 'Sign in with a badge',
    asParent: 'Come in as a parent with a code',
    device: 'Connect a device with a code',
    title: 'Accessibility statement',
    draft:
      'This is a draft: the authority that opens this service has yet to complete it with its name and a contact, to join its plan over several years, and to have a person judge what tests do not see.',
    draftTitle: 'Draft statement',
    commitment: (operator) =>
      `${operator} undertakes to make this service accessible, under article 47 of the French law no. 2005-102 of 11 February 2005 and decree no. 2019-768 of 24 July 2019.`,
    someOperator: 'The authority that opens this service',
    scope: (site) =>
      `This statement is about signing in, activation, the account and the other pages of ${site}. The services that open from the home page have statements of their own.`,
    stateTitle: 'Compliance',
    state: (level) =>
      `This service is ${level} with the French general accessibility reference (RGAA), version 4.1.`,
    resultsTitle: 'Results of the tests',
    results: (counts) =>
      `A self-assessment by automated tests in a browser, on ${counts.on}, shows that ${counts.shown} of ${counts.applicable} criteria that apply are respected: ${counts.rate}%. ${counts.outside} criteria of RGAA do not apply.`,
    caution:
      'Criteria that only a person can judge, and that nobody has judged yet, count as not respected. No screen reader has been listened to yet.',
    unseenTitle: 'What is not checked',
    unseenCount: (count) => `${count} criteria wait for a person’s judgement:`,
    unseen: {
      texts:
        'whether texts fit: alternatives of pictures, titles of tables, names of links, fields and buttons;',
      signs: 'information given by colour, shape or place;',
      errors: 'advice that comes with errors, and checking before something is sent;',
      time: 'time limits: a session ends after a time without activity, to protect the account.',
    },
    exempt: 'No content is exempted as a disproportionate burden.',
    establishedTitle: 'About this statement',
    established: (on) => `This statement was made on ${on}.`,
    technologies: 'Technologies: HTML, CSS, SVG; JavaScript as a comfort, never needed except for passkeys.',
    environment:
      'Tested with Chromium on Linux, by keyboard alone, at 390 and 1280 pixels, at 200 and 400% zoom, light and dark, in French and English; axe-core rules.',
    pages:
      'Pages checked: sign-in and its steps, activation, badge and pictures, a parent’s code, second factor, consent, device, the account and all its pages, site map, this page.',
    contactTitle: 'Feedback and contact',
    contact: 'If you cannot read a page or do what you came for, say so: you will be helped in another way.',
    contactSchool: 'Write or speak to the office of your school.',
    contactMail: 'Write an e-mail:',
    contactForm: 'Fill in the contact form',
    remediesTitle: 'Remedies',
    remedies: 'If you reported a defect and did not get a satisfying answer, you may:',
    remedyForm: 'write a message to the Défenseur des droits (defender of rights)',
    remedyDelegate: 'contact the delegate of the Défenseur des droits in your region',
    remedyPost:
      'send a letter, without a stamp: Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.',
  },
});
