import { buttonLink, card, form, safeHref, tile } from '@socle/pages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const refused = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  'java\tscript:alert(1)',
  'java\nscript:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,<script>',
  'vbscript:x',
  'blob:x',
  'file:///etc/passwd',
  'about:blank',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  'https://[',
  'view-source:x',
];
const accepted = [
  '/',
  '/notes?x=1#a',
  '#field-name',
  '?page=2',
  'notes',
  'https://ecole.example/a',
  'http://localhost:3001/',
  'mailto:secretariat@ecole.example',
  'tel:+33123456789',
];

describe('T-PAG-02 addresses that run code or leave unseen', () => {
  it.each(refused)('refuses %j in links: the words stay, the link leads nowhere', (address) => {
    expect(safeHref(address)).toBeUndefined();
    for (const part of [
      buttonLink({ label: 'Ouvrir', href: address }),
      tile({ title: 'Ouvrir', icon: 'x', href: address }),
      card({ title: 'Ouvrir', href: address }),
    ]) {
      expect(part.toString()).toContain('Ouvrir');
      expect(part.toString()).not.toContain('href');
    }
  });

  it.each([...refused, 'mailto:a@b.example'])('refuses to show a form that posts to %j', (address) => {
    expect(() => form({ action: address, body: '' })).toThrow('pages.address_refused');
  });

  it.each(accepted)('accepts %s', (address) => {
    expect(safeHref(address)).toBe(address);
    expect(buttonLink({ label: 'Ouvrir', href: address }).toString()).toContain(`href="${address}"`);
  });

  it('posts to a path of the service', () => {
    expect(form({ action: '/sign-in', body: '' }).toString()).toContain('action="/sign-in"');
  });

  it('never lets a scheme through that a browser would read as code, for any text', () => {
    const piece = fc.constantFrom(
      'javascript:',
      'java',
      'script:',
      'data:',
      '/',
      '\\',
      ' ',
      '\t',
      '\n',
      'x',
      '//',
      ':',
      '&#106;',
      '\u00a0',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const safe = safeHref(pieces.join(''));
        if (safe === undefined) return true;
        const read = new URL(safe, 'https://ecole.example/');
        return (
          ['https:', 'http:', 'mailto:', 'tel:'].includes(read.protocol) &&
          (read.host === 'ecole.example' || /^https?:/.test(safe))
        );
      }),
      { numRuns: 2000 },
    );
  });
});
