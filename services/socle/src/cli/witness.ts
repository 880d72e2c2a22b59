import { parseArgs } from 'node:util';
import { makeWitness, openWitness, serveWitness } from '@socle/audit';
import { systemClock } from '@socle/base';
import { openLog } from '../log.ts';
import { EXIT, type Command, type CommandIo } from './command.ts';

/** `socle witness`: needs a folder and nothing else of Socle, so that it runs on another machine. */
export const witnessCommand: Command = {
  name: 'witness',
  summary: 'Watches the logs of others, and cosigns what continues them',
  usage: `
Usage: socle witness init --dir DIR --name NAME [--json]
       socle witness serve --dir DIR --log KEY [--log KEY…] [--host H] [--port N]

  init    makes a witness: its key and, later, its memory stand in DIR. Prints the verifier key to hand out
  serve   answers add-checkpoint (C2SP tlog-witness) until it is told to stop; GET /history/… gives what it cosigned

  --name  a name of its own without space or plus sign, by custom an address (temoin.academie.example/w1)
  --log   verifier key of a log to watch; the key's name is the log's origin
  --host  default 127.0.0.1: put a proxy with TLS before it
  --port  default 3009
It needs no database, no configuration and no master key: run it on a machine that those who run the log do not administer.
A witness whose DIR was lost or restored has forgotten what it cosigned: make another, with another name.
`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        dir: { type: 'string' },
        name: { type: 'string' },
        log: { type: 'string', multiple: true },
        host: { type: 'string', default: '127.0.0.1' },
        port: { type: 'string', default: '3009' },
        json: { type: 'boolean' },
      },
    });
    const [verb, ...others] = positionals;
    const { dir, name, log = [], host, port } = values;
    if (others.length > 0 || (verb !== 'init' && verb !== 'serve'))
      return wrongUsage(io, 'say init or serve');
    if (dir === undefined) return wrongUsage(io, 'say where it stands: --dir DIR');
    if (verb === 'init') {
      if (name === undefined) return wrongUsage(io, 'say what it is called: --name NAME');
      const verifierKey = await makeWitness(dir, name);
      io.stdout(values.json ? `${JSON.stringify({ verifierKey })}\n` : `${verifierKey}\n`);
      return EXIT.done;
    }
    if (log.length === 0) return wrongUsage(io, 'say what it watches: --log KEY');
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return wrongUsage(io, 'the port is not one');
    return serve(io, { dir, logs: log, host, port: Number(port) });
  },
};

async function serve(
  io: CommandIo,
  options: { dir: string; logs: readonly string[]; host: string; port: number },
): Promise<number> {
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const witness = await openWitness({ folder: options.dir, logs: options.logs, clock: systemClock });
  const server = await serveWitness({
    witness,
    host: options.host,
    port: options.port,
    log: openLog('warn'),
  }).catch(async (error: NodeJS.ErrnoException) => {
    await witness.close();
    if (error.code === 'EADDRINUSE') return undefined;
    throw error;
  });
  if (!server) {
    io.stderr(`socle witness: port ${options.port} is in use; choose another with --port.\n`);
    return EXIT.unavailable;
  }
  io.stdout(`socle witness ready: ${server.url} ${witness.verifierKey}\n`);
  await stopped;
  await server.close();
  return EXIT.done;
}

function wrongUsage(io: CommandIo, why: string): number {
  io.stderr(`socle witness: ${why}. See socle witness --help.\n`);
  return EXIT.usage;
}
