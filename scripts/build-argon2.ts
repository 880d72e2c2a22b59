// `npm run build:argon2`: compiles argon2 for the processor of this machine and puts it before the package's own binary, which
// is made for every x86-64 and takes about twice the CPU. Needs a C++ compiler, make and Python 3; Node's headers come with the
// runtime that is installed here, or from SOCLE_NODE_DIR, so that nothing is fetched. `--check` only compares the two.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const VERIFICATIONS = 40;
const folder = path.dirname(createRequire(import.meta.url).resolve('argon2'));
const compiled = path.join(folder, 'build/Release/argon2.node');
// AVX2 and what came with it: every x86-64 server since 2015. The machine that serves may not be the one that builds.
const FLAGS = process.arch === 'x64' ? '-O3 -march=x86-64-v3' : '-O3';

if (!process.argv.includes('--check')) build();
if (!existsSync(compiled)) fail('there is no compiled argon2 here: run "npm run build:argon2"');
const [own, prebuilt] = [measure({}), measure({ PREBUILDS_ONLY: '1' })];
console.log(
  `argon2id, 19 MiB, two passes: ${own.toFixed(1)} ms of CPU compiled (${FLAGS}), ${prebuilt.toFixed(1)} ms prebuilt`,
);

function build(): void {
  const nodeDir = process.env['SOCLE_NODE_DIR'] ?? path.dirname(path.dirname(process.execPath));
  if (!existsSync(path.join(nodeDir, 'include/node/node_api.h'))) {
    fail(`no headers of Node in ${nodeDir}/include/node: set SOCLE_NODE_DIR to a folder that has them`);
  }
  const { CFLAGS = FLAGS, CXXFLAGS = FLAGS } = process.env;
  const { status } = spawnSync('npm', ['rebuild', 'argon2', '--foreground-scripts'], {
    stdio: 'inherit',
    env: {
      ...process.env,
      CFLAGS,
      CXXFLAGS,
      npm_config_build_from_source: 'true',
      npm_config_nodedir: nodeDir,
    },
  });
  if (status !== 0) fail('argon2 was not compiled; the prebuilt one still serves');
}

/** CPU of one verification, in a process that loads the one or the other. */
function measure(env: NodeJS.ProcessEnv): number {
  const program = `
    const argon2 = require(${JSON.stringify(folder)});
    const cost = { type: argon2.argon2id, memoryCost: 19456, timeCost: 2, parallelism: 1 };
    (async () => {
      const hash = await argon2.hash('châtaigne', cost);
      const before = process.cpuUsage();
      for (let n = 0; n < ${VERIFICATIONS}; n += 1) if (!(await argon2.verify(hash, 'châtaigne'))) process.exit(1);
      const { user, system } = process.cpuUsage(before);
      console.log((user + system) / 1000 / ${VERIFICATIONS});
    })();`;
  const { status, stdout } = spawnSync(process.execPath, ['-e', program], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (status !== 0) fail('the argon2 that was compiled does not verify what it hashed');
  return Number(stdout);
}

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
