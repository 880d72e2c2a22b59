import { readFile, readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderConfigurationPage } from '../../scripts/configuration-page.ts';

const read = (file: string) => readFile(file, 'utf8');

async function folders(top: string): Promise<string[]> {
  return (await readdir(top)).map((name) => `${top}/${name}`);
}

const rooms = [...(await folders('packages')), ...(await folders('services'))];

describe('docs/configuration.md', () => {
  it('is what the configuration schema generates (npm run docs)', async () => {
    expect(await read('docs/configuration.md')).toBe(renderConfigurationPage());
  });
});

describe('docs/errors.md', () => {
  it('lists every code that the packages and services can raise, and no other', async () => {
    const raised: string[] = [];
    for (const room of rooms) {
      const file = `${room}/src/errors.ts`;
      if (!existsSync(file)) continue;
      const unions = [...(await read(file)).matchAll(/export type \w*Code =([^;]+);/g)].map(
        (match) => match[1]!,
      );
      raised.push(
        ...unions.flatMap((union) => [...union.matchAll(/'([a-z_.]+)'/g)].map((match) => match[1]!)),
      );
    }
    const listed = [...(await read('docs/errors.md')).matchAll(/^\| `([a-z_.]+)` \|/gm)].map(
      (match) => match[1]!,
    );
    expect(raised.length).toBeGreaterThan(20);
    expect(listed.toSorted()).toEqual([...new Set(raised)].toSorted());
  });

  it('gives a remedy for each code', async () => {
    const rows = [...(await read('docs/errors.md')).matchAll(/^\| `[a-z_.]+` \| (.*?) \| (.*?) \|$/gm)];
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) expect(row[2]!.length, row[0]).toBeGreaterThan(15);
  });
});

describe('the threat model', () => {
  it('names for each threat a test that exists, and for each attack test a threat', async () => {
    const pages = (await readdir('threat-model')).filter(
      (name) => name.endsWith('.md') && name !== 'README.md',
    );
    const rows = (
      await Promise.all(
        pages.map(async (page) =>
          [...(await read(`threat-model/${page}`)).matchAll(/^\| (T-[A-Z]+-\d+) \|(.*)\|$/gm)].map(
            (match) => ({
              id: match[1]!,
              cells: match[2]!,
            }),
          ),
        ),
      )
    ).flat();
    expect(rows.length).toBeGreaterThan(20);
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
    const missing = rows.flatMap(({ id, cells }) => {
      const files = [...cells.matchAll(/`((?:packages|services|test|policies|bench)\/[^`]+)`/g)].map(
        (match) => match[1]!,
      );
      if (files.length === 0) return [`${id} names no test`];
      return files
        .filter((file) => !existsSync(file))
        .map((file) => `${id} names ${file}, which does not exist`);
    });
    expect(missing).toEqual([]);
    const attacks = (await readdir('test/attacks')).filter((name) => name.endsWith('.test.ts'));
    expect(attacks.length).toBeGreaterThan(10);
    const known = new Set(rows.map((row) => row.id));
    const orphans = attacks.filter((name) => !known.has(/^(T-[A-Z]+-\d+)/.exec(name)?.[1] ?? ''));
    expect(orphans).toEqual([]);
  });
});

describe('the README of each package', () => {
  const heads = ['What it guarantees', 'What it does not', 'Use', 'Files', 'Threats it answers'];
  it.each(rooms.filter((room) => room.startsWith('packages/')))(
    '%s has the five heads in order',
    async (room) => {
      const found = [...(await read(`${room}/README.md`)).matchAll(/^## (.+)$/gm)].map((match) => match[1]!);
      expect(found.filter((head) => heads.includes(head))).toEqual(heads);
    },
  );
});

describe('README.md', () => {
  it('shows the module of docs/examples as it is, and links to files that exist', async () => {
    const readme = await read('README.md');
    expect(readme).toContain(`\`\`\`ts\n${await read('docs/examples/module.ts')}\`\`\``);
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1]!);
    expect(links.length).toBeGreaterThan(8);
    expect(links.filter((link) => !existsSync(link))).toEqual([]);
  });
});
