import { describe, expect, it } from 'vitest';
import { openGuessability } from './guessability.ts';
import { openPasswordPolicy } from './password-policy.ts';

const policy = openPasswordPolicy({
  estimate: openGuessability(),
  isLeaked: async (password) => password === 'marmotte cuivre 88',
});
const words = ['Maëlle', 'Le Goff', 'Collège Jean-Moulin de Valmorne', 'maelle.legoff'];
const check = (password: string, more = {}) => policy.check(password, { words, ...more });

describe('the policy of passwords', () => {
  it('takes phrases of unrelated words, whatever characters they have', async () => {
    for (const password of [
      'tondeuse girafe vent',
      'CORRECTcheval9pile',
      'белый рояль дождь',
      '雨と犬と赤い自転車の話です',
    ]) {
      expect(await check(password), password).toBeUndefined();
    }
  });

  it('counts characters, not octets or UTF-16 units, after composing them', async () => {
    expect(await check('girafe vent')).toBe('too_short');
    expect(await check('😀🐢🎈🚲🍋🎻🧦🪁🦔🥁🌵🛶')).toBeUndefined();
    expect(await check('é'.normalize('NFD').repeat(6))).toBe('too_short');
    expect(await check('tondeuse girafe vent '.repeat(7).slice(0, 128))).not.toBe('too_long');
    expect(await check('x'.repeat(129))).toBe('too_long');
    expect(await check('x'.repeat(100_000))).toBe('too_long');
  });

  it('refuses what is on the list of leaked passwords', async () => {
    expect(await check('marmotte cuivre 88')).toBe('leaked');
    expect(await check('marmotte cuivre 89')).toBeUndefined();
  });

  it('refuses what is made of the names of the person, of their school or town', async () => {
    for (const password of [
      'MaelleLeGoff!',
      'Valmorne-2026',
      'maëlle valmorne',
      'LeGoff.Maelle1',
      'jean-moulin-29',
    ]) {
      expect(await check(password), password).toBe('personal');
    }
    expect(await check('Maëlle tond une girafe')).toBeUndefined();
  });

  it('refuses what French guessers try first', async () => {
    for (const password of [
      'azertyuiop2024',
      'motdepasse123',
      'soleil soleil soleil',
      'aaaaaaaaaaaaaaaa',
      '123456789012',
    ]) {
      expect(['guessable', 'leaked'], password).toContain(await check(password));
    }
  });

  it('refuses every one of the three thousand most common ones, whoever chooses', async () => {
    const { dictionary } = await import('@zxcvbn-ts/language-common');
    const common = (dictionary['passwords-common'] as readonly string[]).slice(0, 3_000);
    const longEnough = common.filter((password) => Array.from(password).length >= 8);
    expect(longEnough.length).toBeGreaterThan(500);
    for (const password of longEnough) {
      const verdict = await check(password, { minLength: 8, minGuessesLog10: 6 });
      expect(verdict, password).toMatch(/leaked|guessable/);
    }
  });

  it('asks less of a pupil, but not nothing', async () => {
    const pupil = { minLength: 8, minGuessesLog10: 6 };
    expect(await check('loup bleu', pupil)).toBeUndefined();
    expect(await check('loup bl', pupil)).toBe('too_short');
    expect(await check('soleil12', pupil)).toMatch(/guessable|leaked/);
  });

  it('judges a long text of one pattern as fast as a short one', async () => {
    await check('tondeuse girafe vent');
    const started = performance.now();
    await check('x9$kLq2#'.repeat(16));
    // Not a benchmark: without the cut this takes more than a second.
    expect(performance.now() - started).toBeLessThan(600);
  });
});
