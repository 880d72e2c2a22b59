import { randomInt } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** One line of `var/demo-accounts.json`. */
export interface DemoAccountLine {
  readonly username: string;
  readonly password: string;
  readonly role: string;
  /** Name of the school, or null for people of the academy. */
  readonly school: string | null;
  readonly displayName: string;
  readonly note: string;
  /** What the badge's QR code holds, for a young pupil: `/sign-in/badge#<badge>`. */
  readonly badge?: string;
  /** What is typed where there is no camera. */
  readonly badgeCode?: string;
  /** The four pictures, in order. */
  readonly pictures?: readonly string[];
  /** Base32, for those whose sign-in asks for a code. */
  readonly totpSecret?: string;
}

// Nothing that looks like something else; 16 symbols of 30 are 78 bits.
const SYMBOLS = 'abcdefghjkmnpqrstuvwxyz2345678';
const GROUPS = 4;
const GROUP_LENGTH = 4;

/** A random password that can be read aloud: four groups of four. */
export function inventPassword(): string {
  return Array.from({ length: GROUPS }, () =>
    Array.from({ length: GROUP_LENGTH }, () => SYMBOLS[randomInt(SYMBOLS.length)]).join(''),
  ).join('-');
}

type DemoSecrets = Pick<DemoAccountLine, 'password' | 'totpSecret' | 'badge' | 'badgeCode' | 'pictures'>;

/** What an earlier start invented, by username; empty the first time. */
export async function loadSecrets(file: string): Promise<Map<string, DemoSecrets>> {
  const text = await readFile(file, 'utf8').catch(() => '[]');
  const lines = JSON.parse(text) as readonly Partial<DemoAccountLine>[];
  return new Map(
    lines.flatMap(({ username, password, totpSecret, badge, badgeCode, pictures }) =>
      username && password
        ? [
            [
              username,
              {
                password,
                ...(totpSecret && { totpSecret }),
                ...(badge && badgeCode && pictures && { badge, badgeCode, pictures }),
              },
            ],
          ]
        : [],
    ),
  );
}

/** Writes the accounts so that a reader sees the old file or the new one, never half of it; readable by its owner alone. */
export async function saveAccountLines(file: string, lines: readonly DemoAccountLine[]): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.new`;
  await writeFile(draft, `${JSON.stringify(lines, null, 2)}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, file);
}
