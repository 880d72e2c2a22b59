// The verifier once more, for browsers: WebCrypto alone, no network, no line of the one in src/verifier, and the same words
// (test/browser/verifier-page.test.ts compares the two on the same damage). scripts/verifier-page.ts puts it into
// assets/verifier.html.

import { decode, equal, join, parse, sha256, splitLines, toBase64, toHex } from './bytes.ts';
import { Finding, type Verdict } from './finding.ts';
import { findWrongColumn, readLine } from './line.ts';
import {
  followSuccessions,
  openCheckpoint,
  openNote,
  orderNotes,
  readCosigned,
  readWitness,
  type Key,
  type Note,
} from './notes.ts';

interface Manifest {
  origin: string;
  createdAt: string;
  form?: string;
  masked?: boolean;
  selection: object | null;
  tree: { size: number; root: string };
  counts: { events: number; absent: number };
  files: Record<string, { bytes: number; sha256: string }>;
}

const FORMAT = 'socle-audit-export/1';
const AT_ONCE = 2_000;
const CLOCK_SKEW_MS = 5_000;

/** What the reader has by other ways than the export. */
export interface Given {
  vkey?: string;
  /** The text of a witness file. */
  witness?: string;
  /** Verifier keys of witnesses whose cosignatures in the export are believed. */
  witnessKeys?: readonly string[];
}

/** Verifies the files of an export, by name. Never throws for what it finds. */
export async function verifyFiles(
  files: Map<string, Uint8Array>,
  given: Given,
  onProgress: (done: number, size: number) => void = () => {},
): Promise<Verdict> {
  const progress = { size: 0, events: 0 };
  try {
    return { ...(await check(files, given, progress, onProgress)), ...progress };
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    return { word: error.word, finding: error.message, ...error.place, ...progress };
  }
}

async function check(
  files: Map<string, Uint8Array>,
  given: Given,
  progress: { size: number; events: number },
  onProgress: (done: number, size: number) => void,
): Promise<{ word: Verdict['word']; finding: string }> {
  const { manifest, keys } = await readManifest(files, given.vkey);
  const checkpoint = await openCheckpoint(decode(need(files, 'checkpoint')), keys);
  if (!checkpoint)
    throw new Finding('tampered', 'the checkpoint was changed: its signature does not match', {
      file: 'checkpoint',
    });
  const { size, root } = manifest.tree;
  if (checkpoint.origin !== manifest.origin || checkpoint.size !== size || toBase64(checkpoint.root) !== root)
    throw new Finding('tampered', 'the checkpoint is not the one that the manifest names', {
      file: 'checkpoint',
    });
  progress.size = size;
  const form = manifest.form ?? 'ndjson';
  if (form !== 'ndjson') {
    for (const name of Object.keys(manifest.files)) await requireDigest(files, manifest, name);
    throw new Finding(
      'unverifiable',
      `its files are those that its maker signed, but only the form ndjson proves its events; this one is ${form}`,
    );
  }
  const isCosigned = Object.hasOwn(manifest.files, 'cosigned.ndjson');
  if (isCosigned) await requireDigest(files, manifest, 'cosigned.ndjson');
  const cosigned =
    given.witnessKeys !== undefined && isCosigned
      ? await readCosigned(decode(need(files, 'cosigned.ndjson')), given.witnessKeys, manifest.origin, keys)
      : [];
  const filed = given.witness === undefined ? [] : await readWitness(given.witness, manifest.origin, keys);
  const witness = orderNotes([...filed, ...cosigned]);
  const leaves = need(files, 'leaves.bin');
  if (leaves.length < size * 32)
    throw new Finding(
      'truncated',
      `leaves.bin ends after ${Math.floor(leaves.length / 32)} of ${size} leaves`,
      { file: 'leaves.bin' },
    );
  const tree = await buildTree(leaves, size, onProgress);
  const rootMatches = equal(await rootOf(tree, size), checkpoint.root);
  const anchored = rootMatches ? await checkWitness(tree, witness, manifest) : 0;
  if (rootMatches) await requireDigest(files, manifest, 'leaves.bin');
  const counts = await checkEvents(files, manifest, leaves, rootMatches, progress, onProgress);
  if (!rootMatches)
    throw new Finding('tampered', 'the leaf hashes do not give the signed root', { file: 'leaves.bin' });
  return conclude(anchored, counts, progress);
}

