import { describe, expect, it } from 'vitest';
import { joinTerritory } from '../support/running-territory.ts';

const { issuer, gradesUrl } = joinTerritory();
const TELLING = /at .*\.ts:\d+|node_modules|SELECT |\bstack\b|postgres:\/\/|\/tmp\//;

const PROBES = [
  ['GET', '/nowhere', undefined, undefined],
  ['GET', '/%E0%A4%A', undefined, undefined],
  ['GET', '/assets/../../etc/passwd', undefined, undefined],
  ['GET', '/audit/tile/0/x999/999', undefined, undefined],
  ['POST', '/access/v1/evaluation', '{"subject":', 'application/json'],
  ['POST', '/access/v1/evaluation', '{}', 'text/xml'],
  ['POST', '/audit/v1/events', `{"events":["${'x'.repeat(2_000_000)}"]}`, 'application/json'],
  ['POST', '/sign-in/none', 'username=a&password=b', 'application/x-www-form-urlencoded'],
  ['PUT', '/', 'x', 'text/plain'],
] as const;

describe('T-SVC-05 failures that tell too much', () => {
  it.each(PROBES)('answers %s %s without a trace of its insides', async (method, address, body, type) => {
    for (const accept of ['application/json', 'text/html']) {
      const response = await fetch(`${issuer}${address}`, {
        method,
        headers: { accept, ...(type ? { 'content-type': type } : {}) },
        redirect: 'manual',
        ...(body === undefined ? {} : { body }),
      });
      const text = await response.text();
      expect(response.status).toBeGreaterThanOrEqual(300);
      expect(response.status).toBeLessThan(500);
      expect(text).not.toMatch(TELLING);
      expect(response.headers.get('server')).toBeNull();
      expect(response.headers.get('x-powered-by')).toBeNull();
    }
  });

  it('gives programs a problem document with a code, and people a page with a way on', async () => {
    const program = await fetch(`${issuer}/nowhere`);
    expect(program.headers.get('content-type')).toContain('application/problem+json');
    expect(await program.json()).toMatchObject({ status: 404, code: 'not_found' });
    const person = await fetch(`${issuer}/nowhere`, {
      headers: { accept: 'text/html', 'accept-language': 'fr' },
    });
    expect(person.status).toBe(404);
    expect(await person.text()).toContain('Cette page n’existe pas');
  });

  it('sends the security headers with every answer, failures included, on both services', async () => {
    for (const address of [
      `${issuer}/nowhere`,
      `${issuer}/healthz`,
      `${gradesUrl}/nowhere`,
      `${gradesUrl}/healthz`,
    ]) {
      const { headers } = await fetch(address);
      expect(headers.get('content-security-policy'), address).toContain("default-src 'none'");
      expect(headers.get('x-content-type-options'), address).toBe('nosniff');
      expect(headers.get('referrer-policy'), address).toBe('same-origin');
    }
  });
});
