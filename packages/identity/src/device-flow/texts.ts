import { defineStrings } from '@socle/pages';

/** Words of the pages under /device. */
export const DEVICE_TEXTS = defineStrings({
  fr: {
    inputTitle: 'Connecter un appareil',
    inputLead: 'Écrivez le code qui est affiché sur l’appareil.',
    code: 'Code de l’appareil',
    codeHint: 'Huit lettres, par exemple BCDF-GHJK.',
    next: 'Continuer',
    unknown:
      'Ce code n’existe pas, a expiré ou a déjà servi. Regardez l’appareil : il en affiche peut-être un autre.',
    missing: 'Écrivez le code qui est affiché sur l’appareil.',
    throttled: 'Trop de codes ont été essayés depuis cet endroit. Attendez quelques minutes.',
    confirmTitle: (service: string) => `Connecter ${service} ?`,
    confirmLead: 'Vérifiez avant de donner votre accord.',
    sameCode: 'L’appareil que vous avez devant vous affiche ce code :',
    warning:
      'Quelqu’un vous a envoyé ce code par message ou au téléphone ? N’acceptez pas : il entrerait dans votre compte.',
    asks: (service: string) => `L’appareil demande à utiliser ${service} avec votre compte.`,
    seenFrom: (device: string) => `Demande faite avec : ${device}`,
    confirm: 'C’est bien mon appareil, connecter',
    abort: 'Je n’ai rien demandé, refuser',
    doneTitle: 'L’appareil est connecté',
    done: 'Vous pouvez revenir à l’appareil et fermer cette page.',
    abortedTitle: 'L’appareil n’a pas été connecté',
    aborted: 'Votre compte n’a pas été utilisé.',
    home: 'Retour à l’accueil',
  },
  en: {
    inputTitle: 'Connect a device',
    inputLead: 'Enter the code that the device shows.',
    code: 'Code of the device',
    codeHint: 'Eight letters, for example BCDF-GHJK.',
    next: 'Continue',
    unknown:
      'This code does not exist, has expired or was used. Look at the device: it may show another one.',
    missing: 'Enter the code that the device shows.',
    throttled: 'Too many codes were tried from this place. Wait a few minutes.',
    confirmTitle: (service: string) => `Connect ${service}?`,
    confirmLead: 'Check before you agree.',
    sameCode: 'The device in front of you shows this code:',
    warning:
      'Did someone send you this code by message or by phone? Do not accept: they would get into your account.',
    asks: (service: string) => `The device asks to use ${service} with your account.`,
    seenFrom: (device: string) => `Asked with: ${device}`,
    confirm: 'It is my device, connect it',
    abort: 'I did not ask for this, refuse',
    doneTitle: 'The device is connected',
    done: 'You can go back to the device and close this page.',
    abortedTitle: 'The device was not connected',
    aborted: 'Your account was not used.',
    home: 'Back home',
  },
});