async function readManifest(
  files: Map<string, Uint8Array>,
  vkey: string | undefined,
): Promise<{ manifest: Manifest; keys: Key[] }> {
  const changed = (why: string) =>
    new Finding('tampered', `manifest.json or manifest.sig was changed: ${why}`, { file: 'manifest.json' });
  const bytes = need(files, 'manifest.json');
  const value = parse(decode(bytes)) as
    | (Manifest & { format?: unknown; verifierKey?: unknown; successions?: unknown })
    | undefined;
  if (!value) throw changed('it is not JSON');
  if (value.format !== FORMAT)
    throw new Finding('unverifiable', 'manifest.json is not of a format that this verifier knows', {
      file: 'manifest.json',
    });
  const text = vkey ?? value.verifierKey;
  const keys = typeof text === 'string' ? await followSuccessions(text.trim(), value.successions) : [];
  if (keys.length === 0) {
    if (vkey !== undefined) throw new Finding('unverifiable', 'the verifier key that was given is not one');
    throw changed('the verifier key that it names is not one');
  }
  const signed = await openNote(decode(need(files, 'manifest.sig')), [keys.at(-1)!]);
  if (signed !== `${FORMAT}\n${toHex(await sha256(bytes))}\n`) throw changed('its signature does not match');
  return { manifest: value, keys };
}

function need(files: Map<string, Uint8Array>, name: string): Uint8Array {
  const bytes = files.get(name);
  if (!bytes)
    throw new Finding('unverifiable', `the file ${name} is missing or cannot be read`, { file: name });
  return bytes;
}

async function requireDigest(
  files: Map<string, Uint8Array>,
  manifest: Manifest,
  name: string,
): Promise<void> {
  const bytes = need(files, name);
  const declared = manifest.files[name];
  if (bytes.length !== declared?.bytes || toHex(await sha256(bytes)) !== declared.sha256)
    throw new Finding('tampered', `${name} is not the file that its maker signed`, { file: name });
}

// --- The tree (RFC 6962, section 2.1)

/** All complete subtrees, level by level, 32 bytes each. */
async function buildTree(
  leaves: Uint8Array,
  size: number,
  onProgress: (done: number, size: number) => void,
): Promise<Uint8Array[]> {
  const levels = [leaves.subarray(0, size * 32)];
  for (let below = levels[0]!; below.length >= 64; below = levels.at(-1)!) {
    const count = Math.floor(below.length / 64);
    const level = new Uint8Array(count * 32);
    for (let first = 0; first < count; first += AT_ONCE) {
      const pairs = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, i) => first + i);
      const hashes = await Promise.all(
        pairs.map((i) => sha256(join([1], below.subarray(i * 64, i * 64 + 64)))),
      );
      for (const [i, hash] of hashes.entries()) level.set(hash, (first + i) * 32);
      if (levels.length === 1) onProgress(first, 2 * size);
    }
    levels.push(level);
  }
  return levels;
}

/** The root of the first `size` leaves. */
async function rootOf(tree: Uint8Array[], size: number): Promise<Uint8Array> {
  let root: Uint8Array | undefined;
  for (const [level, nodes] of tree.entries()) {
    const width = Math.floor(size / 2 ** level);
    if (width % 2 === 0) continue;
    const peak = nodes.subarray((width - 1) * 32, width * 32);
    root = root ? await sha256(join([1], peak, root)) : peak;
  }
  return root ?? sha256(new Uint8Array());
}

/** How many leaves a witness vouches for. */
async function checkWitness(tree: Uint8Array[], witness: Note[], manifest: Manifest): Promise<number> {
  let anchored = 0;
  for (const { size, root } of witness) {
    if (size > manifest.tree.size) continue;
    if (!equal(await rootOf(tree, size), root))
      throw new Finding('forked', `a witness saw another history: the root at size ${size} differs`);
    anchored = size;
  }
  const before = Date.parse(manifest.createdAt) - CLOCK_SKEW_MS;
  const missed = witness.findLast(({ size, at }) => size > manifest.tree.size && Date.parse(at!) < before);
  if (missed)
    throw new Finding(
      'truncated',
      `a witness saw ${missed.size} leaves before this export was made; it has ${manifest.tree.size}`,
    );
  return anchored;
}

// --- The events

interface Counts {
  redacted: number;
  purged: number;
  masked: number;
}

