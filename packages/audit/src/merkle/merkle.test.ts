import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkConsistency, checkInclusion, leafHash, openRootBuilder } from '../verifier/merkle.ts';
import { EMPTY_ROOT, hashLeaf } from './hash.ts';
import { buildConsistencyProof, buildInclusionProof, loadRoot } from './proofs.ts';
import { listPartialTiles, openTileTree, type Tile } from './tile-tree.ts';

// Reference vectors of Certificate Transparency (RFC 6962): certificate-transparency-go, merkle tree tests.
const ENTRIES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'));
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const PATHS = [
  { leaf: 0, size: 1, hashes: [] },
  {
    leaf: 0,
    size: 8,
    hashes: [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  },
  {
    leaf: 5,
    size: 8,
    hashes: [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
  { leaf: 2, size: 3, hashes: ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'] },
];
const CONSISTENCY = [
  { from: 1, to: 1, hashes: [] },
  {
    from: 1,
    to: 8,
    hashes: [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  },
  {
    from: 6,
    to: 8,
    hashes: [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
  {
    from: 2,
    to: 5,
    hashes: [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  },
];

/** Tiles as a database would keep them. */
function openTileStore() {
  const tiles = new Map<string, Buffer>();
  return {
    save(changed: readonly Tile[]) {
      for (const { level, index, hashes } of changed) tiles.set(`${level}/${index}`, hashes);
    },
    read: async (level: number, index: number) => tiles.get(`${level}/${index}`) ?? Buffer.alloc(0),
    partial(size: number): Tile[] {
      return listPartialTiles(size).map(({ level, index }) => ({
        level,
        index,
        hashes: tiles.get(`${level}/${index}`)!,
      }));
    },
  };
}

function growTree(leaves: readonly Buffer[], batch: number) {
  const store = openTileStore();
  let tree = openTileTree(0, []);
  for (let start = 0; start < leaves.length; start += batch) {
    for (const leaf of leaves.slice(start, start + batch)) tree.add(leaf);
    store.save(tree.takeChanged());
    tree = openTileTree(tree.size, store.partial(tree.size)); // as after a restart
  }
  return { tree, store };
}

const hex = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString('hex'));
const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => hashLeaf(Buffer.from(`entry ${index}`)));

describe('RFC 6962 §2.1 Merkle tree, against the Certificate Transparency vectors', () => {
  it('gives the root of the empty tree', () => {
    expect(EMPTY_ROOT.toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(openTileTree(0, []).root()).toEqual(EMPTY_ROOT);
    expect(openRootBuilder().root()).toEqual(EMPTY_ROOT);
  });

  it('gives the published roots, in the writer and in the verifier', () => {
    const tree = openTileTree(0, []);
    const checker = openRootBuilder();
    ENTRIES.forEach((entry, index) => {
      tree.add(hashLeaf(entry));
      checker.add(leafHash(entry));
      expect(tree.root().toString('hex')).toBe(ROOTS[index]);
      expect(checker.root().toString('hex')).toBe(ROOTS[index]);
    });
  });

  it('gives the published audit paths and consistency proofs', async () => {
    const { store } = growTree(ENTRIES.map(hashLeaf), 8);
    for (const { leaf, size, hashes } of PATHS) {
      expect(hex(await buildInclusionProof(size, leaf, store.read))).toEqual(hashes);
    }
    for (const { from, to, hashes } of CONSISTENCY) {
      expect(hex(await buildConsistencyProof(from, to, store.read))).toEqual(hashes);
    }
  });

  it('refuses a leaf or an older tree that does not exist', async () => {
    const { store } = growTree(ENTRIES.map(hashLeaf), 8);
    await expect(buildInclusionProof(8, 8, store.read)).rejects.toThrow(RangeError);
    await expect(buildConsistencyProof(9, 8, store.read)).rejects.toThrow(RangeError);
  });
});

describe('tiles', () => {
  it('give the same root as leaves one by one, across restarts and tile borders', async () => {
    for (const size of [1, 255, 256, 257, 511, 512, 600, 65_535, 65_536, 65_537 + 300]) {
      const leaves = numbered(size);
      const { tree, store } = growTree(leaves, 997);
      const checker = openRootBuilder();
      for (const leaf of leaves) checker.add(leaf);
      expect(tree.root().equals(checker.root())).toBe(true);
      expect((await loadRoot(size, store.read)).equals(checker.root())).toBe(true);
    }
  });

  it('are refused when one is missing or too short', () => {
    expect(() => openTileTree(300, [])).toThrow('missing');
    expect(() => openTileTree(3, [{ level: 0, index: 0, hashes: Buffer.alloc(64) }])).toThrow('too short');
  });
});

describe('proofs checked by the verifier (RFC 9162 §2.1.3.2, §2.1.4.2)', () => {
  const leaves = numbered(70_000);
  const { store } = growTree(leaves, 10_000);
  const rootAt = (size: number) => (size === 0 ? Promise.resolve(EMPTY_ROOT) : loadRoot(size, store.read));

  it('accept each leaf of any tree, and nothing else in its place', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 70_000 }),
        fc.nat(),
        fc.nat(),
        async (size, pick, damage) => {
          const index = pick % size;
          const root = await rootAt(size);
          const proof = await buildInclusionProof(size, index, store.read);
          expect(checkInclusion(leaves[index]!, index, size, proof, root)).toBe(true);
          expect(checkInclusion(leaves[(index + 1) % 70_000]!, index, size, proof, root)).toBe(false);
          if (size > 1)
            expect(checkInclusion(leaves[index]!, (index + 1) % size, size, proof, root)).toBe(false);
          expect(checkInclusion(leaves[index]!, index, size, [...proof, root], root)).toBe(false);
          if (proof.length > 0) {
            expect(checkInclusion(leaves[index]!, index, size, proof.slice(1), root)).toBe(false);
            const bad = proof.map((hash) => Buffer.from(hash));
            const target = bad[damage % bad.length]!;
            target[damage % 32]! ^= 1 << (damage % 8);
            expect(checkInclusion(leaves[index]!, index, size, bad, root)).toBe(false);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('accept each pair of trees of one log, and refuse another root', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(70_000), fc.nat(70_000), fc.nat(), async (a, b, damage) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        const first = { size: from, root: await rootAt(from) };
        const second = { size: to, root: await rootAt(to) };
        const proof = await buildConsistencyProof(from, to, store.read);
        expect(checkConsistency(first, second, proof)).toBe(true);
        const other = Buffer.from(first.root);
        other[damage % 32]! ^= 1 << (damage % 8);
        expect(checkConsistency({ ...first, root: other }, second, proof)).toBe(false);
        if (proof.length > 0) expect(checkConsistency(first, second, proof.slice(1))).toBe(false);
        expect(checkConsistency(first, second, [...proof, other])).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('refuse sizes and places that make no sense', () => {
    expect(checkInclusion(leaves[0]!, 0, 0, [], leaves[0]!)).toBe(false);
    expect(checkInclusion(leaves[0]!, -1, 1, [], leaves[0]!)).toBe(false);
    expect(checkInclusion(leaves[0]!, 0.5, 1, [], leaves[0]!)).toBe(false);
    expect(checkConsistency({ size: 2, root: EMPTY_ROOT }, { size: 1, root: EMPTY_ROOT }, [])).toBe(false);
  });
});

describe('Ed25519 in Node', () => {
  it('is RFC 8032’s: test 1 of §7.1', () => {
    const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
    const key = createPrivateKey({
      key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(seed, 'hex')]),
      format: 'der',
      type: 'pkcs8',
    });
    expect(Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x!, 'base64url').toString('hex')).toBe(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    );
    expect(sign(null, Buffer.alloc(0), key).toString('hex')).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
  });
});
