import { findWrongColumn, readEventLine, type EventLine, type EventPayload } from './event-line.ts';
import { openFile, type FileReader } from './file-reader.ts';
import { loadManifest, readWhole, type Manifest } from './manifest.ts';
import { openRootBuilder } from './merkle.ts';
import { parseCheckpoint, type SignedCheckpoint } from './signed-note.ts';
import { EXIT_CODES, Finding, type Verdict } from './verdict.ts';
import {
  COSIGNED,
  loadAnchors,
  openNoteOf,
  type AnchorSources,
  type WitnessedCheckpoint,
} from './witness.ts';

export interface VerifyOptions extends AnchorSources {
  /** The log's verifier key, had by another way than the export. Default: the one in the export, which its maker chose. */
  readonly vkey?: string;
}

interface Progress {
  size: number;
  events: number;
  redacted: number;
  purged: number;
  masked: number;
  anchoredSize: number;
}

const HASH_BYTES = 32;
const CLOCK_SKEW_MS = 5_000;
const LEAVES = 'leaves.bin';
const EVENTS = 'events.ndjson';

/**
 * Verifies an exported folder with nothing but the folder: no database, no network, no code of the log's writer.
 * Reads each file once, in memory that does not grow. Never throws for what it finds; the verdict says it.
 */
export function verifyExport(folder: string, options: VerifyOptions = {}): Verdict {
  const progress: Progress = { size: 0, events: 0, redacted: 0, purged: 0, masked: 0, anchoredSize: 0 };
  try {
    return { ...conclude(check(folder, options, progress), progress), ...progress };
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    const { word, leaf, file } = error;
    return {
      word,
      exitCode: EXIT_CODES[word],
      finding: error.message,
      ...(leaf === undefined ? {} : { leaf }),
      ...(file === undefined ? {} : { file }),
      ...progress,
    };
  }
}

function check(
  folder: string,
  options: VerifyOptions,
  progress: Progress,
): readonly WitnessedCheckpoint[] | undefined {
  const { manifest, keys } = loadManifest(folder, options.vkey);
  const note = readWhole(folder, 'checkpoint').toString('utf8');
  const text = openNoteOf(note, keys);
  const checkpoint = text === undefined ? undefined : parseCheckpoint(text);
  if (!checkpoint)
    throw new Finding('tampered', 'the checkpoint was changed: its signature does not match', {
      file: 'checkpoint',
    });
  const { size, root } = manifest.tree;
  if (
    checkpoint.origin !== manifest.origin ||
    checkpoint.size !== size ||
    checkpoint.root.toString('base64') !== root
  ) {
    throw new Finding('tampered', 'the checkpoint is not the one that the manifest names', {
      file: 'checkpoint',
    });
  }
  progress.size = size;
  requireProofs(folder, manifest);
  const isCosigned = Object.hasOwn(manifest.files, COSIGNED);
  if (isCosigned) checkFile(folder, manifest, COSIGNED);
  const witness = loadAnchors(folder, isCosigned, options, { origin: manifest.origin, keys });
  const rootMatches = checkLeaves(folder, manifest, checkpoint, witness, progress);
  checkEvents(folder, manifest, rootMatches, progress);
  // every event agreed with its leaf's hash, so the hashes that no event covers are at fault
  if (!rootMatches)
    throw new Finding('tampered', 'the leaf hashes do not give the signed root', { file: LEAVES });
  return witness;
}

/** An export for spreadsheets or security tools has no proofs: then its maker's signature is all there is to check. */
function requireProofs(folder: string, manifest: Manifest): void {
  const { form = 'ndjson' } = manifest;
  if (form === 'ndjson') return;
  for (const name of Object.keys(manifest.files)) checkFile(folder, manifest, name);
  throw new Finding(
    'unverifiable',
    `its files are those that its maker signed, but only the form ndjson proves its events; this one is ${form}`,
  );
}

