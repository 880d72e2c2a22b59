import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { joinEmbeddedServer, provisionDatabase } from '@socle/db';
import { runSocle } from '../support/command-line.ts';
import { mainText, signIn } from '../support/forms.ts';
import { openBrowser } from '../support/http-browser.ts';
import { joinTerritory } from '../support/running-territory.ts';
import { findFreePort } from '../support/territory.ts';

const territory = joinTerritory();

describe('the module of the README, by a stranger who follows it', () => {
  let folder: string;
  let url: string;
  let child: ChildProcess;

  beforeAll(async () => {
    folder = await mkdtemp('/tmp/socle-module-');
    const port = await findFreePort();
    url = `http://localhost:${port}`;
    const keyFile = path.join(folder, 'key.json');
    const key = await runSocle(territory.env, ['client', 'key', keyFile]);
    expect(key.code, key.stderr).toBe(0);
    expect(key.stdout).not.toContain('"d"');
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    const text = (await readFile('docs/examples/module.json', 'utf8')).replaceAll(
      'http://localhost:3009',
      url,
    );
    const document = JSON.parse(text) as { client: Record<string, unknown> };
    Object.assign(document.client, JSON.parse(key.stdout));
    const file = path.join(folder, 'module.json');
    await writeFile(file, JSON.stringify(document));
    const registered = await runSocle(territory.env, ['client', 'register', file]);
    expect(registered.code, registered.stderr).toBe(0);

    const server = (await joinEmbeddedServer(path.join(territory.dataDir, 'postgres')))!;
    const logins = await provisionDatabase({
      adminUrl: server.adminUrl,
      name: 'lists',
      password: server.password,
    });
    child = spawn(process.execPath, ['docs/examples/module.ts'], {
      env: {
        PATH: process.env.PATH,
        SOCLE_ISSUER: territory.issuer,
        LISTS_PORT: String(port),
        LISTS_DATABASE_URL: logins.app,
        LISTS_MIGRATOR_URL: logins.migrator,
        LISTS_CLIENT_KEY_FILE: keyFile,
        LISTS_LOG_LEVEL: 'error',
      },
      stdio: 'inherit',
    });
    await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).ok).toBe(true), {
      timeout: 20_000,
      interval: 100,
    });
  });
  afterAll(async () => {
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await exited;
    await runSocle(territory.env, ['client', 'remove', 'lists']);
    await rm(folder, { recursive: true, force: true });
  });

  it('shows a teacher her class, and a parent nothing of it', async () => {
    const teacher = await signIn(openBrowser(), `${url}/`, territory.account('raphaelle.noailles'));
    expect(teacher.status).toBe(200);
    expect(mainText(teacher).length).toBeGreaterThan(200);
    const parent = await signIn(openBrowser(), `${url}/`, territory.account('helene.aubree'));
    expect(mainText(parent)).toBe('Hélène Aubrée');
  });

  it('has its tile on the portal of those it is for', async () => {
    const portal = async (username: string) =>
      mainText(await signIn(openBrowser(), `${territory.issuer}/`, territory.account(username)));
    expect(await portal('raphaelle.noailles')).toContain('La liste de votre classe.');
    expect(await portal('helene.aubree')).not.toContain('La liste de votre classe.');
  });

  it('leaves its event in the log of a socle that was running before it was registered', async () => {
    const out = path.join(folder, 'log');
    await expect
      .poll(
        async () => {
          await rm(out, { recursive: true, force: true });
          await runSocle(territory.env, ['audit', 'export', '--out', out, '--purpose', 'test']);
          return (await readFile(path.join(out, 'events.ndjson'), 'utf8')).includes('lists.class.read');
        },
        { timeout: 20_000, interval: 1_000 },
      )
      .toBe(true);
  });
});
