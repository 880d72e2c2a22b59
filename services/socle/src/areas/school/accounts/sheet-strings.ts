import { defineStrings, type Language } from '@socle/pages';
import type { SheetSet } from './sheet.ts';

/** Words of the sheets that are handed out. */
export const sheetStrings = defineStrings({
  fr: {
    documentTitle: (school: string) => `Fiches de compte, ${school}`,
    titles: { activation: 'Votre compte', reset: 'Un nouveau mot de passe', link: 'Votre compte de parent' },
    login: 'Identifiant',
    code: 'Code, à utiliser une seule fois',
    scan: 'Visez le carré avec l’appareil photo d’un téléphone ou d’une tablette.',
    open: (address: string) => `Ou ouvrez ${address} et écrivez le code.`,
    choose:
      'Choisissez votre mot de passe. Ne le donnez à personne, pas même à un adulte de l’établissement.',
    chooseAsParent: 'Donnez la date de naissance de votre enfant, puis choisissez votre mot de passe.',
    qr: (address: string, code: string) =>
      `Code QR qui ouvre ${address} avec le code ${code}. Sans appareil photo, ouvrez cette adresse et écrivez le code.`,
    until: (day: string) => `Ce code marche jusqu’au ${day}. Après, demandez-en un autre à l’établissement.`,
    keep: 'Cette fiche est personnelle. Détruisez-la quand vous avez choisi votre mot de passe.',
  },
  en: {
    documentTitle: (school: string) => `Account sheets, ${school}`,
    titles: { activation: 'Your account', reset: 'A new password', link: 'Your account as a parent' },
    login: 'User name',
    code: 'Code, works once',
    scan: 'Point the camera of a phone or a tablet at the square.',
    open: (address: string) => `Or open ${address} and type the code.`,
    choose: 'Choose your password. Give it to nobody, not even to an adult of the school.',
    chooseAsParent: 'Give your child’s birth date, then choose your password.',
    qr: (address: string, code: string) =>
      `QR code that opens ${address} with the code ${code}. Without a camera, open this address and type the code.`,
    until: (day: string) => `This code works until ${day}. After that, ask the school for another one.`,
    keep: 'This sheet is personal. Destroy it once you have chosen your password.',
  },
});

/** What to do with the sheet, in order. */
export function sheetSteps(language: Language, kind: SheetSet['kind'], address: string): readonly string[] {
  const words = sheetStrings[language];
  return [words.scan, words.open(address), kind === 'link' ? words.chooseAsParent : words.choose];
}
