import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findForm, findLink, mainText, sendForm } from '../support/forms.ts';
import { openBrowser } from '../support/http-browser.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';
import { loadLoggedEvents } from '../support/logged-events.ts';

describe('/school/accounts, where teachers help the pupils of their classes', () => {
  let under: SocleUnderTest;
  let teacher: TestPerson;
  let pupil: TestPerson;
  beforeAll(async () => {
    under = await openSocleUnderTest();
    teacher = await under.add({ givenName: 'Hélène', school: under.phare, teaches: true });
    pupil = await under.add({ givenName: 'Noé', school: under.phare, isPupil: true });
    await under.socle.database.transaction(
      async (tx) => {
        const { createPerson, grantRole, joinDivision } = await import('@socle/directory');
        for (const [givenName, familyName] of [
          ['Zoé', 'Œrsted'],
          ['Maël', 'Château-Gaillard'],
        ] as const) {
          const context = under.context();
          const id = await createPerson(
            tx,
            { givenName, familyName, controller: under.phare.controller },
            context,
          );
          await grantRole(
            tx,
            { person: id, role: 'pupil', domain: { school: under.phare.id }, reason: 'test' },
            context,
          );
          await joinDivision(tx, { person: id, division: under.phare.division }, context);
        }
      },
      { scope: 'all' },
    );
  });
  afterAll(() => under.close());

  const openClass = async (person: TestPerson) => {
    const browser = await under.signIn(person, '/school/accounts');
    const list = await browser.follow(await browser.get(`${under.issuer}/school/accounts`));
    return { browser, page: await browser.get(findLink(list, /4A/)) };
  };
  const post = async (
    { browser, page }: Awaited<ReturnType<typeof openClass>>,
    action: RegExp,
    fields: Record<string, string> = {},
  ) => {
    const form = findForm(page, action);
    return browser.post(form.action, { ...form.fields, ...fields }, { origin: under.issuer });
  };

  it('tells a CPE that no account is theirs to look after, and whom to ask', async () => {
    const cpe = await under.add({ givenName: 'Sophie', school: under.phare, roles: ['cpe'] });
    const browser = await under.signIn(cpe);
    const page = await browser.get(`${under.issuer}/school/accounts`);
    expect(page.status).toBe(403);
    expect(mainText(page)).toContain('demandez à l’administrateur');
  });

  it('shows the class with who is still to choose a password', async () => {
    const { page } = await openClass(teacher);
    const text = mainText(page);
    expect(text).toContain('3 élèves · Collège Le Phare');
    expect(text).toContain('Zoé Œrsted');
    expect(text.match(/À activer/g)).toHaveLength(2);
    expect(text.match(/Activé/g)).toHaveLength(1);
  });

  it('prints a page with one sheet for each pupil without a password, whose code works', async () => {
    const opened = await openClass(teacher);
    const printed = await post(opened, /sheets$/, { format: 'page' });
    expect(printed.status).toBe(200);
    expect(printed.headers.get('cache-control')).toBe('no-store');
    const codes = [...printed.text.matchAll(/>([0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5})</g)].map(
      ([, code]) => code,
    );
    expect(codes).toHaveLength(2);
    expect(mainText(printed)).toContain('zoe.oersted');
    const child = openBrowser();
    const asked = await child.follow(await child.get(`${under.issuer}/sign-in/activate`));
    const chosen = await child.submit(asked, { code: codes[0] ?? '' });
    const password = 'quatre tortues au soleil';
    expect((await child.submit(chosen, { password, repeat: password })).status).toBe(303);
    expect((await child.get(`${under.issuer}/`)).status).toBe(200);
  });

  it('writes one event a pupil, with the purpose', async () => {
    const opened = await openClass(teacher);
    const [before] = await countEvents('identity.code.issued');
    await post(opened, /sheets$/, { who: 'all', format: 'pdf' });
    const [after, purposes] = await countEvents('identity.code.issued');
    expect(after - before).toBe(3);
    expect(purposes).toEqual(['account_activation']);
  });

  it('gives an accessible PDF: tagged, titled, in its language, with the code told in place of the picture', async () => {
    const opened = await openClass(teacher);
    const form = findForm(opened.page, /sheets$/);
    const cookies = [...opened.browser.cookies(under.issuer)]
      .map(([name, value]) => `${name}=${value}`)
      .join('; ');
    for (const [language, title, picture] of [
      ['fr', 'Fiches de compte', 'Code QR qui ouvre'],
      ['en', 'Account sheets', 'QR code that opens'],
    ] as const) {
      const answer = await fetch(form.action, {
        method: 'POST',
        headers: {
          cookie: cookies,
          origin: under.issuer,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ ...form.fields, who: 'all', format: 'pdf', language }).toString(),
      });
      expect(answer.headers.get('content-type')).toBe('application/pdf');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const bytes = Buffer.from(await answer.arrayBuffer());
      const text = bytes.toString('latin1');
      expect(text.startsWith('%PDF-1.7')).toBe(true);
      expect(text).toContain(`/Lang (${language})`);
      expect(text).toContain('/MarkInfo');
      expect(text).toContain('/DisplayDocTitle true');
      expect(text).toContain('<pdfuaid:part>1</pdfuaid:part>');
      expect(readText(bytes, /\/Title (\([^)]*\)|\d+ 0 R)/)).toContain(title);
      const roles = [...text.matchAll(/\/S \/(Document|Sect|H1|H2|P|Figure|L|LI|LBody)\b/g)].map(
        ([, role]) => role,
      );
      expect(roles.filter((role) => role === 'Sect')).toHaveLength(3);
      expect(roles.filter((role) => role === 'Figure')).toHaveLength(3);
      expect(roles.filter((role) => role === 'LI')).toHaveLength(9);
      expect(allTexts(bytes).filter((alt) => alt.includes(picture))).toHaveLength(3);
      expect(text).toMatch(/\/FontFile[23]/);
    }
  });

  it('ends the sessions of the class and says how many, and leaves the teacher’s', async () => {
    const first = await under.signIn(pupil);
    const second = await under.signIn(pupil);
    const opened = await openClass(teacher);
    expect(mainText(opened.page)).toMatch(/\d appareils connectés/);
    const after = await sendForm(opened.browser, opened.page, /end-lesson$/);
    expect(after.text).toMatch(/\d sessions ont été terminées/);
    for (const browser of [first, second]) {
      expect((await browser.get(`${under.issuer}/`)).status).toBe(303);
    }
    expect(mainText(after)).toContain('Personne n’est connecté');
    expect((await opened.browser.get(`${under.issuer}/`)).status).toBe(200);
    expect((await countEvents('identity.lesson.ended'))[0]).toBe(1);
  });

  it('prints badges to cut out, eight a page, with the picture codes on a page apart', async () => {
    const opened = await openClass(teacher);
    const { fields } = findForm(opened.page, /sheets$/);
    const cookies = [...opened.browser.cookies(under.issuer)].map((pair) => pair.join('=')).join('; ');
    const print = async () => {
      const answer = await fetch(`${opened.page.url}/badges`, {
        method: 'POST',
        headers: {
          cookie: cookies,
          origin: under.issuer,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ ...fields, language: 'fr' }).toString(),
      });
      expect(answer.headers.get('content-type')).toBe('application/pdf');
      return Buffer.from(await answer.arrayBuffer());
    };
    const first = await print();
    expect(first.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(2);
    expect(allTexts(first).filter((alt) => alt.includes('Code QR du badge de'))).toHaveLength(3);
    // pupils keep their pictures when the badge is printed again: nothing is left to tell the teacher
    expect((await print()).toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1);
    expect((await countEvents('identity.badge.issued'))[0]).toBe(6);
  });

  it('speaks English', async () => {
    const { browser, page } = await openClass(teacher);
    const english = await browser.get(page.url, { 'accept-language': 'en' });
    expect(mainText(english)).toContain('Account sheets');
    expect(mainText(english)).toContain('3 pupils');
  });

  async function countEvents(action: string): Promise<[number, string[]]> {
    const events = await loadLoggedEvents(under.database, action);
    return [events.length, [...new Set(events.flatMap(({ purpose }) => purpose ?? []))]];
  }
});

