import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A time-stamp authority of OpenSSL behind HTTP, for tests. */
export interface TestAuthority {
  readonly url: string;
  readonly folder: string;
  /** Its certificate (PEM). */
  readonly certificate: string;
  close(): void;
}

/** The program; its name is all it takes to find it. */
export const OPENSSL = 'openssl';

const CONFIG = `
[req]
distinguished_name = name
prompt = no
[name]
CN = Autorité d'essai
[tsa_ext]
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = authority
[authority]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
`;

/** Starts one. @param newkey as `openssl req -newkey`: `rsa:2048`, or `ec:` and the name of a curve. */
export async function openTestAuthority(newkey = 'rsa:2048'): Promise<TestAuthority> {
  const folder = mkdtempSync(path.join(tmpdir(), 'socle-tsa-'));
  const openssl = (args: string): void => {
    const result = spawnSync(OPENSSL, args.split(' '), { cwd: folder, encoding: 'utf8' });
    if (result.status !== 0) throw new Error(result.stderr);
  };
  writeFileSync(path.join(folder, 'tsa.cnf'), CONFIG);
  writeFileSync(path.join(folder, 'serial'), '01');
  const curve = newkey.startsWith('ec:') ? newkey.slice(3) : undefined;
  const kind = curve === undefined ? newkey : `ec -pkeyopt ec_paramgen_curve:${curve}`;
  openssl(
    `req -x509 -newkey ${kind} -nodes -days 2 -config tsa.cnf -extensions tsa_ext -keyout tsa.key -out tsa.pem`,
  );
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      writeFileSync(path.join(folder, 'query.tsq'), Buffer.concat(chunks));
      openssl('ts -reply -config tsa.cnf -section authority -queryfile query.tsq -out reply.tsr');
      response.setHeader('content-type', 'application/timestamp-reply');
      response.end(readFileSync(path.join(folder, 'reply.tsr')));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    folder,
    certificate: path.join(folder, 'tsa.pem'),
    close() {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
