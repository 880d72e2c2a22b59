import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { openNote, type VerifierKey } from './signed-note.ts';
import { followSuccessions } from './succession.ts';
import { Finding } from './verdict.ts';

/** Length and digest of one file of the export. */
interface FileDigest {
  readonly bytes: number;
  readonly sha256: string;
}

/** What the maker of the export declared and signed. */
export interface Manifest {
  readonly origin: string;
  readonly createdAt: string;
  /** Only `ndjson` has proofs; it is also what older exports mean that say nothing. */
  readonly form?: string;
  /** True when its maker has hidden who others are: the places of such events are proved, what is shown of them is not. */
  readonly masked?: boolean;
  /** `null` when every event of the log is in the export. */
  readonly selection: Readonly<Record<string, unknown>> | null;
  readonly tree: { readonly size: number; readonly root: string };
  readonly counts: { readonly events: number; readonly absent: number };
  readonly files: Readonly<Record<string, FileDigest>>;
}

const FORMAT = 'socle-audit-export/1';
const PROOF_FILES = ['checkpoint', 'leaves.bin', 'events.ndjson'];

/**
 * Loads manifest.json and checks its signature in manifest.sig, under the key that was given, or its successors, or, failing
 * that, the one that it names itself.
 *
 * @throws Finding `unverifiable` when a file is missing or of another format, `tampered` when the signature fails.
 */
export function loadManifest(
  folder: string,
  givenKey: string | undefined,
): { manifest: Manifest; keys: readonly VerifierKey[] } {
  const bytes = readWhole(folder, 'manifest.json');
  const value = parseJson(bytes);
  if (value['format'] !== FORMAT) {
    throw new Finding('unverifiable', 'manifest.json is not of a format that this verifier knows', {
      file: 'manifest.json',
    });
  }
  const text = givenKey ?? value['verifierKey'];
  const keys = typeof text === 'string' ? followSuccessions(text, value['successions']) : [];
  if (keys.length === 0) {
    if (givenKey !== undefined)
      throw new Finding('unverifiable', 'the verifier key that was given is not one');
    throw changed('the verifier key that it names is not one');
  }
  const signed = openNote(readWhole(folder, 'manifest.sig').toString('utf8'), keys.at(-1)!);
  if (signed !== `${FORMAT}\n${hash('sha256', bytes, 'hex')}\n`)
    throw changed('its signature does not match');
  if (!isManifest(value))
    throw new Finding('unverifiable', 'manifest.json lacks a member', { file: 'manifest.json' });
  return { manifest: value, keys };
}

/** A small file of the export as bytes. @throws Finding `unverifiable`. */
export function readWhole(folder: string, name: string): Buffer {
  try {
    return readFileSync(`${folder}/${name}`);
  } catch {
    throw new Finding('unverifiable', `the file ${name} is missing or cannot be read`, { file: name });
  }
}

function parseJson(bytes: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw changed('it is not JSON');
}

function isManifest(value: Record<string, unknown>): value is Record<string, unknown> & Manifest {
  const candidate = value as Partial<Manifest>;
  return (
    typeof candidate.origin === 'string' &&
    typeof candidate.createdAt === 'string' &&
    (candidate.selection === null || typeof candidate.selection === 'object') &&
    Number.isSafeInteger(candidate.tree?.size) &&
    typeof candidate.tree?.root === 'string' &&
    Number.isSafeInteger(candidate.counts?.events) &&
    Number.isSafeInteger(candidate.counts?.absent) &&
    ((candidate.form ?? 'ndjson') === 'ndjson' ? PROOF_FILES : ['checkpoint']).every(
      (name) => typeof candidate.files?.[name]?.sha256 === 'string',
    )
  );
}

function changed(why: string): Finding {
  return new Finding('tampered', `manifest.json or manifest.sig was changed: ${why}`, {
    file: 'manifest.json',
  });
}