// A PDF text: (latin) or UTF-16 with its mark, direct or in an object of its own.
function decodePdfText(raw: string): string {
  const bytes = Buffer.from(
    raw
      .replace(/\\([()\\])/g, '$1')
      .replace(/\\r/g, '\r')
      .replace(/\\n/g, '\n'),
    'latin1',
  );
  return bytes[0] === 0xfe && bytes[1] === 0xff ? bytes.subarray(2).swap16().toString('utf16le') : raw;
}

function readText(bytes: Buffer, pattern: RegExp): string {
  const text = bytes.toString('latin1');
  const found = pattern.exec(text)?.[1] ?? '';
  const reference = /^(\d+) 0 R$/.exec(found)?.[1];
  const raw = reference
    ? (new RegExp(`\\n${reference} 0 obj\\n\\(([\\s\\S]*?)\\)\\nendobj`).exec(text)?.[1] ?? '')
    : found.slice(1, -1);
  return decodePdfText(raw);
}

function allTexts(bytes: Buffer): string[] {
  return [...bytes.toString('latin1').matchAll(/\/Alt (\((?:\\.|[^\\)])*\))/g)].map(([, raw = '']) => {
    const inner = raw.slice(1, -1);
    try {
      return decodePdfText(inner);
    } catch {
      return inner;
    }
  });
}
