import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { actions } from './actions.ts';

interface Registration {
  readonly client: Record<string, unknown>;
  readonly module: { readonly id: string; readonly url: string; readonly actions: unknown };
}

describe('the registration document', async () => {
  const document = JSON.parse(
    await readFile(new URL('../module.json', import.meta.url), 'utf8'),
  ) as Registration;

  it('declares the very actions that the module appends', () => {
    expect(Object.keys(actions).length).toBeGreaterThan(5);
    expect(document.module.actions).toEqual(actions);
  });

  it('has a title in both languages and no free text in any detail', () => {
    for (const [name, action] of Object.entries(actions)) {
      expect(name.startsWith('grades.')).toBe(true);
      expect(action.title.fr).not.toBe(action.title.en);
      for (const kind of Object.values(action.detail)) {
        expect(['id', 'code', 'integer', 'number', 'boolean', 'digest']).toContain(kind);
      }
    }
  });

  it('holds no key: each installation makes its own', () => {
    expect(document.client).not.toHaveProperty('jwks');
    expect(JSON.stringify(document)).not.toMatch(/"d":|secret/);
  });

  it('keeps every address on one origin', () => {
    const addresses = JSON.stringify(document.client).match(/https?:[^"]+/g) ?? [];
    expect(addresses.length).toBeGreaterThan(3);
    expect(new Set(addresses.map((address) => new URL(address).origin))).toEqual(
      new Set([new URL(document.module.url).origin]),
    );
  });
});
