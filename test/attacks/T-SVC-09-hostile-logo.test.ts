import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findForm, mainText } from '../support/forms.ts';
import { openBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

const SCRIPT = '<script>alert(document.cookie)</script>';

describe('T-SVC-09 what is uploaded as a logo is a program, a bomb, or another school’s', () => {
  let under: SocleUnderTest;
  let administrator: TestPerson;
  let teacher: TestPerson;
  let pupil: TestPerson;
  let browser: HttpBrowser;
  let picture: Buffer;
  beforeAll(async () => {
    under = await openSocleUnderTest();
    administrator = await under.add({ givenName: 'Fañch', school: under.phare, roles: ['local_admin'] });
    teacher = await under.add({ givenName: 'Hélène', school: under.phare, teaches: true });
    pupil = await under.add({ givenName: 'Noé', school: under.phare, isPupil: true });
    browser = await under.signIn(administrator, '/school/accounts');
    picture = await draw('png');
  });
  afterAll(() => under.close());

  const draw = (format: 'png' | 'jpeg' | 'webp' | 'gif' | 'tiff', side = 300) =>
    sharp({ create: { width: side, height: side, channels: 3, background: '#1b7f79' } })
      .withExif({ IFD0: { Artist: 'Camille Le Goff' } })
      .toFormat(format)
      .toBuffer();
  const pathOf = (school = under.phare) => `${under.issuer}/school/appearance/${school.id}`;
  const upload = async (
    file: Buffer,
    change: {
      name?: string;
      type?: string;
      from?: HttpBrowser;
      to?: string;
      token?: string;
      field?: string;
    } = {},
  ) => {
    const from = change.from ?? browser;
    const { fields } = findForm(await browser.get(pathOf()), /appearance\/[\w-]+$/);
    const form = new FormData();
    for (const [name, value] of Object.entries(fields))
      if (name !== 'logo') form.set(name, change.token ?? value);
    form.set(
      change.field ?? 'logo',
      new File([new Uint8Array(file)], change.name ?? 'logo.png', { type: change.type ?? 'image/png' }),
    );
    const cookie = [...from.cookies(under.issuer)].map((pair) => pair.join('=')).join('; ');
    const headers = { cookie, origin: under.issuer, accept: 'text/html', 'accept-language': 'fr' };
    return fetch(change.to ?? pathOf(), { method: 'POST', redirect: 'manual', headers, body: form });
  };
  const shownLogo = async (from: HttpBrowser = browser) =>
    /\/logos\/[0-9a-f]{64}\.png/.exec((await from.get(`${under.issuer}/`)).text)?.[0];

  it('takes a PNG, a JPEG and a WebP, drawn anew without what came with the pixels, for everyone of that school', async () => {
    for (const format of ['png', 'jpeg', 'webp'] as const) {
      const sent = await draw(format, 700);
      expect(sent.includes('Camille')).toBe(true);
      expect((await upload(sent)).status).toBe(303);
      const address = await shownLogo();
      const answer = await fetch(`${under.issuer}${address}`);
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect(answer.headers.get('content-type')).toBe('image/png');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
      expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 160, height: 160 });
      expect(bytes.includes('Camille')).toBe(false);
    }
    const other = await under.signIn(
      await under.add({ givenName: 'Zoé', school: under.embruns, isPupil: true }),
    );
    expect(await shownLogo(await under.signIn(pupil))).toBe(await shownLogo());
    expect(await shownLogo(other)).toBeUndefined();
  });

  it('stands on the activation sheets of that school, as a page and in the PDF, and on its badges', async () => {
    const classes = await browser.get(`${under.issuer}/school/accounts`);
    const group = /\/school\/accounts\/classes\/[\w-]+/.exec(classes.text)?.[0] ?? '';
    const { action, fields } = findForm(await browser.get(`${under.issuer}${group}`), /sheets$/);
    const page = await browser.post(action, { ...fields, who: 'all', format: 'page' });
    expect(page.text).toContain(`<img class="logo-shown" src="${await shownLogo()}"`);
    const cookie = [...browser.cookies(under.issuer)].map((pair) => pair.join('=')).join('; ');
    const headers = {
      cookie,
      origin: under.issuer,
      'content-type': 'application/x-www-form-urlencoded',
    };
    const print = async (to: string, more: Record<string, string>) => {
      const body = new URLSearchParams({ ...fields, ...more }).toString();
      const answer = await fetch(to, { method: 'POST', headers, body });
      return Buffer.from(await answer.arrayBuffer()).toString('latin1');
    };
    expect(await print(action, { who: 'all', format: 'pdf' })).toMatch(/\/Subtype \/Image/);
    const badges = await print(action.replace(/sheets$/, 'badges'), {});
    expect(badges).toMatch(/^%PDF/);
    expect(badges).toMatch(/\/Subtype \/Image/);
  });

  it('refuses SVG, HTML, GIF, TIFF and PDF, whatever name and type they claim', async () => {
    const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64">${SCRIPT}</svg>`);
    const files = [svg, Buffer.from(SCRIPT), await draw('gif'), await draw('tiff'), Buffer.from('%PDF-1.7')];
    const before = await shownLogo();
    for (const file of files) {
      for (const claim of [{}, { name: '../../../etc/passwd', type: 'image/svg+xml' }]) {
        const answer = await upload(file, claim);
        expect(answer.status).toBe(422);
        expect(await answer.text()).toContain('pas une image PNG, JPEG ou WebP');
      }
    }
    expect(await shownLogo()).toBe(before);
  });

  it('keeps nothing of a file that is a picture and a program at once', async () => {
    const hidden = chunk('tEXt', Buffer.from(`Comment\0${SCRIPT}`, 'latin1'));
    const inside = Buffer.concat([picture.subarray(0, 33), hidden, picture.subarray(33)]);
    const behind = Buffer.concat([picture, Buffer.from(`PK\x03\x04${SCRIPT}`)]);
    for (const file of [inside, behind]) {
      expect(file.includes(SCRIPT)).toBe(true);

      expect((await upload(file, { name: 'logo.html', type: 'text/html' })).status).toBe(303);
      const answer = await fetch(`${under.issuer}${await shownLogo()}`);
      expect(answer.headers.get('content-type')).toBe('image/png');
      expect(Buffer.from(await answer.arrayBuffer()).includes('script')).toBe(false);
    }
  });

  it('refuses a bomb before it draws a pixel, what is too heavy, too small or torn', async () => {
    const bomb = buildPng(30_000, 30_000, deflateSync(Buffer.alloc(1_000_000)));
    const cases = [
      [bomb, 'trop grande'],
      [buildPng(2_001, 64, deflateSync(Buffer.alloc(2_001 * 3 * 64 + 64))), 'trop grande'],
      [Buffer.concat([picture, Buffer.alloc(600_000)]), 'trop lourd'],
      [await draw('png', 16), 'trop petite'],
      [picture.subarray(0, picture.length / 2), 'abîmée'],
      [Buffer.concat([picture.subarray(0, 8), Buffer.from(SCRIPT)]), 'abîmée'],
      [Buffer.alloc(0), 'Choisissez une image'],
    ] as const;
    for (const [file, words] of cases) {
      const answer = await upload(file);
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain(words);
    }
    expect((await upload(Buffer.concat([picture, Buffer.alloc(3_000_000)]))).status).toBe(413);
    expect((await upload(picture, { field: 'autre' })).status).toBe(422);
    expect((await upload(picture)).status).toBe(303);
  });

  it('refuses other schools, other roles, and forms without the session’s token', async () => {
    const before = await shownLogo();
    expect((await upload(picture, { to: pathOf(under.embruns) })).status).toBe(403);
    expect((await upload(picture, { to: `${pathOf(under.embruns)}/remove` })).status).toBe(403);
    expect((await upload(picture, { to: pathOf().replace(under.phare.id, '..%2F..%2Fx') })).status).toBe(404);
    expect((await upload(picture, { from: await under.signIn(teacher) })).status).toBe(403);
    expect((await upload(picture, { token: 'forged' })).status).toBe(403);
    const mine = await under.signIn(teacher);
    expect((await mine.get(pathOf())).status).toBe(403);
    expect(await shownLogo()).toBe(before);
  });

  it('serves nothing but digests, and nothing once the logo is removed', async () => {
    const address = (await shownLogo()) ?? '';
    for (const wrong of [
      '/logos/..%2F..%2Fkeys%2Fmaster.png',
      '/logos/%2e%2e/config.png',
      address.replace('.png', '.svg'),
      address.toUpperCase().replace('/LOGOS', '/logos'),
      `/logos/${'0'.repeat(64)}.png`,
    ]) {
      expect((await fetch(`${under.issuer}${wrong}`)).status).toBe(404);
    }
    expect((await fetch(`${under.issuer}${address}`)).status).toBe(200);
    const page = await browser.get(pathOf());
    const { action, fields } = findForm(page, /remove$/);
    const removed = await browser.follow(await browser.post(action, { ...fields }));
    expect(mainText(removed)).toContain('Aucun logo pour le moment');
    expect((await fetch(`${under.issuer}${address}`)).status).toBe(404);
    expect(await shownLogo()).toBeUndefined();
  });

  it('brings the former logo back, once, and the latest of many sent at the same time is the only one', async () => {
    const undo = async () => {
      const { fields } = findForm(await browser.get(pathOf()), /appearance\/[\w-]+$/);
      const { logo: _file, ...token } = fields;
      return browser.post(`${pathOf()}/undo`, token);
    };
    await undo();
    const back = await shownLogo();
    expect(back).toBeDefined();
    await undo();
    expect(await shownLogo()).toBe(back);
    const answers = await Promise.all(
      [400, 500, 600, 700].map(async (side) => upload(await draw('webp', side))),
    );
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303, 303]);
    await upload(await draw('png', 90));
    const rows = await under.socle.database.transaction(
      (tx) => tx.query('SELECT digest, is_former FROM socle.school_logos'),
      { scope: 'all', readOnly: true },
    );
    expect(rows).toHaveLength(2);
  });

  it('stands on the sign-in page of a browser that opened the school’s own door or signed in there, and of no other', async () => {
    const signInPage = async (start: string, from = openBrowser()) => ({
      from,
      text: (await from.follow(await from.get(`${under.issuer}${start}`))).text,
    });
    const { from, text } = await signInPage('/sign-in/school/9800001A');
    expect(text).toContain(`<img class="brand-logo" src="${await shownLogo()}" alt="">`);
    expect(text).toContain('Collège Le Phare');
    expect((await signInPage('/sign-in', from)).text).toContain('Collège Le Phare');
    for (const start of ['/device', '/session/end', '/sign-in/nowhere', '/sign-in/badge'])
      expect((await signInPage(start, from)).text, start).toMatch(
        /<img class="brand-logo" src="[^"]+" alt="">[^]*Collège Le Phare/,
      );
    // what is asked after the password stands under the same name
    const page = await from.follow(await from.get(`${under.issuer}/school/accounts`));
    const code = await from.follow(
      await from.submit(page, { username: administrator.login, password: administrator.password }),
    );
    expect(code.url).toMatch(/\/code$/);
    expect(code.text).toContain('Collège Le Phare');
    const left = await under.signIn(pupil);
    expect(left.cookies(under.issuer).get('socle_school')).toBe(under.phare.id);
    for (const start of ['/sign-in', '/sign-in/school/0000000Z', "/sign-in/school/9800001A'%20OR%201=1"]) {
      const stranger = await signInPage(start);
      expect(stranger.text).toContain('name="password"');
      expect(stranger.text).not.toContain('Collège Le Phare');
    }
    const forger = openBrowser();
    forger.setCookie(under.issuer, 'socle_school', '"><script>alert(1)</script>');
    expect((await signInPage('/sign-in', forger)).text).not.toContain('alert(1)');
  });
});

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function buildPng(width: number, height: number, data: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
