// @ts-check
// Searches the answers to a challenge: for each part, a number such that SHA-256 (FIPS 180-4) of seed, part and number
// begins with so many zero bits. A message of 40 bytes is one block, so only one round of the function is needed.
/** @type {number[]} */
const primes = [];
for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
const fraction = (/** @type {number} */ root) => Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;
const constants = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
const [a0 = 0, b0 = 0, c0 = 0, d0 = 0, e0 = 0, f0 = 0, g0 = 0, h0 = 0] = primes.map((prime) =>
  fraction(Math.sqrt(prime)),
);
const words = new Int32Array(64);

/** First word of the hash of the block in `words`. */
const hashBlock = () => {
  for (let i = 16; i < 64; i += 1) {
    const x = words[i - 15] ?? 0;
    const y = words[i - 2] ?? 0;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[i] = ((words[i - 16] ?? 0) + s0 + (words[i - 7] ?? 0) + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = [a0, b0, c0, d0, e0, f0, g0, h0];
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (constants[i] ?? 0) + (words[i] ?? 0)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  return (a + a0) | 0;
};

self.addEventListener('message', ({ data: { seed, parts, zeroBits } }) => {
  const answer = new DataView(new ArrayBuffer(parts * 4));
  for (let i = 0; i < 8; i += 1) words[i] = Number.parseInt(seed.slice(i * 8, i * 8 + 8), 16) | 0;
  words[10] = 0x80_00_00_00 | 0;
  words[15] = 320;
  for (let part = 0; part < parts; part += 1) {
    words[8] = part;
    let number = 0;
    for (words[9] = 0; hashBlock() >>> (32 - zeroBits) !== 0; words[9] = number) number += 1;
    answer.setUint32(part * 4, number);
  }
  const text = btoa(String.fromCharCode(...new Uint8Array(answer.buffer)));
  self.postMessage(text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''));
});
