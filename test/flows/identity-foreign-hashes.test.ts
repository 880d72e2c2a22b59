import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/http-browser.ts';
import { BY, startIdentityServer, type IdentityServer } from '../support/identity-server.ts';

const digest = (name: string, text: string) => createHash(name).update(text).digest('hex');

// bcrypt of bcryptjs, SHA-crypt of Drepper's specification and of OpenSSL, PBKDF2 of RFC 7914 §11 and Django's form of it.
const KNOWN = [
  ['bcrypt', 'abc', '$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i'],
  ['sha256-crypt', 'Hello world!', '$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5'],
  [
    'sha512-crypt with rounds',
    'Hello world!',
    '$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.',
  ],
  [
    'pbkdf2-sha256',
    'Password',
    `$pbkdf2-sha256$i=80000$${Buffer.from('NaCl').toString('base64').replaceAll('=', '')}$${Buffer.from('4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d', 'hex').toString('base64').replaceAll('=', '')}`,
  ],
  ['md5', 'Châtaigne 3', digest('md5', 'Châtaigne 3')],
  ['sha256', 'Châtaigne 4', digest('sha256', 'Châtaigne 4').toUpperCase()],
] as const;

describe('hashes of another system', () => {
  let server: IdentityServer;
  beforeAll(async () => {
    server = await startIdentityServer();
  });
  afterAll(() => server.close());

  const signIn = async (username: string, password: string) => {
    const browser = openBrowser();
    const page = await browser.follow(await browser.get(`${server.issuer}/sign-in?return-to=/`));
    return (await browser.submit(page, { username, password })).status;
  };
  const stored = async (accountId: string) => {
    const [row] = await server.test
      .openAdmin()
      .query<{ hash: string }>('SELECT password_hash AS hash FROM identity.accounts WHERE id = $1', [
        accountId,
      ]);
    return row?.hash ?? '';
  };

  it.each(KNOWN)(
    '%s: refuses another password, takes the right one, and becomes ours',
    async (name, password, hash) => {
      const login = `venu.${name.replaceAll(' ', '.')}`;
      const { account } = await server.addPerson(login, 'provisoire 1');
      await server.identity.accounts.importHash(account.id, hash, BY);
      const before = await stored(account.id);
      expect(before).not.toMatch(/^\$argon2id/);
      // A bare digest is never kept bare.
      if (/^[0-9a-f]+$/i.test(hash)) expect(before.toLowerCase()).not.toContain(hash.toLowerCase());
      expect(await signIn(login, `${password}x`)).toBe(422);
      expect(await stored(account.id)).toBe(before);
      expect(await signIn(login, password)).toBe(303);
      expect(await stored(account.id)).toMatch(/^\$argon2id\$/);
      expect(await signIn(login, password)).toBe(303);
      expect(await signIn(login, `${password}x`)).toBe(422);
    },
  );

  it('refuses what it does not know, and what would cost too much to verify', async () => {
    const { account } = await server.addPerson('venu.autre', 'provisoire 1');
    for (const hash of [
      'motdepasse',
      '$1$salt$abcdefghijklmnopqrstuv',
      '$2b$31$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i',
      '$pbkdf2-sha256$i=9999999$c2Vs$c2Vs',
      'md5-in:$argon2id$v=19$m=1024,t=1,p=1$c2Vs$c2Vs',
    ]) {
      await expect(server.identity.accounts.importHash(account.id, hash, BY)).rejects.toMatchObject({
        code: 'password_refused',
      });
    }
    expect(await signIn('venu.autre', 'provisoire 1')).toBe(303);
  });
});
