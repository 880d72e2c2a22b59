import { spawnSync } from 'node:child_process';
import { cp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  makeWitness,
  openAnchors,
  openWitness,
  redactEvent,
  serveWitness,
  signNote,
  verifyExport,
} from '@socle/audit';
import { buildTestSigner, openTestLog, TEST_ORIGIN, type TestLog } from '@socle/audit/testing';
import type { PersonId } from '@socle/base';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderVerifierPage } from '../../scripts/verifier-page.ts';
import { runAxe } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';
import { setup } from '../support/postgres-server.ts';

const PAGE = path.resolve('packages/audit/assets/verifier.html');
interface Given {
  vkey?: string;
  witness?: string;
  witnessKeys?: string[];
}

const PUPIL = '018f3c1e-7a00-7000-8000-00000000000b';

describe('the verifier as a page', () => {
  let log: TestLog;
  let browser: Browser;
  let page: Page;
  let folder: string;
  let stopServer: () => Promise<void>;
  const complaints: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    stopServer = await setup();
    log = await openTestLog();
    await log.append({}, { outcome: 'denied', reason: 'rule.3' }, { purpose: 'Suivi « Élise »' }, {}, {});
    folder = await log.export();
    browser = await launchChromium();
    const context = await browser.newContext({ locale: 'fr-FR' });
    page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(PAGE).href);
  });
  afterAll(async () => {
    await browser.close();
    await log.close();
    await stopServer();
  });

  /** Chooses the folder (or zip), key and witness, and reads what the page says. */
  async function judge(chosen: string, given: Given) {
    await page.reload();
    await page.setInputFiles(chosen.endsWith('.zip') ? '#zip' : '#folder', chosen);
    if (given.vkey !== undefined) await page.fill('#vkey', given.vkey);
    if (given.witness !== undefined) await page.setInputFiles('#witness', given.witness);
    if (given.witnessKeys?.[0] !== undefined) await page.fill('#witness-key', given.witnessKeys[0]);
    await page.click('button[type=submit]');
    await page.waitForSelector('#verdict:not([hidden])');
    const text = (id: string) => page.locator(`#${id}`).innerText();
    return { word: await text('word'), finding: await text('finding') };
  }

  /** The page must say what the command line says, word for word. */
  async function expectAgreement(chosen: string, given: Given): Promise<string> {
    const cli = verifyExport(chosen, given);
    const finding = cli.finding + (cli.file === undefined ? '' : ` (${cli.file})`);
    expect(await judge(chosen, given)).toEqual({ word: cli.word, finding });
    return cli.word;
  }

  const trusted = () => ({ vkey: log.signer.verifierKey, witness: log.witnessFile });

  it('is what its parts generate (npm run docs)', async () => {
    expect(await readFile(PAGE, 'utf8')).toBe(await renderVerifierPage());
  });

  it('says ok with key and witness, unanchored without, in the words of the command line', async () => {
    expect(await expectAgreement(folder, trusted())).toBe('ok');
    expect(await expectAgreement(folder, { vkey: log.signer.verifierKey })).toBe('unanchored');
    expect(await expectAgreement(folder, {})).toBe('unanchored');
    expect(await page.locator('#said').innerText()).toContain('aucun témoin');
  });

  it('finds the same damage in the same words', async () => {
    const damages: [string, (text: string) => string][] = [
      ['events.ndjson', (text) => text.replace('"reason":"rule.3"', '"reason":"rule.4"')],
      [
        'events.ndjson',
        (text) => text.replace('"outcome":"denied"},"payload"', '"outcome":"success"},"payload"'),
      ],
      ['events.ndjson', (text) => text.split('\n').toSpliced(2, 1).join('\n')],
      ['events.ndjson', (text) => `${text.split('\n').slice(0, 3).join('\n')}\n`],
      ['events.ndjson', (text) => text.replace('{"leaf":0', '{"leaf":1')],
      ['events.ndjson', (text) => text.replace('{"leaf":4', '{"leaf":9')],
      ['events.ndjson', (text) => text.replace('{"leaf":4', '["leaf":4')],
      ['manifest.json', (text) => text.replace('Contrôle', 'Controle')],
      ['manifest.json', (text) => text.replace('export/1', 'export/2')],
      ['checkpoint', (text) => text.replace('\n5\n', '\n4\n')],
      ['leaves.bin', (text) => text.slice(0, 96)],
    ];
    const words = new Set<string>();
    for (const [index, [name, change]] of damages.entries()) {
      const copy = log.path(`damage-${index}`);
      await cp(folder, copy, { recursive: true });
      const encoding = name === 'leaves.bin' ? 'latin1' : 'utf8';
      const text = await readFile(`${copy}/${name}`, encoding);
      expect(change(text), `${index}`).not.toBe(text);
      await writeFile(`${copy}/${name}`, change(text), encoding);
      words.add(await expectAgreement(copy, trusted()));
    }
    expect([...words].sort()).toEqual(['tampered', 'truncated', 'unverifiable']);
    const lacking = log.path('lacking');
    await cp(folder, lacking, { recursive: true });
    await rm(`${lacking}/manifest.sig`);
    expect(await expectAgreement(lacking, trusted())).toBe('unverifiable');
    expect(await expectAgreement(folder, { vkey: 'nonsense' })).toBe('unverifiable');
  });

  it('believes cosignatures, and follows a change of key, as the command line does', async () => {
    const witnessFolder = log.path('witness');
    const witnessKey = await makeWitness(witnessFolder, 'temoin.exemple.fr/w1');
    const witness = await openWitness({
      folder: witnessFolder,
      logs: [log.signer.verifierKey],
      clock: log.clock,
    });
    const server = await serveWitness({ witness, host: '127.0.0.1', port: 0 });
    const anchors = openAnchors({
      url: log.test.url('sequencer'),
      clock: log.clock,
      witnesses: [{ verifierKey: witnessKey, url: server.url }],
    });
    await anchors.flush();
    await anchors.close();
    await server.close();
    const cosigned = await log.export();
    const { vkey } = trusted();
    expect(await expectAgreement(cosigned, { vkey, witnessKeys: [witnessKey] })).toBe('ok');
    expect(await expectAgreement(cosigned, { vkey, witnessKeys: [vkey] })).toBe('unverifiable');
    const copy = log.path('cosigned-damaged');
    await cp(cosigned, copy, { recursive: true });
    const text = await readFile(`${copy}/cosigned.ndjson`, 'utf8');
    await writeFile(`${copy}/cosigned.ndjson`, text.replace('temoin', 'temoim'));
    expect(await expectAgreement(copy, { vkey, witnessKeys: [witnessKey] })).toBe('tampered');

    const next = buildTestSigner();
    const statement = `socle-audit-succession/1\n${TEST_ORIGIN}\n${vkey}\n${next.verifierKey}\n2026-11-23T10:00:00.000Z\n`;
    const both = signNote(statement, log.signer) + signNote(statement, next).slice(statement.length + 1);
    const rotated = await log.export({ keys: { ...next, successions: [both] } });
    expect(await expectAgreement(rotated, trusted())).toBe('ok');
    const alone = await log.export({ keys: { ...next, successions: [signNote(statement, next)] } });
    expect(await expectAgreement(alone, trusted())).toBe('tampered');
  });

  it('tells forks, redactions, masks and other forms as the command line does', async () => {
    const fork = signNote(`${TEST_ORIGIN}\n3\n${Buffer.alloc(32).toString('base64')}\n`, log.signer);
    const witness = log.path('forked-witness');
    await writeFile(witness, `${JSON.stringify({ at: '2026-11-23T10:00:00.000Z', note: fork })}\n`);
    expect(await expectAgreement(folder, { ...trusted(), witness })).toBe('forked');
    const later = signNote(`${TEST_ORIGIN}\n99\n${Buffer.alloc(32).toString('base64')}\n`, log.signer);
    await writeFile(witness, `${JSON.stringify({ at: '2026-11-23T09:00:00.000Z', note: later })}\n`);
    expect(await expectAgreement(folder, { ...trusted(), witness })).toBe('truncated');
    const masked = await log.export({ person: PUPIL, maskOthers: true });
    expect(await expectAgreement(masked, trusted())).toBe('redacted');
    const csv = await log.export({ format: 'csv' });
    expect(await expectAgreement(csv, trusted())).toBe('unverifiable');
    const [event] = await log.append({});
    const people = {
      requester: '018f3c1e-7a00-7000-8000-0000000000c1' as PersonId,
      approver: '018f3c1e-7a00-7000-8000-0000000000c2' as PersonId,
    };
    await redactEvent({
      database: log.test.app,
      audit: log.audit,
      controller: 'academie-99',
      eventId: event!,
      reason: 'court-order',
      ...people,
    });
    expect(await expectAgreement(await log.export(), trusted())).toBe('redacted');
  });

  it('reads a zip, deflated or stored', async () => {
    for (const level of [0, 9]) {
      const zip = log.path(`export-${level}.zip`);
      const script = `import sys, zipfile, os
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED if int(sys.argv[3]) else zipfile.ZIP_STORED) as z:
  [z.write(os.path.join(sys.argv[2], n), 'export/' + n) for n in os.listdir(sys.argv[2])]`;
      const made = spawnSync('python3', ['-c', script, zip, folder, String(level)], { encoding: 'utf8' });
      expect(made.status, made.stderr).toBe(0);
      expect((await judge(zip, trusted())).word).toBe('ok');
    }
    await writeFile(log.path('no.zip'), 'PK');
    expect((await judge(log.path('no.zip'), {})).word).toBe('unverifiable');
  });

  it('asks the network for nothing, breaks no rule of its own policy, and is accessible', async () => {
    expect((await readdir(folder)).length).toBe(5);
    expect(requests.filter((url) => !url.startsWith('file:') && !url.startsWith('blob:'))).toEqual([]);
    expect(requests.length).toBeGreaterThan(1);
    const refused = await page.evaluate(() =>
      fetch('https://example.org/').then(
        () => 'sent',
        () => 'refused',
      ),
    );
    expect(refused).toBe('refused');
    expect(complaints.filter((text) => !text.includes('example.org'))).toEqual([]);
    const { violations } = await runAxe(page);
    expect(violations.map(({ id }) => id)).toEqual([]);
  });
});
