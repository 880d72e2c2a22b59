import { systemClock } from '@socle/base';
import { openSequencer } from '@socle/audit';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { buildVerifierKey } from '@socle/audit';

/**
 * A sequencer in a process of its own, to be killed: prints the tree's size after each batch. The key comes through
 * the environment (PKCS 8, base64), for tests only.
 */
const { SEQUENCER_URL, SEQUENCER_KEY, SEQUENCER_ORIGIN, SEQUENCER_WITNESS } = process.env;
const privateKey = createPrivateKey({
  key: Buffer.from(SEQUENCER_KEY!, 'base64'),
  format: 'der',
  type: 'pkcs8',
});

openSequencer({
  url: SEQUENCER_URL!,
  clock: systemClock,
  origin: SEQUENCER_ORIGIN!,
  witnessFile: SEQUENCER_WITNESS!,
  signer: {
    keyName: SEQUENCER_ORIGIN!,
    verifierKey: buildVerifierKey(SEQUENCER_ORIGIN!, createPublicKey(privateKey)),
    sign: (message) => sign(null, message, privateKey),
  },
  maxBatch: 20,
  batchMs: 0,
  pollMs: 2,
  publishMs: 0,
  onBatch: ({ size }) => process.stdout.write(`${size}\n`),
});
