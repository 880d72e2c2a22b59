import { describe, expect, it } from 'vitest';
import { openCosignature, openNote, openSharedNote, parseKey, SIGNATURE_TYPES } from './signed-note.ts';

// A checkpoint of a public log with the cosignatures of public witnesses, as they published it in May 2026.
const NOTE = `arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

\u2014 arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
\u2014 arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
\u2014 transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
\u2014 remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
`;
const LOG = 'arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f';
const WITNESS = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2';

describe('C2SP tlog-cosignature, on a checkpoint of the public witness network', () => {
  const log = parseKey(LOG)!;
  const witness = parseKey(WITNESS, SIGNATURE_TYPES.witness)!;

  it('verifies the log’s signature among those of others', () => {
    expect(openSharedNote(NOTE, [log])).toBe(NOTE.slice(0, NOTE.lastIndexOf('\n\n') + 1));
    // what an export holds must bear one signature and no other
    expect(openNote(NOTE, log)).toBeUndefined();
  });

  it('verifies the witness’s cosignature and reads its time', () => {
    expect(new Date(openCosignature(NOTE, witness)! * 1000).toISOString()).toMatch(/^2026-05-2\d/);
  });

  it('finds every changed character of the text and of the two lines', () => {
    const lines = NOTE.split('\n');
    let changes = 0;
    for (const index of [0, 1, 2, 5, 7]) {
      for (let at = 0; at < lines[index]!.length; at += 1) {
        const line = lines[index]!;
        const other = line[at] === 'A' ? 'B' : 'A';
        const changed = lines.with(index, line.slice(0, at) + other + line.slice(at + 1)).join('\n');
        const accepted = [openSharedNote(changed, [log]), openCosignature(changed, witness)];
        if (index < 3) expect(accepted).toEqual([undefined, undefined]);
        else expect(accepted[index === 5 ? 0 : 1]).toBeUndefined();
        changes += 1;
      }
    }
    expect(changes).toBeGreaterThan(300);
  });

  it('takes no key for one of another type, and no note without a signature of its keys', () => {
    expect(parseKey(WITNESS)).toBeUndefined();
    expect(parseKey(LOG, SIGNATURE_TYPES.witness)).toBeUndefined();
    expect(openSharedNote(NOTE, [])).toBeUndefined();
    const unsigned = NOTE.split('\n')
      .filter((line) => !line.includes('remora'))
      .join('\n');
    expect(openCosignature(unsigned, witness)).toBeUndefined();
    expect(openSharedNote('text\n\n\n', [log])).toBeUndefined();
  });
});
