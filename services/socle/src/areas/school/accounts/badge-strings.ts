import { defineStrings } from '@socle/pages';

/** Words of the badges that are handed out. */
export const badgeStrings = defineStrings({
  fr: {
    documentTitle: (group: string, school: string) => `Badges, ${group}, ${school}`,
    qr: (name: string, address: string, code: string) =>
      `Code QR du badge de ${name}. Sans caméra : ouvrir ${address} et écrire le code ${code}.`,
    picturesTitle: 'Codes en images, pour l’enseignant',
    picturesLead:
      'À garder à part des badges. Montrez à chaque élève ses quatre images, dans l’ordre, jusqu’à ce qu’il les sache.',
    picturesOf: (name: string, pictures: string) => `${name} : ${pictures}`,
  },
  en: {
    documentTitle: (group: string, school: string) => `Badges, ${group}, ${school}`,
    qr: (name: string, address: string, code: string) =>
      `QR code of the badge of ${name}. Without a camera: open ${address} and type the code ${code}.`,
    picturesTitle: 'Picture codes, for the teacher',
    picturesLead:
      'Keep them apart from the badges. Show each pupil their four pictures, in order, until they know them.',
    picturesOf: (name: string, pictures: string) => `${name}: ${pictures}`,
  },
});
