import { parseArgs } from 'node:util';
import { findLogResource, stampCheckpoint } from '@socle/audit';
import { wrongUsage, type AuditRuntime } from './audit-runtime-port.ts';
import { EXIT, type CommandIo } from './command.ts';

/** `socle audit stamp`: for a timer. Exit code 3 while checkpoints wait for the authority. */
export async function runStamp(
  args: readonly string[],
  io: CommandIo,
  open: (io: CommandIo) => Promise<AuditRuntime>,
): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { url: { type: 'string' }, out: { type: 'string' }, json: { type: 'boolean' } },
  });
  const { url, out } = values;
  if (url === undefined || !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    return wrongUsage(io, 'say where the time-stamp authority is: --url URL');
  if (out === undefined) return wrongUsage(io, 'say where to keep the stamps: --out DIR');
  const runtime = await open(io);
  try {
    const checkpoint = await findLogResource(runtime.database, 'checkpoint');
    const report = await stampCheckpoint(checkpoint?.body.toString('utf8') ?? '', { url, folder: out });
    if (values.json) io.stdout(`${JSON.stringify(report)}\n`);
    else io.stdout(`${report.stamped} checkpoints stamped, ${report.waiting} wait for the authority.\n`);
    return report.waiting === 0 ? EXIT.done : EXIT.unavailable;
  } finally {
    await runtime.close();
  }
}
