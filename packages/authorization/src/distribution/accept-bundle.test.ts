import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PolicyError } from '../errors.ts';
import { POLICIES_FOLDER } from '../testing/small-policies.ts';
import { acceptBundle, printDelivery } from './accept-bundle.ts';
import { buildBundle, printBundle, signBundle } from './bundle.ts';
import { signRollback } from './rollback.ts';

function makeKeys(): { readonly secret: string; readonly known: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    secret: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    known: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

const owner = makeKeys();
const bundle = await buildBundle(POLICIES_FOLDER, 3);
const third = signBundle(printBundle(bundle), owner.secret);
const back = (from: number, to = 3, secret = owner.secret) => signRollback({ from, to }, secret);
const accept = (delivery: string, inForce?: { number: number; highest: number }) =>
  acceptBundle(delivery, [owner.known], inForce);

describe('a delivery of policies', () => {
  it('is taken when it is newer than any that was in force', () => {
    expect(accept(printDelivery(third))).toMatchObject({ number: 3, highest: 3 });
    expect(accept(printDelivery(third), { number: 2, highest: 2 })).toMatchObject({ number: 3, highest: 3 });
  });

  it('goes back with a rollback that leaves the one in force, or a later one that was not seen here', () => {
    expect(accept(printDelivery(third, back(5)), { number: 5, highest: 5 })).toMatchObject({
      number: 3,
      highest: 5,
    });
    expect(accept(printDelivery(third, back(5)), { number: 4, highest: 4 })).toMatchObject({ highest: 5 });
  });

  it.each([
    ['the one in force', printDelivery(third), { number: 3, highest: 3 }],
    ['an older one without a rollback', printDelivery(third), { number: 5, highest: 5 }],
    ['one that a rollback left before', printDelivery(third), { number: 2, highest: 4 }],
    ['a rollback that was used up', printDelivery(third, back(5)), { number: 6, highest: 6 }],
    ['a rollback to another bundle', printDelivery(third, back(5, 2)), { number: 5, highest: 5 }],
    [
      'a rollback that somebody else signed',
      printDelivery(third, back(5, 3, makeKeys().secret)),
      { number: 5, highest: 5 },
    ],
    [
      'a rollback that was changed',
      printDelivery(third, back(5).replace('"from":5', '"from":9')),
      { number: 7, highest: 7 },
    ],
    ['half of it', printDelivery(third).slice(0, 300), undefined],
    ['something beside it', printDelivery(third).replace('{', '{"extra":1,'), undefined],
    ['nothing', 'null', undefined],
  ])('is refused when it is %s', (_what, delivery, inForce) => {
    expect(() => accept(delivery, inForce)).toThrow(PolicyError);
  });

  it('cannot be made to go forward, or from nowhere', () => {
    expect(() => back(3, 3)).toThrow(PolicyError);
    expect(() => back(2, 0)).toThrow(PolicyError);
  });
});
