import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '@socle/base';
import { runSocle } from '../support/command-line.ts';
import { findLink, mainText, signIn } from '../support/forms.ts';
import { openBrowser } from '../support/http-browser.ts';
import { openStolenDatabase, takeOverGrades, type KeyHolder } from '../support/module-caller.ts';
import { joinTerritory } from '../support/running-territory.ts';

const territory = joinTerritory();

describe('T-SVC-02 events that a taken-over module forges', () => {
  let grades: KeyHolder;
  let teacher: string;
  let school: string;
  let division: string;

  beforeAll(async () => {
    grades = await takeOverGrades(territory);
    const browser = openBrowser();
    const home = await signIn(browser, `${territory.gradesUrl}/`, territory.account('raphaelle.noailles'));
    expect(mainText(home)).toContain('4EME A');
    // the module knows its reader's subject; the page of a class does not show it, the socle's answer to the module does
    division = /classes\/([0-9a-f-]{36})/.exec(findLink(home, /^4EME A/))![1]!;
    ({ teacher, school } = await findTeacher());
  });

  /** A subject is known to whoever reads the module's database: here it is found in the module's own session. */
  async function findTeacher(): Promise<{ teacher: string; school: string }> {
    const database = await openStolenDatabase(territory);
    const rows = await database.query<{ sub: string }>('SELECT DISTINCT sub FROM client.sessions');
    await database.close();
    for (const { sub } of rows) {
      const answer = await grades.call('GET', `/modules/v1/people/${sub}`);
      const person = answer.body as { teaches?: { division: { id: string; school: string } }[] };
      const taught = person.teaches?.find((entry) => entry.division.id === division);
      if (taught) return { teacher: sub, school: taught.division.school };
    }
    throw new Error('the teacher has no session');
  }

  const event = (changes: Record<string, unknown> = {}) => ({
    id: uuidv7(),
    at: new Date().toISOString(),
    actor: { kind: 'person', id: teacher },
    action: 'grades.assessment.created',
    outcome: 'success',
    school,
    detail: {},
    ...changes,
  });

  const readOfAClass = () => ({
    action: 'grades.class.read',
    target: { kind: 'division', id: division },
    detail: { marks: 3 },
  });

  async function send(
    ...events: unknown[]
  ): Promise<{ accepted: string[]; refused: { id: string; why: string }[] }> {
    const answer = await grades.call('POST', '/audit/v1/events', { events });
    expect(answer.status).toBe(200);
    return answer.body as unknown as { accepted: string[]; refused: { id: string; why: string }[] };
  }

  it.each([
    ['an action of another module', { action: 'identity.session.started' }],
    ['an action whose name only begins like its own', { action: 'gradesX.mark.entered' }],
    ['an undeclared action', { action: 'grades.mark.forged' }],
    ['a person whom it does not know', { actor: { kind: 'person', id: 'someone' } }],
    ['the system', { actor: { kind: 'client', id: 'socle' } }],
    ['a school that does not exist', { school: uuidv7() }],
    ['a detail that the action does not allow', { detail: { note: 'Zoé a triché' } }],
    ['an id that is no UUID', { id: 'first' }],
    ['a member that the form does not have', { controller: uuidv7() }],
  ])('refuses %s', async (_what, changes) => {
    const answer = await send(event(changes));
    expect(answer.accepted).toEqual([]);
    expect(answer.refused).toHaveLength(1);
    expect(JSON.stringify(answer)).not.toContain('triché');
  });

  it('takes a well-formed event of its own once, however often it is sent, among refused ones', async () => {
    const good = event(readOfAClass());
    const stranger = event({ ...readOfAClass(), action: 'audit.log.exported' });
    expect(await send(stranger, good)).toMatchObject({ accepted: [good.id], refused: [{ id: stranger.id }] });
    expect(await send(good, good)).toEqual({ accepted: [good.id, good.id], refused: [] });
    const folder = await mkdtemp('/tmp/socle-export-');
    const out = `${folder}/log`;
    await expect
      .poll(
        async () => {
          await rm(out, { recursive: true, force: true });
          await runSocle(territory.env, ['audit', 'export', '--out', out, '--purpose', 'test']);
          const events = await readFile(`${out}/events.ndjson`, 'utf8');
          return events.split('\n').filter((line) => line.includes(`"id":"${good.id}","outcome"`)).length;
        },
        { timeout: 20_000, interval: 500 },
      )
      .toBe(1);
    await rm(folder, { recursive: true });
  });

  it('refuses a body that is no list of events, and a list of 101', async () => {
    for (const body of [
      {},
      { events: [] },
      { events: 'x' },
      { events: Array.from({ length: 101 }, () => ({})) },
    ]) {
      expect((await grades.call('POST', '/audit/v1/events', body)).status).toBe(400);
    }
  });
});