/** Recomputes the root, and those that the witness saw on the way. False when the signed root does not come out. */
function checkLeaves(
  folder: string,
  manifest: Manifest,
  checkpoint: SignedCheckpoint,
  witness: readonly WitnessedCheckpoint[] | undefined,
  progress: Progress,
): boolean {
  const leaves = openFile(folder, LEAVES);
  try {
    const tree = openRootBuilder();
    const seen = [...(witness ?? [])];
    const differing: SignedCheckpoint[] = [];
    let anchored = 0;
    while (tree.size < checkpoint.size) {
      const leaf = leaves.take(HASH_BYTES);
      if (leaf.length < HASH_BYTES) {
        throw new Finding('truncated', `${LEAVES} ends after ${tree.size} of ${checkpoint.size} leaves`, {
          file: LEAVES,
        });
      }
      tree.add(leaf);
      if (seen[0]?.size === tree.size) {
        const expected = seen.shift()!;
        if (expected.root.equals(tree.root())) anchored = tree.size;
        else differing.push(expected);
      }
    }
    const rootMatches = tree.root().equals(checkpoint.root);
    // a damaged copy also misses the witness's roots; only one that is whole and signed is another history
    if (rootMatches && differing.length > 0) {
      throw new Finding(
        'forked',
        `a witness saw another history: the root at size ${differing[0]!.size} differs`,
      );
    }
    const missed = seen.filter(({ at }) => isBefore(at, manifest.createdAt)).at(-1);
    if (rootMatches && missed) {
      throw new Finding(
        'truncated',
        `a witness saw ${missed.size} leaves before this export was made; it has ${checkpoint.size}`,
      );
    }
    progress.anchoredSize = rootMatches ? anchored : 0;
    if (rootMatches) requireDigest(leaves, manifest, LEAVES);
    return rootMatches;
  } finally {
    leaves.close();
  }
}

/** Checks every event against its leaf's hash, and that what is absent is absent for a reason that the log gives. */
function checkEvents(folder: string, manifest: Manifest, rootMatches: boolean, progress: Progress): void {
  const events = openFile(folder, EVENTS);
  const leaves = openFile(folder, LEAVES);
  try {
    const absences = openAbsences();
    let next = 0;
    for (let line = events.takeLine(); line; line = events.takeLine()) {
      const event = readEventLine(line);
      if (event.leaf < next)
        throw new Finding('tampered', `${EVENTS} repeats or reorders leaves`, {
          file: EVENTS,
          leaf: event.leaf,
        });
      if (event.leaf > next) {
        if (manifest.selection === null) throw missing(next);
        for (; next < event.leaf; next += 1) leaves.take(HASH_BYTES);
      }
      next += 1;
      checkEvent(event, leaves.take(HASH_BYTES), rootMatches);
      if (event.payload) {
        progress.events += 1;
        absences.explain(event.payload);
      } else if (event.masked && manifest.masked === true) {
        progress.events += 1;
        progress.masked += 1;
        absences.explain(event.masked);
      } else absences.add(event);
    }
    const cut = manifest.selection === null && next < manifest.tree.size;
    if (cut)
      throw new Finding('truncated', `${EVENTS} ends after ${next} of ${manifest.tree.size} events`, {
        file: EVENTS,
        leaf: next,
      });
    absences.settle(progress);
    const { counts } = manifest;
    if (progress.events !== counts.events || progress.redacted + progress.purged !== counts.absent) {
      const cutShort = progress.events < counts.events;
      throw new Finding(
        cutShort ? 'truncated' : 'tampered',
        `${EVENTS} has ${progress.events} events; its maker counted ${counts.events}`,
        { file: EVENTS },
      );
    }
    requireDigest(events, manifest, EVENTS);
  } finally {
    events.close();
    leaves.close();
  }
}

