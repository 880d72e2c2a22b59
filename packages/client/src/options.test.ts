import { describe, expect, it } from 'vitest';
import { parseIssuer, parseOrigin } from './options.ts';

describe('addresses', () => {
  it('takes https, and http on the loopback range', () => {
    for (const origin of [
      'https://ent.example',
      'http://localhost:3001',
      'http://127.0.0.5:1',
      'http://[::1]:2',
    ]) {
      expect(parseOrigin(origin, 'the address')).toBe(origin);
      expect(parseIssuer(origin)).toBe(origin);
    }
    expect(parseOrigin('https://ent.example/', 'the address')).toBe('https://ent.example');
    expect(parseIssuer('https://ent.example/socle')).toBe('https://ent.example/socle');
  });

  it.each([
    'http://ent.example',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'ftp://localhost',
    'ent',
    '',
  ])('refuses %j', (address) => {
    expect(() => parseOrigin(address, 'the address')).toThrow('module_config_invalid');
    expect(() => parseIssuer(address)).toThrow('module_config_invalid');
  });

  it.each([
    'https://ent.example/path',
    'https://user@ent.example',
    'https://ent.example?x',
    'https://ent.example/#x',
  ])('refuses %j as an origin', (address) => {
    expect(() => parseOrigin(address, 'the address')).toThrow('module_config_invalid');
  });

  it('refuses an issuer with a query, a fragment or credentials', () => {
    for (const issuer of [
      'https://ent.example?x=1',
      'https://ent.example#x',
      'https://user:pw@ent.example',
    ]) {
      expect(() => parseIssuer(issuer)).toThrow('module_config_invalid');
    }
  });
});
