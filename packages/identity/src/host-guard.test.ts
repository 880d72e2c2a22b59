import { describe, expect, it } from 'vitest';
import { checkHost, pinHeaders } from './host-guard.ts';

describe('checkHost', () => {
  const issuer = new URL('https://socle.example');

  it('expects the issuer’s host, in any case, with or without the default port', () => {
    for (const host of ['socle.example', 'SOCLE.example', 'socle.example:443']) {
      expect(checkHost(issuer, { host })).toBe('expected');
      expect(checkHost(issuer, { host, 'x-forwarded-host': 'socle.example' })).toBe('expected');
    }
  });

  it('finds anything else misdirected', () => {
    for (const host of [
      undefined,
      '',
      'evil.example',
      'socle.example:8443',
      'socle.example.evil.example',
      'socle.example, evil',
    ]) {
      expect(checkHost(issuer, host === undefined ? {} : { host })).toBe('misdirected');
    }
    expect(checkHost(issuer, { host: 'socle.example', 'x-forwarded-host': 'evil.example' })).toBe(
      'misdirected',
    );
  });

  it('leaves the issuer’s scheme and host, whatever a proxy or a client wrote', () => {
    const headers = {
      host: 'SOCLE.example:443',
      'x-forwarded-proto': 'http',
      'x-forwarded-for': '1.2.3.4',
      forwarded: 'host=x',
    };
    pinHeaders(issuer, headers);
    expect(headers).toEqual({ host: 'socle.example', 'x-forwarded-proto': 'https' });
  });
});
