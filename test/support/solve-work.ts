import { createHash } from 'node:crypto';
import type { Page } from './http-browser.ts';

/** The challenge of a page, as a program that attacks would read it; undefined when the page asks for none. */
export interface AskedWork {
  readonly challenge: string;
  readonly seed: string;
  readonly parts: number;
  readonly zeroBits: number;
}

/** Reads the challenge that stands in the form of a page. */
export function findWork({ text }: Page): AskedWork | undefined {
  const read = (name: string) => new RegExp(`data-work-${name}="([^"]*)"`).exec(text)?.[1] ?? '';
  const challenge = /name="work" value="([^"]*)"/.exec(text)?.[1];
  if (challenge === undefined) return undefined;
  return {
    challenge,
    seed: read('seed'),
    parts: Number(read('parts')),
    zeroBits: Number(read('zero-bits')),
  };
}

/** Solves it with the platform's own SHA-256: not the code that browsers run. */
export function solveWork({ seed, parts, zeroBits }: AskedWork): string {
  const answer = Buffer.alloc(parts * 4);
  const message = Buffer.concat([Buffer.from(seed, 'hex'), Buffer.alloc(8)]);
  for (let part = 0; part < parts; part += 1) {
    message.writeUInt32BE(part, 32);
    for (let number = 0; ; number += 1) {
      message.writeUInt32BE(number, 36);
      const digest = createHash('sha256').update(message).digest();
      if (digest.readUInt32BE(0) >>> (32 - zeroBits) !== 0) continue;
      answer.writeUInt32BE(number, part * 4);
      break;
    }
  }
  return answer.toString('base64url');
}
