import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { isSocleError } from '@socle/base';
import type { Identity } from '@socle/identity';

/** What became of the lines. */
export interface HashesImported {
  readonly imported: number;
  /** Lines by number, and why they were left out. */
  readonly refused: readonly { readonly line: number; readonly why: 'form' | 'account' | 'hash' }[];
}

const line = z.strictObject({ login: z.string().min(1).max(128), hash: z.string().min(1).max(512) });

/** Imports one JSON object a line, `{"login": …, "hash": …}`; a line that does not fit is left out and counted. */
export async function importHashes(
  identity: Identity,
  from: string | undefined,
  by: Parameters<Identity['accounts']['importHash']>[2],
): Promise<HashesImported> {
  const input = from === undefined ? process.stdin : createReadStream(from, 'utf8');
  const refused: { line: number; why: 'form' | 'account' | 'hash' }[] = [];
  let number = 0;
  let imported = 0;
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    number += 1;
    if (text.trim() === '') continue;
    const why = await importLine(identity, text, by);
    if (why) refused.push({ line: number, why });
    else imported += 1;
  }
  return { imported, refused };
}

async function importLine(
  { accounts }: Identity,
  text: string,
  by: Parameters<Identity['accounts']['importHash']>[2],
): Promise<'form' | 'account' | 'hash' | undefined> {
  const parsed = line.safeParse(parseJson(text));
  if (!parsed.success) return 'form';
  const account = await accounts.find({ login: parsed.data.login });
  if (!account) return 'account';
  try {
    await accounts.importHash(account.id, parsed.data.hash, by);
    return undefined;
  } catch (error) {
    if (isSocleError(error) && error.code === 'password_refused') return 'hash';
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
