import { defineActions } from '@socle/audit';

/** What identity writes in the log. A refused sign-in never says whether the login exists. */
export const identityActions = defineActions({
  'identity.session.started': {
    class: 'B',
    title: { fr: 'Connexion', en: 'Signed in' },
    detail: { acr: 'code', shared: 'boolean' },
  },
  'identity.session.refused': {
    class: 'B',
    title: { fr: 'Connexion refusée', en: 'Sign-in refused' },
    detail: {},
  },
  'identity.session.ended': {
    class: 'B',
    title: { fr: 'Déconnexion', en: 'Signed out' },
    detail: { 'notified?': 'integer', 'unreachable?': 'integer' },
  },
  'identity.account.throttled': {
    class: 'B',
    title: { fr: 'Trop d’essais sur un compte', en: 'Too many attempts on an account' },
    detail: { attempts: 'integer' },
  },
  'identity.account.unlocked': {
    class: 'A',
    title: { fr: 'Compte débloqué', en: 'Account unlocked' },
    detail: {},
  },
  'identity.account.created': {
    class: 'A',
    title: { fr: 'Compte créé', en: 'Account created' },
    detail: {},
  },
  'identity.account.suspended': {
    class: 'A',
    title: { fr: 'Compte suspendu', en: 'Account suspended' },
    detail: {},
  },
  'identity.account.resumed': {
    class: 'A',
    title: { fr: 'Compte rétabli', en: 'Account resumed' },
    detail: {},
  },
  'identity.password.set': {
    class: 'A',
    title: { fr: 'Mot de passe posé', en: 'Password set' },
    detail: { mustChange: 'boolean' },
  },
  'identity.badge.issued': {
    class: 'A',
    title: { fr: 'Badge remis', en: 'Badge handed out' },
    detail: { pictures: 'boolean' },
  },
  'identity.badge.revoked': {
    class: 'A',
    title: { fr: 'Badge retiré', en: 'Badge withdrawn' },
    detail: {},
  },
  'identity.badge.locked': {
    class: 'B',
    title: { fr: 'Badge bloqué après cinq erreurs', en: 'Badge locked after five errors' },
    detail: {},
  },
  'identity.badge.rule_set': {
    class: 'A',
    title: { fr: 'Heures et réseaux des badges réglés', en: 'Hours and networks of badges set' },
    detail: { limited: 'boolean', networks: 'integer' },
  },
  'identity.resets.many': {
    class: 'B',
    title: {
      fr: 'Beaucoup de codes de remplacement donnés en une heure',
      en: 'Many reset codes given within an hour',
    },
    detail: { count: 'integer' },
  },
  'identity.colleague.asked': {
    class: 'A',
    title: {
      fr: 'Aide d’un collègue demandée pour une connexion',
      en: 'Colleague asked to vouch for a sign-in',
    },
    detail: {},
  },
  'identity.colleague.vouched': {
    class: 'A',
    title: { fr: 'Un collègue a répondu d’une connexion', en: 'Colleague vouched for a sign-in' },
    detail: {},
  },
  'identity.colleague.used': {
    class: 'A',
    title: { fr: 'Connexion grâce à un collègue', en: 'Signed in on the word of a colleague' },
    detail: {},
  },
  'identity.work.asked': {
    class: 'A',
    title: {
      fr: 'Calcul demandé à la connexion pendant une attaque, ou arrêté',
      en: 'Proof of work asked for at sign-in during an attack, or ended',
    },
    detail: { bits: 'integer' },
  },
  'identity.code.issued': {
    class: 'A',
    title: { fr: 'Code remis', en: 'Code handed out' },
    detail: { kind: 'code', expires: 'instant' },
  },
  'identity.code.used': {
    class: 'A',
    title: { fr: 'Code utilisé', en: 'Code used' },
    detail: { kind: 'code' },
  },
  'identity.code.refused': {
    class: 'B',
    title: { fr: 'Code refusé', en: 'Code refused' },
    detail: {},
  },
  'identity.factor.added': {
    class: 'A',
    title: { fr: 'Second facteur ajouté', en: 'Second factor added' },
    detail: { factor: 'code' },
  },
  'identity.factor.removed': {
    class: 'A',
    title: { fr: 'Second facteur retiré', en: 'Second factor removed' },
    detail: { factor: 'code' },
  },
  'identity.lesson.ended': {
    class: 'A',
    title: { fr: 'Classe déconnectée en fin de cours', en: 'Class signed out at the end of a lesson' },
    detail: { pupils: 'integer', sessions: 'integer' },
  },
  'identity.stop.set': {
    class: 'A',
    title: { fr: 'Connexions ou inscriptions arrêtées', en: 'Sign-ins or registrations stopped' },
    detail: { kind: 'code' },
  },
  'identity.stop.lifted': {
    class: 'A',
    title: { fr: 'Connexions ou inscriptions rouvertes', en: 'Sign-ins or registrations opened again' },
    detail: { kind: 'code' },
  },
  'identity.sessions.ended_together': {
    class: 'A',
    title: { fr: 'Connexions d’un établissement fermées', en: 'Sessions of a school ended' },
    detail: { people: 'integer', sessions: 'integer' },
  },
  'identity.passwords.expired': {
    class: 'A',
    title: { fr: 'Nouveaux mots de passe exigés', en: 'New passwords demanded' },
    detail: { accounts: 'integer', sessions: 'integer' },
  },
  'identity.client.registered': {
    class: 'A',
    title: { fr: 'Service enregistré', en: 'Service registered' },
    detail: { changed: 'boolean' },
  },
  'identity.client.token_issued': {
    class: 'A',
    title: { fr: 'Jeton d’enregistrement créé', en: 'Registration token made' },
    detail: { uses: 'integer' },
  },
  'identity.attributes.agreed': {
    class: 'A',
    title: { fr: 'Accord donné à un service extérieur', en: 'Agreed to an outside service' },
    detail: {},
  },
  'identity.attributes.withdrawn': {
    class: 'A',
    title: { fr: 'Accord repris à un service extérieur', en: 'Took back an agreement' },
    detail: {},
  },
  'identity.token.exchanged': {
    class: 'B',
    title: { fr: 'Appel d’un module à un autre pour une personne', en: 'Module calls another for a person' },
    detail: { from: 'code', to: 'code' },
  },
  'identity.client.removed': {
    class: 'A',
    title: { fr: 'Service retiré', en: 'Service removed' },
    detail: {},
  },
  'identity.key.published': {
    class: 'A',
    title: { fr: 'Clé de signature publiée', en: 'Signing key published' },
    detail: { alg: 'code' },
  },
  'identity.key.signing': {
    class: 'A',
    title: { fr: 'Clé de signature mise en service', en: 'Signing key put to work' },
    detail: { alg: 'code' },
  },
  'identity.key.retired': {
    class: 'A',
    title: { fr: 'Clé de signature retirée', en: 'Signing key retired' },
    detail: { alg: 'code' },
  },
  'identity.grant.replayed': {
    class: 'B',
    title: { fr: 'Code ou jeton présenté deux fois', en: 'Code or token presented twice' },
    detail: { artefact: 'code', client: 'code' },
  },
});
