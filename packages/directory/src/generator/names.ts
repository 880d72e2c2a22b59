import type { Random } from './random.ts';

/** Given names, the commonest first. Every person made from these lists is invented. */
const GIRLS: readonly string[] = (
  'Louise Jade Emma Alice Chloé Inès Léa Manon Rose Anna Mila Léna Zoé Sarah Juliette Camille Lina Éva Agathe Romane ' +
  'Nina Clémence Maëlys Élise Héloïse Margaux Noémie Aïcha Océane Gaëlle Maëlle Anaïs Apolline Célestine Éléonore ' +
  'Fatou Hélène Iris Joséphine Khadija Lucie Mathilde Nour Ophélie Pénélope Raphaëlle Salomé Thaïs Valentine Yasmine ' +
  'Anne-Lise Marie-Ange Marie-Lou Lou-Anne Zélie Françoise Bérénice Daphné Solène Ysé Awa Mariam Thi-Mai Aurélie'
).split(' ');

/** Given names of boys, the commonest first. */
const BOYS: readonly string[] = (
  'Gabriel Léo Raphaël Louis Arthur Jules Adam Maël Lucas Hugo Noé Liam Ethan Paul Nathan Théo Gabin Sacha Tom Mohamed ' +
  'Aaron Victor Malo Éden Rayan Martin Axel Mathis Côme Timothée Naël Clément Yanis Robin Antoine Samuel Baptiste ' +
  'Augustin Célestin Gaël Loïc Édouard Étienne François Grégoire Ibrahim Joël Karim Lény Mickaël Nicolaï Oscar Pierre ' +
  'Jean-Baptiste Jean-Loup Pierre-Yves Marc-Antoine Rémi Sébastien Thomas Ulysse Valère Xavier Youssef Zacharie Mamadou Bao'
).split(' ');

const SURNAME_LIST =
  'Martin|Bernard|Thomas|Petit|Robert|Richard|Durand|Dubois|Moreau|Laurent|Simon|Michel|Lefèvre|Leroy|Roux|David|' +
  'Bertrand|Morel|Fournier|Girard|Bonnet|Dupont|Lambert|Fontaine|Rousseau|Vincent|Müller|Lefebvre|Faure|André|Mercier|' +
  'Blanc|Guérin|Boyer|Garnier|Chevalier|François|Legrand|Gauthier|Perrin|Robin|Clément|Morin|Nicolas|Henry|Roussel|' +
  'Mathieu|Gautier|Masson|Marchand|Duval|Denis|Dumont|Lemaire|Noël|Meyer|Dufour|Meunier|Brun|Blanchard|Giraud|Joly|' +
  'Rivière|Lucas|Brunet|Gaillard|Barbier|Arnaud|Martinez|Gérard|Roche|Renard|Schmitt|Roy|Leroux|Colin|Vidal|Caron|' +
  'Picard|Fabre|Lemoine|Diallo|Traoré|Ben Amar|El Idrissi|Nguyen|Da Silva|Ferreira|Kowalski|Öztürk|Haddad|Benchikh|' +
  'Hébert|Bérenger|Échard|Évrard|Çelik|Maïssa|Noailles|Pélissier|Quéméneur|Le Goff|Le Floc’h|Le Bihan|Kerdréac|' +
  'de La Brétèche|du Plessis|d’Argenson|d’Hauterive|de Saint-Amour|des Essarts|L’Hermitte|N’Diaye|M’Barek|O’Brien|' +
  'Saint-Éloi|Sainte-Croix|Beauséjour|Hautecœur|Lacœuille|Vaucresson|Ranarison|Rakotoarisoa|Tahitoa|Mérieux-Lanoë|' +
  'Poirier-Désert|Château-Gaillard|Clairefontaine|Montfleury|Bellerive|Grandpré|Hautbois|Sansregret|Tranchemontagne';

/** Family names, the commonest first; particles, apostrophes, hyphens and accents as registries hold them. */
const SURNAMES: readonly string[] = SURNAME_LIST.replaceAll('’', "'").split('|');

/** A given name; the lists hold a few compounds. */
export function drawGivenName(random: Random, gender: 'F' | 'M'): string {
  return random.pickCommon(gender === 'F' ? GIRLS : BOYS);
}

/** A family name; one in twenty-five is a double name. */
export function drawSurname(random: Random): string {
  const first = random.pickCommon(SURNAMES);
  if (!random.chance(0.04)) return first;
  const second = random.pick(SURNAMES);
  return second === first ? first : `${first}-${second}`;
}

/** The child's family name, from the parents' (code civil, art. 311-21). */
export function drawChildSurname(random: Random, father: string, mother: string): string {
  const draw = random.next();
  if (draw < 0.8 || father === mother) return father;
  if (draw < 0.88) return mother;
  return draw < 0.95 ? `${father} ${mother}` : `${mother} ${father}`;
}

const slug = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replaceAll('œ', 'oe')
    .toLowerCase()
    .replace(/[^a-z]+/g, '-')
    .replace(/^-|-$/g, '');

/** The part of a mailbox that comes from a name: `Hélène d'Argenson` gives `helene.d-argenson`. */
export function mailboxName(givenName: string, surname: string): string {
  return `${slug(givenName)}.${slug(surname)}`;
}
