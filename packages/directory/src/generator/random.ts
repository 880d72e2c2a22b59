/** A reproducible source of choices. Not for secrets. */
export interface Random {
  /** The next number in [0, 1). */
  next(): number;
  /** An integer in [0, limit). */
  below(limit: number): number;
  /** True with probability `share`. */
  chance(share: number): boolean;
  /** One element, all equally likely. */
  pick<T>(list: readonly T[]): T;
  /** One element, the first ones much likelier than the last: how names are spread in a population. */
  pickCommon<T>(list: readonly T[]): T;
}

/** Makes the source of any numbered entity of any stream directly, so that nothing drawn has to be kept. */
export interface RandomFamily {
  /** The source of entity `index` of `stream`: always the same one for the same seed. */
  at(stream: number, index: number): Random;
}

/** FNV-1a over UTF-16 units, 32 bits. */
function hashText(text: string, start: number): number {
  let hash = start >>> 0;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Murmur3's finaliser: spreads neighbouring integers over all 32 bits. */
export function mixInteger(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** sfc32 (Chris Doty-Humphrey): 128 bits of state, passes PractRand. */
class Sfc32 implements Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(a: number, b: number, c: number) {
    this.#a = a | 0;
    this.#b = b | 0;
    this.#c = c | 0;
    // The first outputs still resemble the seed.
    for (let i = 0; i < 12; i += 1) this.next();
  }

  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  pickCommon<T>(list: readonly T[]): T {
    const draw = this.next();
    return list[Math.floor(draw * draw * list.length)]!;
  }
}

/** Derives every source from `seed` (any text). */
export function seedRandom(seed: string): RandomFamily {
  const low = hashText(seed, 0x811c9dc5);
  const high = hashText(seed, 0x9747b28c);
  return {
    at: (stream, index) =>
      new Sfc32(
        mixInteger(low ^ mixInteger(index)),
        mixInteger(high + stream),
        mixInteger(index + low) ^ high,
      ),
  };
}
