import { mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runSocle } from '../support/command-line.ts';
import { findLink, findForm, sendForm, signIn } from '../support/forms.ts';
import { openBrowser, type HttpBrowser, type Page } from '../support/http-browser.ts';
import { launchTerritory, startTerritory, type Territory } from '../support/territory.ts';

const KILLS = 10;
const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function newFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(`/tmp/socle-${prefix}-`);
  folders.push(folder);
  return folder;
}

/** Exports the log and verifies it against the witness file; gives the exported events. */
async function verifyLog(territory: Territory): Promise<string> {
  const out = path.join(await newFolder('export'), 'log');
  const exported = await runSocle(territory.env, ['audit', 'export', '--out', out, '--purpose', 'test']);
  expect(exported.code, exported.stderr).toBe(0);
  const witness = path.join(territory.dataDir, 'witness', 'checkpoints.txt');
  const verified = await runSocle(territory.env, ['audit', 'verify', out, '--witness', witness]);
  expect(verified.code, verified.stdout + verified.stderr).toBe(0);
  return readFile(path.join(out, 'events.ndjson'), 'utf8');
}

describe(`kill -9 of every process, ${KILLS} times in the middle of the first start and its import`, () => {
  it('starts again each time, finishes the import, and the log verifies', async () => {
    const dataDir = await newFolder('import');
    let launched = await launchTerritory({ dataDir });
    for (let kill = 0; kill < KILLS; kill += 1) {
      // spread over the start: before the cluster, in the migrations, in the import, in the accounts
      await launched.waitMs(250 + kill * 450);
      await launched.kill();
      launched = await launchTerritory({ dataDir, ports: launched.ports });
    }
    const territory = await launched.ready();
    const again = await runSocle(territory.env, [
      'import',
      'aaf',
      path.join(dataDir, 'demo', 'aaf'),
      '--json',
    ]);
    expect(again.code, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({
      created: 0,
      changed: 0,
      suspended: 0,
      refused: 0,
      unchanged: 1492,
    });
    const arrived = await signIn(openBrowser(), `${territory.gradesUrl}/`, territory.account('teacher'));
    expect(arrived.status).toBe(200);
    expect(await verifyLog(territory)).toContain('directory.import.completed');
    await territory.stop();
  });
});

describe(`kill -9 of every process, ${KILLS} times while marks are entered`, () => {
  it('keeps every mark that was acknowledged, with its event, and the log verifies', async () => {
    const dataDir = await newFolder('marks');
    let territory = await startTerritory({ dataDir });
    let { browser, sheet } = await openSheet(territory);
    const acknowledged = new Map<string, Entry>();
    let attempts = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const until = new Promise<void>((resolve) => setTimeout(resolve, 150 + kill * 60));
      let running = true;
      const writing = (async () => {
        while (running) {
          attempts += 1;
          sheet = await enterOne(browser, sheet, attempts, acknowledged);
        }
      })().catch(() => {}); // the connection breaks when the server dies: what was not answered was not acknowledged
      await until;
      await territory.kill();
      running = false;
      await writing;
      territory = await startTerritory({ dataDir, ports: territory.ports });
      ({ browser, sheet } = await openSheet(territory, sheet.url));
    }
    expect(acknowledged.size).toBeGreaterThan(KILLS);
    const { fields } = findForm(sheet, /\/marks$/);
    for (const [field, entry] of acknowledged) {
      // what was answered, or what was sent later and committed without its answer getting out
      expect([entry.answered, entry.sent], field).toContain(fields[field]);
    }

    // every version that the module stored has left an event, once
    await expect
      .poll(async () => countEvents(await verifyLog(territory)), { timeout: 60_000, interval: 1_000 })
      .toBeGreaterThanOrEqual(acknowledged.size);
    await territory.stop();
  });
});

/** The last value of a cell that the server answered, and the last that was sent. */
interface Entry {
  readonly answered: string;
  readonly sent: string;
}

/** How many events of entered marks an export holds; each must be there once. */
function countEvents(exported: string): number {
  const entered = exported
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { payload: { id: string; action: string } })
    .filter(({ payload }) => payload.action === 'grades.mark.entered')
    .map(({ payload }) => payload.id);
  expect(new Set(entered).size).toBe(entered.length);
  return entered.length;
}

/** A sheet of a new draft, or the sheet at `url` again. */
async function openSheet(territory: Territory, url?: string): Promise<{ browser: HttpBrowser; sheet: Page }> {
  const browser = openBrowser();
  const home = await signIn(browser, `${territory.gradesUrl}/`, territory.account('teacher'));
  if (url) return { browser, sheet: await browser.get(url) };
  const book = await browser.get(findLink(home, /^4EME A/));
  const form = await browser.get(findLink(book, /Créer une évaluation/));
  return { browser, sheet: await sendForm(browser, form, /^\/assessments$/, { title: 'Essai' }) };
}

/** Enters the next mark; remembers it once the server has answered. */
async function enterOne(
  browser: HttpBrowser,
  sheet: Page,
  attempt: number,
  acknowledged: Map<string, Entry>,
): Promise<Page> {
  const fields = Object.keys(findForm(sheet, /\/marks$/).fields).filter((name) => name.startsWith('mark.'));
  const field = fields[attempt % fields.length]!;
  const value = String(1 + (attempt % 19));
  const known = acknowledged.get(field);
  if (known) acknowledged.set(field, { ...known, sent: value });
  const answer = await sendForm(browser, sheet, /\/marks$/, { [field]: value });
  expect(answer.status).toBe(200);
  acknowledged.set(field, { answered: value, sent: value });
  return answer;
}
