import { describe, expect, it } from 'vitest';
import { loadPageAssets } from '../assets/load-page-assets.ts';
import { errorSummary } from '../components/error-summary.ts';
import { html } from '../html.ts';
import { renderPage } from './render-page.ts';
import type { PageOptions } from './page-options.ts';

const assets = loadPageAssets();
const least: PageOptions = { title: 'Notes', language: 'fr', assets, body: html`<p>Bonjour</p>` };
const area = { label: 'Accueil', href: '/', icon: 'home' } as const;

describe('a page', () => {
  it('marks its language, has one h1, one main, a banner, a footer and a link past the header', () => {
    const page = renderPage(least);
    expect(page.startsWith('<!doctype html>\n<html lang="fr">')).toBe(true);
    for (const [part, count] of [
      ['<h1>', 1],
      ['<main ', 1],
      ['<header ', 1],
      ['<footer ', 1],
      ['href="#main"', 1],
    ] as const) {
      expect(page.split(part).length - 1, part).toBe(count);
    }
  });

  it('says in the title of the document, and there alone, that something is to correct, or which state it is', () => {
    const heading = '<h1>Notes</h1>';
    const body = errorSummary([{ message: 'Écrivez un titre.' }], 'fr');
    for (const [change, title] of [
      [{}, 'Notes'],
      [{ body }, 'Notes, à corriger'],
      [{ body, language: 'en' }, 'Notes, to correct'],
      [{ body, titleNote: '2 sur 4', service: 'Carnet' }, 'Notes, 2 sur 4 · Carnet'],
      [{ body: html`<p>${' data-error-summary>'}</p>` }, 'Notes'],
    ] as const) {
      const page = renderPage({ ...least, ...change });
      expect(page).toContain(`<title>${title}</title>`);
      expect(page).toContain(heading);
    }
  });

  it('signs out by POST with the token it is given', () => {
    const page = renderPage({ ...least, signOut: { action: '/sign-out', fields: { csrf: 'a"b' } } });
    expect(page).toContain(
      '<form class="sign-out" method="post" action="/sign-out"><input type="hidden" name="csrf" value="a&quot;b">',
    );
  });

  it('shows four areas on phones, and the others under one word', () => {
    const bar = (count: number): string =>
      renderPage({ ...least, areas: Array.from({ length: count }, () => area) }).split(
        'class="area-bar"',
      )[1] ?? '';
    expect(bar(4)).not.toContain('<details');
    expect(bar(6).split('</details>')[0]?.split('<summary')[0]?.split('<a class="area"').length).toBe(4);
    expect(bar(6)).toContain('Plus');
  });

  it('has no areas at the entrance', () => {
    expect(renderPage({ ...least, layout: 'entrance', areas: [area] })).not.toContain('<nav');
  });

  it('announces a danger at once and other messages in their turn', () => {
    const page = renderPage({
      ...least,
      flash: [
        { kind: 'danger', text: 'Non' },
        { kind: 'good', undo: { action: '/undo' } },
      ],
    });
    expect(page).toContain('class="flash flash-danger" role="alert"');
    expect(page).toContain('class="flash flash-good" role="status"');
    expect(page).toContain('Annuler cette action');
  });

  it('loads a school’s accent after the kit’s stylesheet, and leaves out what is not a colour', () => {
    expect(renderPage({ ...least, accent: '#2f4a8a' })).toMatch(
      /page-[\w-]+\.css">\n<link rel="stylesheet" href="\/assets\/accent-2f4a8a-/,
    );
    expect(renderPage({ ...least, accent: '"><script>' })).not.toContain('accent-');
  });

  it('keeps a banner above the header, named for screen readers', () => {
    const page = renderPage({ ...least, banner: { label: 'Vue', body: html`<p>Lecture seule</p>` } });
    expect(page).toContain('<aside class="page-banner" aria-label="Vue">');
    expect(page.indexOf('page-banner')).toBeLessThan(page.indexOf('<header'));
  });

  it('speaks English when asked', () => {
    expect(renderPage({ ...least, language: 'en' })).toContain('Skip to content');
  });
});
