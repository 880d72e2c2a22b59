import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';

const production = {
  SOCLE_ISSUER: 'https://ent.example.org',
  SOCLE_DATABASE_URL: 'postgres://app@db/socle',
  SOCLE_SEQUENCER_DATABASE_URL: 'postgres://seq@db/socle',
  SOCLE_MASTER_KEY_FILE: '/run/key',
};

describe('loadConfig', () => {
  it('serves on localhost with no variable at all', () => {
    const config = loadConfig({ PATH: '/bin' }, '/repo');
    expect(config).toMatchObject({
      issuer: 'http://localhost:3000',
      isLocal: true,
      port: 3000,
      policiesDir: '/repo/policies',
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('refuses an unknown SOCLE_ variable and names the one that was meant', () => {
    expect(() => loadConfig({ SOCLE_ISUER: 'http://localhost:3000' }, '/repo')).toThrow(
      /SOCLE_ISUER is not a variable.*did you mean SOCLE_ISSUER/,
    );
  });

  it('refuses a port that is not one, and takes one that is', () => {
    expect(() => loadConfig({ SOCLE_PORT: '70000' }, '/repo')).toThrow(/SOCLE_PORT/);
    expect(loadConfig({ SOCLE_PORT: '8080' }, '/repo').port).toBe(8080);
  });

  it('refuses http, a generated key and the embedded database outside localhost', () => {
    expect(() => loadConfig({ SOCLE_ISSUER: 'http://ent.example.org' }, '/repo')).toThrow(
      /must be https.*SOCLE_MASTER_KEY_FILE is required.*SOCLE_DATABASE_URL is required/,
    );
    expect(loadConfig(production, '/repo').isLocal).toBe(false);
  });

  it('refuses an issuer with a path or a final slash', () => {
    expect(() =>
      loadConfig({ ...production, SOCLE_ISSUER: 'https://ent.example.org/socle' }, '/repo'),
    ).toThrow(/no path/);
    expect(() => loadConfig({ ...production, SOCLE_ISSUER: 'https://ent.example.org/' }, '/repo')).toThrow(
      /slash/,
    );
  });
});