async function checkEvents(
  files: Map<string, Uint8Array>,
  manifest: Manifest,
  leaves: Uint8Array,
  rootMatches: boolean,
  progress: { size: number; events: number },
  onProgress: (done: number, size: number) => void,
): Promise<Counts> {
  const place = { file: 'events.ndjson' };
  const lines = splitLines(need(files, 'events.ndjson'));
  const counts = { redacted: 0, purged: 0, masked: 0 };
  const redacted = new Set<unknown>();
  const purges: { from: string; to: string }[] = [];
  const absent: { leaf: number; day: string }[] = [];
  const missing = (leaf: number) =>
    new Finding('tampered', `the event of leaf ${leaf} is missing, and the log does not say by whom`, {
      ...place,
      leaf,
    });
  let next = 0;
  for (let first = 0; first < lines.length; first += AT_ONCE) {
    const read = await Promise.all(lines.slice(first, first + AT_ONCE).map(readLine));
    for (const { line, hash } of read) {
      const { leaf } = line;
      if (leaf < next)
        throw new Finding('tampered', 'events.ndjson repeats or reorders leaves', { ...place, leaf });
      if (leaf > next && manifest.selection === null) throw missing(next);
      next = leaf + 1;
      if (!hash) throw missing(leaf);
      const expected = leaves.subarray(leaf * 32, leaf * 32 + 32);
      if (leaf >= progress.size && expected.length < 32)
        throw new Finding('tampered', `the event of leaf ${leaf} is beyond the signed tree`, {
          ...place,
          leaf,
        });
      if (!equal(hash, expected)) {
        const what = !rootMatches
          ? 'it, or its leaf hash, was changed'
          : line.payload
            ? 'its payload, salt, class or day was changed'
            : 'its commitment, class or day was changed';
        throw new Finding('tampered', `the event of leaf ${leaf} is not the one that was logged: ${what}`, {
          ...place,
          leaf,
        });
      }
      const column = line.payload && findWrongColumn(line, line.payload);
      if (column)
        throw new Finding(
          'tampered',
          `the event of leaf ${leaf} is intact, but the search column "${column}" says something else`,
          { ...place, leaf },
        );
      const shown = line.payload ?? (manifest.masked === true ? line.masked : undefined);
      if (!shown) {
        absent.push({ leaf, day: line.day as string });
        continue;
      }
      progress.events += 1;
      if (!line.payload) counts.masked += 1;
      if (shown.outcome !== 'success') continue;
      const { leaf: named, from, to } = shown.detail ?? {};
      if (shown.action === 'audit.event.redacted') redacted.add(named);
      if (shown.action === 'audit.period.purged' && typeof from === 'string' && typeof to === 'string')
        purges.push({ from, to });
    }
    onProgress(progress.size + first, 2 * progress.size);
  }
  if (manifest.selection === null && next < progress.size)
    throw new Finding('truncated', `events.ndjson ends after ${next} of ${progress.size} events`, {
      ...place,
      leaf: next,
    });
  for (const { leaf, day } of absent) {
    if (redacted.has(leaf)) counts.redacted += 1;
    else if (purges.some(({ from, to }) => from <= day && day <= to)) counts.purged += 1;
    else
      throw new Finding(
        'tampered',
        `the content of leaf ${leaf} was deleted, and the log does not say by whom`,
        { ...place, leaf },
      );
  }
  if (progress.events !== manifest.counts.events || absent.length !== manifest.counts.absent)
    throw new Finding(
      progress.events < manifest.counts.events ? 'truncated' : 'tampered',
      `events.ndjson has ${progress.events} events; its maker counted ${manifest.counts.events}`,
      place,
    );
  await requireDigest(files, manifest, 'events.ndjson');
  return counts;
}

function conclude(
  anchored: number,
  { redacted, purged, masked }: Counts,
  { size, events }: { size: number; events: number },
): { word: Verdict['word']; finding: string } {
  const counted = `${events} events of a log of ${size} match`;
  if (anchored === 0)
    return {
      word: 'unanchored',
      finding: `${counted}, but no witness vouches for them: the key's holder could have rewritten them all`,
    };
  const parts = [counted];
  if (redacted > 0) parts.push(`the content of ${redacted} was redacted, as the log says`);
  if (masked > 0) parts.push(`of ${masked} only the place is proved, for its maker has masked other people`);
  if (redacted + masked > 0) return { word: 'redacted', finding: parts.join('; ') };
  if (purged > 0)
    return { word: 'purged', finding: `${counted}; the content of ${purged} was purged, as the log says` };
  return { word: 'ok', finding: `${counted}; a witness vouches for ${anchored} leaves` };
}
