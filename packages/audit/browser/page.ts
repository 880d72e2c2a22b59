// The page's form: what was chosen goes to the verifier, and its verdict is said. Nothing leaves the page.
import { Finding, type Verdict } from './finding.ts';
import { verifyFiles } from './verify.ts';
import { readZip } from './zip.ts';

const SAID: Record<Verdict['word'], { fr: string; en: string }> = {
  ok: {
    fr: 'Tout concorde, et un témoin a vu cette histoire.',
    en: 'Everything matches, and a witness has seen this history.',
  },
  redacted: {
    fr: 'Tout concorde ; le contenu de certains événements a été supprimé ou masqué, et cela est dit.',
    en: 'Everything matches; the content of some events was deleted or masked, and this is told.',
  },
  purged: {
    fr: 'Tout concorde ; des mois entiers ont été effacés selon la durée de conservation.',
    en: 'Everything matches; whole months were deleted under the retention policy.',
  },
  unanchored: {
    fr: 'Tout concorde, mais aucun témoin n’a été fourni : le détenteur de la clé aurait pu tout réécrire.',
    en: 'Everything matches, but no witness was given: the key’s holder could have rewritten it all.',
  },
  tampered: { fr: 'Quelque chose a été modifié.', en: 'Something was changed.' },
  truncated: { fr: 'La fin manque.', en: 'The end is missing.' },
  forked: {
    fr: 'Un témoin a vu une autre histoire de ce journal.',
    en: 'A witness has seen another history of this log.',
  },
  unverifiable: { fr: 'Il manque de quoi juger.', en: 'What is needed to judge is missing.' },
};

const language = navigator.language.startsWith('fr') ? 'fr' : 'en';
document.documentElement.lang = language;

const find = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;

async function readChosen(): Promise<Map<string, Uint8Array>> {
  const zip = find<HTMLInputElement>('zip').files?.[0];
  if (zip) return readZip(new Uint8Array(await zip.arrayBuffer()));
  const files = new Map<string, Uint8Array>();
  for (const file of find<HTMLInputElement>('folder').files ?? [])
    files.set(file.name, new Uint8Array(await file.arrayBuffer()));
  return files;
}

async function judge(): Promise<Verdict> {
  try {
    const vkey = find<HTMLInputElement>('vkey').value.trim();
    const witness = await find<HTMLInputElement>('witness').files?.[0]?.text();
    const witnessKey = find<HTMLInputElement>('witness-key').value.trim();
    return await verifyFiles(
      await readChosen(),
      {
        ...(vkey === '' ? {} : { vkey }),
        ...(witness === undefined ? {} : { witness }),
        ...(witnessKey === '' ? {} : { witnessKeys: [witnessKey] }),
      },
      (done, size) => {
        find<HTMLProgressElement>('progress').value = size === 0 ? 0 : done / size;
      },
    );
  } catch (error) {
    const finding =
      error instanceof Finding
        ? error.message
        : 'this browser cannot check it (Ed25519 in WebCrypto is needed)';
    return { word: 'unverifiable', finding, size: 0, events: 0 };
  }
}

find<HTMLFormElement>('form').addEventListener('submit', (event) => {
  event.preventDefault();
  void showVerdict();
});

async function showVerdict(): Promise<void> {
  const progress = find<HTMLProgressElement>('progress');
  progress.hidden = false;
  const verdict = await judge();
  progress.hidden = true;
  const output = find<HTMLOutputElement>('verdict');
  output.dataset['word'] = verdict.word;
  find('word').textContent = verdict.word;
  find('said').textContent = SAID[verdict.word][language];
  find('finding').textContent = verdict.finding + (verdict.file === undefined ? '' : ` (${verdict.file})`);
  output.hidden = false;
}
