import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';

const FOLDER = path.resolve(import.meta.dirname, '../packages/audit/browser');
/** In the order in which one needs the other. */
const PARTS = ['finding.ts', 'bytes.ts', 'notes.ts', 'line.ts', 'verify.ts', 'zip.ts', 'page.ts'];

/**
 * The text of packages/audit/assets/verifier.html: the parts of packages/audit/browser in one file, whose content security
 * policy lets nothing else run and nothing be sent.
 */
export async function renderVerifierPage(): Promise<string> {
  const read = (name: string) => readFile(path.join(FOLDER, name), 'utf8');
  const parts = await Promise.all(PARTS.map(async (name) => joinable(await read(name))));
  const script = `\n${parts.join('\n')}\n`;
  const style = `\n${await read('page.css')}`;
  const filled = { script, style, 'script-hash': digest(script), 'style-hash': digest(style) };
  return (await read('page.html')).replaceAll(
    /\{\{([a-z-]+)\}\}/g,
    (_, name: keyof typeof filled) => filled[name],
  );
}

/** JavaScript without imports and exports: all parts share one module. */
function joinable(source: string): string {
  const withoutImports = source.replaceAll(/^import [^;]*;\n/gm, '').replaceAll(/^export /gm, '');
  return stripTypeScriptTypes(withoutImports)
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
