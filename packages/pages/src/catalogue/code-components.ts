import { button } from '../components/button.ts';
import { form } from '../components/form.ts';
import { picturePad } from '../components/picture-pad.ts';
import { proofOfWork } from '../components/proof-of-work.ts';
import { codeField, printedCodeField } from '../components/special-fields.ts';
import { join } from '../html.ts';
import type { Language } from '../languages/language.ts';
import { say, state } from './entry.ts';

/** Fields in which a code is given: digits, letters and digits, pictures. */
export function codes(language: Language, base: string) {
  const pictures = [
    ['cat', 'chat', 'cat'],
    ['dog', 'chien', 'dog'],
    ['fish', 'poisson', 'fish'],
    ['butterfly', 'papillon', 'butterfly'],
    ['flower', 'fleur', 'flower'],
    ['tree', 'arbre', 'tree'],
    ['apple', 'pomme', 'apple'],
    ['umbrella', 'parapluie', 'umbrella'],
    ['sailboat', 'bateau', 'boat'],
    ['bike', 'vélo', 'bicycle'],
    ['rocket', 'fusée', 'rocket'],
    ['snowflake', 'flocon', 'snowflake'],
  ] as const;
  return join([
    state(
      say(language, 'Code à six chiffres', 'Six-digit code'),
      form({
        action: base,
        body: [
          codeField({
            language,
            name: 'code',
            label: say(language, 'Code de votre application', 'Code of your application'),
          }),
          button({ label: say(language, 'Vérifier le code', 'Check the code') }),
        ],
      }),
    ),
    state(
      say(language, 'Code imprimé', 'Printed code'),
      form({
        action: base,
        body: [
          printedCodeField({
            language,
            name: 'printed',
            label: say(language, 'Code de la fiche', 'Code on the sheet'),
            hint: say(language, 'Dix lettres et chiffres.', 'Ten letters and digits.'),
          }),
          button({ label: say(language, 'Continuer avec ce code', 'Continue with this code') }),
        ],
      }),
    ),
    state(
      say(language, 'Calcul demandé pendant une attaque', 'Calculation asked for during an attack'),
      form({
        action: base,
        body: [
          proofOfWork({
            name: 'work',
            challenge: 'exemple',
            seed: '0'.repeat(64),
            parts: 1,
            zeroBits: 1,
            worker: '',
            working: say(language, 'Petite vérification en cours.', 'A short check is running.'),
            done: say(language, 'Vérification terminée.', 'The check is done.'),
            wait: say(
              language,
              'Sans cette vérification, attendez 10 secondes avant d’envoyer.',
              'Without this check, wait 10 seconds before you send.',
            ),
          }),
          button({ label: say(language, 'Envoyer après le calcul', 'Send after the calculation') }),
        ],
      }),
    ),
    state(
      say(language, 'Code en images', 'Picture code'),
      picturePad({
        language,
        action: base,
        legend: say(language, 'Touche tes quatre images, dans l’ordre', 'Touch your four pictures, in order'),
        chosen: 2,
        wanted: 4,
        pictures: pictures.map(([icon, french, english]) => ({
          value: icon,
          icon,
          label: say(language, french, english),
        })),
      }),
    ),
  ]);
}
