import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ActionDefinition, ActionDefinitions } from '@socle/audit';

const REPOSITORY = path.resolve(import.meta.dirname, '..');

const HEAD = `# Events of the audit log

Generated from the code by \`npm run docs\`; do not edit. An event may hold what stands here and nothing more: the members
of its detail are a closed list, and their kinds have no free text.

Classes: **A** sensitive: no event, no act · **B** security: waits while the log is away · **C** usage.
Kinds of detail: \`id\` a thing's UUID · \`person\` a person, stored as a pseudonym · \`code\`, \`codes\` short identifiers · \`integer\`,
\`number\`, \`boolean\` · \`instant\`, \`day\` in UTC · \`digest\` a SHA-256. A name with \`?\` may be missing.
`;

/** One room of the house and the actions that it declares. */
interface Catalogue {
  /** The file that declares them, from the repository's root. */
  readonly source: string;
  readonly actions: ActionDefinitions;
}

/**
 * Renders docs/events.md: every action that a package or a service declares with \`defineActions\`, and every action of a
 * module's registration document.
 *
 * @throws Error when two rooms declare one action, or a file that calls \`defineActions\` exports no \`…Actions\`.
 */
export async function renderEventsPage(): Promise<string> {
  const catalogues = await loadCatalogues();
  const names = catalogues.flatMap(({ actions }) => Object.keys(actions));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`the audit action ${twice} is declared twice`);
  return `${HEAD}\n${catalogues.map(renderCatalogue).join('\n')}`;
}

function renderCatalogue({ source, actions }: Catalogue): string {
  const rows = Object.entries(actions)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, definition]) => renderRow(name, definition));
  return `## ${source}

| action | class | en | fr | detail |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

function renderRow(name: string, { class: eventClass, title, detail }: ActionDefinition): string {
  const members = Object.entries(detail).map(([member, kind]) => `\`${member}\` ${kind}`);
  return `| \`${name}\` | ${eventClass} | ${escapeCell(title.en)} | ${escapeCell(title.fr)} | ${members.join(', ') || '–'} |`;
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}

async function loadCatalogues(): Promise<Catalogue[]> {
  const catalogues: Catalogue[] = [];
  for (const top of ['packages', 'services']) {
    for (const room of (await readdir(path.join(REPOSITORY, top))).toSorted()) {
      catalogues.push(...(await loadRoom(`${top}/${room}`)));
    }
  }
  return catalogues;
}

async function loadRoom(room: string): Promise<Catalogue[]> {
  const document = `${room}/module.json`;
  if (existsSync(path.join(REPOSITORY, document))) {
    const { module } = JSON.parse(await readFile(path.join(REPOSITORY, document), 'utf8')) as {
      module: { actions: ActionDefinitions };
    };
    return [{ source: document, actions: module.actions }];
  }
  const catalogues: Catalogue[] = [];
  for (const file of (await listSources(`${room}/src`)).toSorted()) {
    const text = await readFile(path.join(REPOSITORY, file), 'utf8');
    if (!/= defineActions\(/.test(text)) continue;
    const exported = (await import(path.join(REPOSITORY, file))) as Readonly<Record<string, unknown>>;
    const found = Object.entries(exported).filter(([name]) => name.endsWith('Actions'));
    if (found.length === 0) throw new Error(`${file} declares audit actions and exports none`);
    for (const [, actions] of found) catalogues.push({ source: file, actions: actions as ActionDefinitions });
  }
  return catalogues;
}

/** Source files of a room, without tests and what exists for tests only. */
async function listSources(folder: string): Promise<string[]> {
  const entries = await readdir(path.join(REPOSITORY, folder), {
    recursive: true,
    withFileTypes: true,
  }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && /(?<!\.test)\.ts$/.test(entry.name))
    .map((entry) => path.relative(REPOSITORY, path.join(entry.parentPath, entry.name)))
    .filter((file) => !/\/testing[./]/.test(file));
}
