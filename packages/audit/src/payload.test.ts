import { randomUUID } from 'node:crypto';
import { canonicalJson, isUuid } from '@socle/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkEvent } from './check-event.ts';
import { buildEventIds } from './event-id.ts';
import type { NewEvent } from './event.ts';
import { buildEventRow, collectPersonIds } from './payload.ts';
import { sampleActions } from './testing/events.ts';

const AT = new Date('2026-11-23T10:00:00.000Z');
const code = fc.stringMatching(/^[A-Za-z0-9_.:/-]{1,64}$/);
const printable = fc.stringMatching(/^[\x21-\x7e]{1,128}$/);
const purpose = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((text) => text.length <= 200 && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text));
const uuid = fc.uuid({ version: 7 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const anyEvent = fc
  .record({
    controller: code,
    actor: fc.oneof(
      fc.record({ kind: fc.constant('person' as const), id: uuid, onBehalfOf: maybe(uuid) }),
      fc.record({
        kind: fc.constantFrom('client' as const, 'system' as const),
        id: printable,
        onBehalfOf: maybe(uuid),
      }),
    ),
    action: fc.constant('sample.record.read'),
    target: maybe(
      fc.oneof(
        fc.record({ kind: fc.constantFrom('person', 'directory.person'), id: uuid }),
        fc.record({
          kind: code.filter((kind) => kind !== 'person' && !kind.endsWith('.person')),
          id: printable,
        }),
      ),
    ),
    outcome: fc.constantFrom('success' as const, 'denied' as const, 'error' as const),
    reason: maybe(code),
    purpose: maybe(purpose),
    session: maybe(printable),
    correlation: maybe(printable),
    network: maybe(
      fc.record({ address: maybe(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string())), agent: maybe(fc.string()) }),
    ),
    detail: maybe(
      fc.record(
        {
          count: fc.maxSafeInteger().map((value) => value + 0),
          codes: fc.array(code, { maxLength: 4 }),
          thing: uuid,
          pupil: uuid,
          ratio: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
          kept: fc.boolean(),
          rule: code,
        },
        { requiredKeys: [] },
      ),
    ),
  })
  .map((event) => JSON.parse(JSON.stringify(event)) as NewEvent);

describe('the stored payload', () => {
  it('is RFC 8785’s form of itself for any event, and names no person', () => {
    let seen = 0;
    fc.assert(
      fc.property(anyEvent, (event) => {
        const definition = checkEvent(event, sampleActions['sample.record.read']);
        const people = new Set<string>();
        collectPersonIds(event, definition, people);
        const pseudonyms = new Map([...people].map((id) => [id, randomUUID()]));
        const [id] = buildEventIds(1, AT);
        const row = buildEventRow(event, definition, { id: id!, at: AT, pseudonyms });
        const text = row.payload.toString('utf8');
        expect(text).toBe(canonicalJson(JSON.parse(text)));
        for (const person of people) {
          const elsewhere = JSON.stringify([
            event.detail?.['thing'],
            event.session,
            event.correlation,
            event.reason,
          ]);
          if (!elsewhere.includes(person)) expect(text).not.toContain(person);
        }
        seen += people.size;
      }),
      { numRuns: 500 },
    );
    expect(seen).toBeGreaterThan(300);
  });
});

describe('buildEventIds', () => {
  it('gives ascending, distinct version 7 UUIDs of the instant', () => {
    const ids = buildEventIds(2_000, AT);
    expect(new Set(ids).size).toBe(2_000);
    expect(ids.toSorted()).toEqual(ids);
    for (const id of ids) {
      expect(isUuid(id) && id[14] === '7').toBe(true);
      expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(AT.getTime());
    }
  });
});
