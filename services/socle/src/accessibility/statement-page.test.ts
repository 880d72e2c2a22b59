import { describe, expect, it } from 'vitest';
import { accessibilityLevel, accessibilityRate } from './level.ts';
import { footerLinks } from './footer-links.ts';
import { MEASURED } from './measured.ts';
import { renderStatement } from './statement-page.ts';

const counts = { shown: 60, failed: 0, unseen: 15, outside: 31 };
const draw = (change: { operator?: string; contact?: string } = {}) =>
  renderStatement('fr', {
    measured: { ...counts, on: '2026-11-24' },
    site: 'compte.exemple.fr',
    operator: change.operator,
    contact: change.contact,
  }).body.toString();

describe('the level of accessibility', () => {
  it('is the share of shown criteria among those that apply: what nobody judged counts as not respected', () => {
    expect(accessibilityRate(counts)).toBe(80);
    expect(accessibilityRate({ ...counts, unseen: 14, failed: 1 })).toBe(80);
    expect(accessibilityRate({ shown: 0, failed: 0, unseen: 0, outside: 106 })).toBe(0);
  });

  it('is full with all, partial from half on, none below', () => {
    const level = (shown: number, unseen: number) =>
      accessibilityLevel({ shown, failed: 0, unseen, outside: 0 });
    expect([level(106, 0), level(105, 1), level(53, 53), level(52, 54)]).toEqual([
      'full',
      'partial',
      'partial',
      'none',
    ]);
  });
});

describe('the accessibility statement', () => {
  it('says state, rate, what is not checked, and the remedies of the law', () => {
    const text = draw();
    expect(text).toContain('partiellement conforme');
    expect(text).toContain('60 critères sur 75 applicables');
    expect(text).toContain('80');
    expect(text).toContain('Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07');
  });

  it('is a draft until an authority and a contact are named', () => {
    expect(draw()).toContain('Projet de déclaration');
    expect(draw({ operator: 'Académie de Bretagne' })).toContain('Projet de déclaration');
    const whole = draw({ operator: 'Académie de Bretagne', contact: 'acces@exemple.fr' });
    expect(whole).not.toContain('Projet de déclaration');
    expect(whole).toContain('Académie de Bretagne s’engage');
    expect(whole).toContain('href="mailto:acces@exemple.fr"');
    expect(draw({ operator: 'A', contact: 'https://exemple.fr/contact' })).toContain(
      'href="https://exemple.fr/contact"',
    );
  });

  it('is named in every footer by the level that was measured, of 106 criteria', () => {
    const { shown, failed, unseen, outside } = MEASURED;
    expect(shown + failed + unseen + outside).toBe(106);
    const level = { full: 'totalement', partial: 'partiellement', none: 'non' }[accessibilityLevel(MEASURED)];
    expect(footerLinks('fr')[0]?.label.replaceAll('\u00a0', ' ')).toMatch(
      new RegExp(`^Accessibilité : ${level}`),
    );
  });
});