function checkEvent(event: EventLine, expected: Buffer, rootMatches: boolean): void {
  const { leaf } = event;
  if (!event.hash) throw missing(leaf);
  if (expected.length < HASH_BYTES) {
    throw new Finding('tampered', `the event of leaf ${leaf} is beyond the signed tree`, {
      file: EVENTS,
      leaf,
    });
  }
  if (event.hash !== expected.toString('latin1')) {
    const what = rootMatches
      ? event.payload
        ? 'its payload, salt, class or day was changed'
        : 'its commitment, class or day was changed'
      : 'it, or its leaf hash, was changed';
    throw new Finding('tampered', `the event of leaf ${leaf} is not the one that was logged: ${what}`, {
      file: EVENTS,
      leaf,
    });
  }
  const column = findWrongColumn(event);
  if (column) {
    throw new Finding(
      'tampered',
      `the event of leaf ${leaf} is intact, but the search column "${column}" says something else`,
      { file: EVENTS, leaf },
    );
  }
}

/** Events whose content is gone, and the events of the log that say why. */
function openAbsences() {
  const redactedLeaves = new Set<number>();
  const purges: { from: string; to: string }[] = [];
  const absent: { leaf: number; day: string }[] = [];
  return {
    add: ({ leaf, day }: EventLine) => absent.push({ leaf, day }),
    explain(payload: EventPayload): void {
      if (payload.outcome !== 'success') return;
      const { leaf, from, to } = payload.detail ?? {};
      if (payload.action === 'audit.event.redacted' && typeof leaf === 'number') redactedLeaves.add(leaf);
      if (payload.action === 'audit.period.purged' && typeof from === 'string' && typeof to === 'string') {
        purges.push({ from, to });
      }
    },
    settle(progress: Progress): void {
      for (const { leaf, day } of absent) {
        if (redactedLeaves.has(leaf)) progress.redacted += 1;
        else if (purges.some(({ from, to }) => from <= day && day <= to)) progress.purged += 1;
        else {
          throw new Finding(
            'tampered',
            `the content of leaf ${leaf} was deleted, and the log does not say by whom`,
            { file: EVENTS, leaf },
          );
        }
      }
    },
  };
}

/** True when `at` is surely before `createdAt`: the clocks of the log and of the export may differ a little. */
function isBefore(at: string, createdAt: string): boolean {
  return Date.parse(at) < Date.parse(createdAt) - CLOCK_SKEW_MS;
}

function checkFile(folder: string, manifest: Manifest, name: string): void {
  const file = openFile(folder, name);
  try {
    requireDigest(file, manifest, name);
  } finally {
    file.close();
  }
}

function requireDigest(reader: FileReader, manifest: Manifest, name: string): void {
  const { bytes, sha256 } = reader.finish();
  const declared = manifest.files[name]!;
  if (bytes !== declared.bytes || sha256 !== declared.sha256) {
    throw new Finding('tampered', `${name} is not the file that its maker signed`, { file: name });
  }
}

function missing(leaf: number): Finding {
  return new Finding('tampered', `the event of leaf ${leaf} is missing, and the log does not say by whom`, {
    file: EVENTS,
    leaf,
  });
}

function conclude(
  witness: readonly WitnessedCheckpoint[] | undefined,
  progress: Progress,
): Pick<Verdict, 'word' | 'exitCode' | 'finding'> {
  const counted = `${progress.events} events of a log of ${progress.size} match`;
  const word =
    !witness || progress.anchoredSize === 0
      ? 'unanchored'
      : progress.redacted + progress.masked > 0
        ? 'redacted'
        : progress.purged > 0
          ? 'purged'
          : 'ok';
  const finding = {
    unanchored: `${counted}, but no witness vouches for them: the key's holder could have rewritten them all`,
    redacted: [
      counted,
      ...(progress.redacted > 0 ? [`the content of ${progress.redacted} was redacted, as the log says`] : []),
      ...(progress.masked > 0
        ? [`of ${progress.masked} only the place is proved, for its maker has masked other people`]
        : []),
    ].join('; '),
    purged: `${counted}; the content of ${progress.purged} was purged, as the log says`,
    ok: `${counted}; ${nameAnchor(witness, progress)} vouches for ${progress.anchoredSize} leaves`,
  }[word];
  return { word, exitCode: EXIT_CODES[word], finding };
}

function nameAnchor(witness: readonly WitnessedCheckpoint[] | undefined, progress: Progress): string {
  return witness?.find(({ size }) => size === progress.anchoredSize)?.by ?? 'a witness';
}
