import { describe, expect, it } from 'vitest';
import { loadPageAssets } from './load-page-assets.ts';

const assets = loadPageAssets();

describe('assets of pages', () => {
  it('refuses a name that is not there', () => {
    expect(() => assets.href('secret.css')).toThrow('pages.asset_missing');
  });

  it('refuses every path but the exact ones: no folder, no parent, no wrong digest', () => {
    const real = assets.href('page.css');
    const wrong = [
      '/assets/',
      '/assets/page.css',
      '/assets/../package.json',
      `${real}/`,
      real.replace('page-', 'page-x'),
      '/assets/accent-zzzzzz-x.css',
    ];
    for (const path of wrong) expect(assets.find(path), path).toBeUndefined();
    expect(assets.find(real)?.contentType).toBe('text/css; charset=utf-8');
  });

  it('serves for a year under addresses that hold a digest of the content', () => {
    expect(assets.names.length).toBeGreaterThanOrEqual(6);
    for (const name of assets.names) {
      const file = assets.find(assets.href(name));
      expect(file?.cacheControl).toBe('public, max-age=31536000, immutable');
      expect(file?.etag).toMatch(/^"[\w-]{16}"$/);
      expect(assets.href(name)).toContain(file?.etag.slice(1, -1));
    }
  });

  it('names only fonts that exist in the stylesheet, and nothing of another origin', () => {
    const css = assets.find(assets.href('page.css'))?.body.toString() ?? '';
    const urls = [...css.matchAll(/url\(([^)]+)\)/g)].map(([, url = '']) => url);
    expect(urls.length).toBe(4);
    for (const url of urls) expect(assets.find(url)?.contentType).toBe('font/woff2');
    expect(css).not.toMatch(/https?:\/\//);
  });

  it('keeps browser code under 30 kB in all', () => {
    const size = assets.find(assets.href('page.js'))?.body.length ?? 0;
    expect(size).toBeGreaterThan(500);
    expect(size).toBeLessThan(30_000);
  });

  it('gives an accent its own stylesheet, for colours only', () => {
    expect(assets.accentHref('red; } body { display: none')).toBeUndefined();
    expect(assets.accentHref('#12345')).toBeUndefined();
    const href = assets.accentHref('#0F5F66') ?? '';
    expect(assets.find(href)?.body.toString()).toContain('--accent: #0f5f66');
    expect(assets.accentHref('heather')).not.toBe(href);
  });

  it('serves under another prefix when asked', () => {
    const moved = loadPageAssets({ prefix: '/notes/assets/' });
    expect(moved.href('page.js')).toMatch(/^\/notes\/assets\/page-/);
    expect(moved.find(assets.href('page.js'))).toBeUndefined();
  });
});
