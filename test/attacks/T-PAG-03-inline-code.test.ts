import {
  catalogueNames,
  contentSecurityPolicy,
  loadPageAssets,
  renderCatalogue,
  securityHeaders,
} from '@socle/pages';
import { describe, expect, it } from 'vitest';

const directives = new Map(
  contentSecurityPolicy()
    .split('; ')
    .map((part) => [part.split(' ')[0], part.split(' ').slice(1).join(' ')]),
);

describe('T-PAG-03 code that enters a page', () => {
  it('is stopped by the policy: nothing inline, nothing from elsewhere, no frames, no base, no dangerous sink', () => {
    expect(contentSecurityPolicy()).not.toMatch(/unsafe|\*|https?:|blob:/);
    expect(directives.get('default-src')).toBe("'none'");
    for (const directive of ['script-src', 'style-src', 'font-src', 'connect-src', 'form-action'])
      expect(directives.get(directive)).toBe("'self'");
    for (const directive of ['frame-ancestors', 'base-uri', 'trusted-types'])
      expect(directives.get(directive)).toBe("'none'");
    expect(directives.get('require-trusted-types-for')).toBe("'script'");
  });

  it('takes origins for forms, and nothing that would widen another directive', () => {
    const policy = contentSecurityPolicy({
      formActions: [
        'http://localhost:3001',
        'https://a.example; script-src *',
        '*',
        "'unsafe-inline'",
        'https://a.example/path',
      ],
    });
    expect(policy).toContain("form-action 'self' http://localhost:3001;");
    expect(policy).not.toMatch(/a\.example|\*|unsafe/);
  });

  it('comes with headers against framing, sniffing and storing, and with HSTS behind https only', () => {
    const headers = securityHeaders();
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-frame-options']).toBe('DENY');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['referrer-policy']).toBe('same-origin');
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(securityHeaders({ https: true })['strict-transport-security']).toContain('max-age=63072000');
  });

  it('is not needed by any page of the catalogue: no inline script, style or event in either language', () => {
    const assets = loadPageAssets();
    let seen = 0;
    for (const language of ['fr', 'en'] as const) {
      for (const name of [undefined, ...catalogueNames]) {
        const page = renderCatalogue({ language, assets, ...(name === undefined ? {} : { name }) }) ?? '';
        expect(page).toContain('<main');
        expect(page).not.toMatch(/\sstyle=|<style|\son[a-z]+=|javascript:/i);
        expect(page.match(/<script/g)?.length).toBe(1);
        expect(page).toMatch(/<script type="module" src="\/assets\/page-[\w-]+\.js"><\/script>/);
        seen += 1;
      }
    }
    expect(seen).toBeGreaterThan(25);
    expect(renderCatalogue({ language: 'fr', assets, name: '../etc' })).toBeUndefined();
  });
});
