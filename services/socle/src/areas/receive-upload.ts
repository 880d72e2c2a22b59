import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FastifyRequest } from 'fastify';

/** A form with a file, as it was received. */
export interface Upload {
  /** Fields that stood before the file. */
  readonly fields: Readonly<Record<string, string>>;
  /** The file was larger than what is taken: it is not kept. */
  readonly isTooLarge: boolean;
  /** Undefined when no file was chosen, or it was too large. `name` holds letters, digits, dots, dashes and underscores only. */
  readonly file?: { readonly path: string; readonly name: string };
}

const MOST_FIELDS = 20;

/**
 * Writes the one file of a form into a private folder under `root`, a piece at a time, calls `work`, and removes what `work`
 * left there. `admit` judges the fields before a byte of the file is kept: they must stand before it.
 */
export async function withUpload<T>(
  request: FastifyRequest,
  options: { readonly root: string; readonly maxBytes: number },
  admit: (fields: ReadonlyMap<string, readonly string[]>) => Promise<void>,
  work: (upload: Upload) => Promise<T>,
): Promise<T> {
  const fields = new Map<string, string[]>();
  let folder: string | undefined;
  let file: Upload['file'];
  let isAdmitted = false;
  let isTooLarge = false;
  const once = async (): Promise<void> => {
    if (isAdmitted) return;
    await admit(fields);
    isAdmitted = true;
  };
  try {
    const limits = { files: 1, fields: MOST_FIELDS, fieldSize: 10_000, fileSize: options.maxBytes };
    for await (const part of request.parts({ limits })) {
      if (part.type === 'field') {
        if (!isAdmitted)
          fields.set(part.fieldname, [...(fields.get(part.fieldname) ?? []), String(part.value)]);
        continue;
      }
      await once();
      if (part.filename === '' || part.filename === undefined) {
        part.file.resume();
        continue;
      }
      await mkdir(options.root, { recursive: true, mode: 0o700 });
      folder = await mkdtemp(path.join(options.root, 'receiving-'));
      const name = safeName(part.filename);
      await pipeline(part.file, createWriteStream(path.join(folder, name), { mode: 0o600 }));
      if (part.file.truncated) isTooLarge = true;
      else file = { path: path.join(folder, name), name };
    }
    await once();
    const last = [...fields].map(([name, values]) => [name, values.at(-1) ?? '']);
    return await work({ fields: Object.fromEntries(last), isTooLarge, ...(file ? { file } : {}) });
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** The last part of a name, of plain characters: what was sent never becomes a path. */
function safeName(sent: string): string {
  const base = sent.split(/[\\/]/).at(-1) ?? '';
  const plain = base
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\w.-]+/g, '_')
    .replace(/^\.+/, '')
    .slice(-100);
  return plain === '' ? 'feed' : plain;
}
