import type { Random } from './random.ts';

/** A town of the invented academy 99. */
export interface Town {
  readonly name: string;
  readonly postalCode: string;
}

const TOWN_NAMES =
  'Valmorne|Saint-Aubin-des-Prés|Clairval|Montreuil-l’Étang|Port-Hélène|La Ferté-Sourde|Brézolles-sur-Ène|' +
  'Villeneuve-d’Arche|Les Ormeaux|Châtelmont|Rochebrune|L’Isle-aux-Grains|Béthancourt|Saint-Élier|Fontvieille-le-Haut|' +
  'Quincy-la-Plaine|Grand-Marais|Essey-les-Bois|Noirlieu|Pont-à-l’Évêque|Havrincourt|Sainte-Céline|Tréguennec|Ablon-le-Vieux';

/** Towns that exist nowhere else, with postal codes of the unused department 99. */
export const TOWNS: readonly Town[] = TOWN_NAMES.replaceAll('’', "'")
  .split('|')
  .map((name, index) => ({ name, postalCode: `99${String(index * 10).padStart(3, '0')}` }));

/** Who schools are named for: flowers, trees and words, so that nobody real is named. */
export const SCHOOL_NAMES: readonly string[] = (
  'Les Tilleuls|La Clairière|Les Hirondelles|L’Étoile du Matin|Le Grand Chêne|Les Coquelicots|La Source|Les Amandiers|' +
  'Le Moulin Bleu|L’Horizon|Les Érables|La Belle Étoile|Les Fontaines|Le Vieux Pont|Les Genêts|L’Odyssée|Les Cerisiers|' +
  'La Licorne|Les Embruns|Le Phare|Les Alizés|La Garenne|L’Arc-en-Ciel|Les Bruyères'
)
  .replaceAll('’', "'")
  .split('|');

const STREETS: readonly string[] = (
  'rue des Lilas|rue de l’Église|avenue du Général-Inconnu|place de la Mairie|chemin des Écoliers|impasse des Mésanges|' +
  'rue du Four à Chaux|boulevard de la République|allée des Châtaigniers|route de Clairval|quai des Mariniers|rue Haute|' +
  'ruelle du Puits|cours de l’Égalité|rue du 8 Mai|sentier de l’Abbaye|rue Neuve|square des Poètes|rue de la Forêt|rue Basse'
)
  .replaceAll('’', "'")
  .split('|');

const COMPLEMENTS = [
  'Bât. A',
  'Bât. B',
  'Résidence Les Pins',
  'Appt 12',
  'Esc. 3',
  'Chez Mme Aubrée',
] as const;

/** An address of four lines joined by `$`, in a town. */
export interface Address {
  readonly lines: string;
  readonly town: Town;
}

/** A street with its number. */
export function drawStreet(random: Random): string {
  return `${1 + random.below(140)}${random.chance(0.05) ? ' bis' : ''} ${random.pick(STREETS)}`;
}

/** A home; most have three empty lines, which is why real feeds end with `$$$`. */
export function drawAddress(random: Random, town: Town): Address {
  const street = drawStreet(random);
  return { lines: random.chance(0.15) ? `${random.pick(COMPLEMENTS)}$${street}$$` : `${street}$$$`, town };
}

/** A telephone number of the ranges that Arcep keeps for fiction, in one of the two forms seen in feeds. */
export function drawPhone(random: Random, mobile: boolean): string {
  const tail = String(random.below(100)).padStart(2, '0') + String(random.below(100)).padStart(2, '0');
  const national = `${mobile ? '063998' : '019900'}${tail}`;
  if (!random.chance(0.2)) return national;
  return `+33 ${national.slice(1, 2)} ${national.slice(2).replace(/..(?=.)/g, '$& ')}`;
}
