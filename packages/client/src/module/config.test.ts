import { describe, expect, it } from 'vitest';
import { loadModuleConfig } from './config.ts';

const env = {
  GRADES_DATABASE_URL: 'postgres://grades_app:x@localhost/grades',
  GRADES_CLIENT_KEY_FILE: 'key.json',
};
const load = (changes: Record<string, string> = {}) =>
  loadModuleConfig({ ...env, ...changes }, { prefix: 'GRADES', port: 3001 });

describe('loadModuleConfig', () => {
  it('gives the defaults of a workstation', () => {
    expect(load()).toEqual({
      host: '127.0.0.1',
      port: 3001,
      baseUrl: 'http://localhost:3001',
      databaseUrl: env.GRADES_DATABASE_URL,
      issuer: 'http://localhost:3000',
      clientId: 'grades',
      clientKeyFile: 'key.json',
      logLevel: 'info',
    });
    expect(Object.isFrozen(load())).toBe(true);
  });

  it('takes what the environment says', () => {
    expect(
      load({
        GRADES_HOST: '0.0.0.0',
        GRADES_PORT: '8080',
        GRADES_BASE_URL: 'https://notes.ent.example',
        GRADES_MIGRATOR_URL: 'postgres://grades_migrator:x@localhost/grades',
        GRADES_CLIENT_ID: 'notes',
        GRADES_LOG_LEVEL: 'warn',
        SOCLE_ISSUER: 'https://ent.example',
        PATH: '/bin',
        SOCLE_PORT: '3000',
        MAIL_PORT: 'x',
      }),
    ).toMatchObject({
      host: '0.0.0.0',
      port: 8080,
      baseUrl: 'https://notes.ent.example',
      migratorUrl: 'postgres://grades_migrator:x@localhost/grades',
      clientId: 'notes',
      logLevel: 'warn',
      issuer: 'https://ent.example',
    });
  });

  it.each([
    ['an unknown variable (a typo)', { GRADES_DATABSE_URL: 'postgres://x' }, 'unknown GRADES_DATABSE_URL'],
    ['a port that is none', { GRADES_PORT: '70000' }, 'GRADES_PORT is not acceptable'],
    [
      'a database of another kind',
      { GRADES_DATABASE_URL: 'mysql://secret' },
      'GRADES_DATABASE_URL is not acceptable',
    ],
    [
      'http beyond this machine',
      { GRADES_BASE_URL: 'http://notes.ent.example' },
      'GRADES_BASE_URL must use https',
    ],
    ['listening beyond this machine under http', { GRADES_HOST: '0.0.0.0' }, 'GRADES_BASE_URL must be https'],
    [
      'an http socle beyond this machine',
      { SOCLE_ISSUER: 'http://ent.example' },
      'the issuer must use https',
    ],
  ])('refuses %s, and names the variable', (_title, changes, words) => {
    expect(() => load(changes)).toThrow(words);
    expect(() => load(changes)).not.toThrow('secret');
  });

  it('names what is missing', () => {
    expect(() => loadModuleConfig({}, { prefix: 'GRADES', port: 1 })).toThrow(
      /GRADES_DATABASE_URL is missing.*GRADES_CLIENT_KEY_FILE is missing/,
    );
  });
});
