import { SocleError } from '@socle/base';
import { EXIT, type Command, type CommandIo } from './command.ts';

/** A command that is loaded only when it is asked for, so that `socle --help` and offline verbs start at once. */
interface LazyCommand {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Command>;
}

const COMMANDS: readonly LazyCommand[] = [
  {
    name: 'start',
    summary: 'Starts the service',
    load: async () => (await import('./start.ts')).startCommand,
  },
  {
    name: 'migrate',
    summary: 'Applies the database migrations',
    load: async () => (await import('./migrate.ts')).migrateCommand,
  },
  {
    name: 'demo',
    summary: 'Writes synthetic AAF files',
    load: async () => (await import('./demo.ts')).demoCommand,
  },
  {
    name: 'import',
    summary: 'Imports a directory feed',
    load: async () => (await import('./import.ts')).importCommand,
  },
  {
    name: 'account',
    summary: 'Finds and changes accounts',
    load: async () => (await import('./account.ts')).accountCommand,
  },
  {
    name: 'admin',
    summary: 'Gives and ends roles of administration',
    load: async () => (await import('./admin.ts')).adminCommand,
  },
  {
    name: 'passwords',
    summary: 'Builds the list of leaked passwords',
    load: async () => (await import('./passwords.ts')).passwordsCommand,
  },
  {
    name: 'client',
    summary: 'Registers services',
    load: async () => (await import('./client.ts')).clientCommand,
  },
  {
    name: 'keys',
    summary: 'Lists and rotates signing keys',
    load: async () => (await import('./keys.ts')).keysCommand,
  },
  {
    name: 'policy',
    summary: 'Tests and explains the policies',
    load: async () => (await import('./policy.ts')).policyCommand,
  },
  {
    name: 'audit',
    summary: 'Exports and verifies the log',
    load: async () => (await import('./audit-runtime.ts')).auditCommand,
  },
  {
    name: 'witness',
    summary: 'Watches the logs of others, and cosigns what continues them',
    load: async () => (await import('./witness.ts')).witnessCommand,
  },
];

/** Runs `socle <args>` and gives its exit code. No stack trace reaches the person: one line says what to do. */
export async function runCommandLine(args: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === 'help') {
    io.stdout(usage());
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  const entry = COMMANDS.find((command) => command.name === name);
  if (!entry) {
    io.stderr(
      `socle: there is no command ${JSON.stringify(name)}. The commands are: ${COMMANDS.map((c) => c.name).join(', ')}.\n`,
    );
    return EXIT.usage;
  }
  try {
    const command = await entry.load();
    if (rest.includes('--help')) {
      io.stdout(`${command.usage.trimEnd()}\n`);
      return EXIT.done;
    }
    return await command.run(rest, io);
  } catch (error) {
    return report(error, name, rest, io);
  }
}

function report(error: unknown, name: string, args: readonly string[], io: CommandIo): number {
  if (error instanceof SocleError) {
    if (args.includes('--json'))
      io.stdout(`${JSON.stringify({ error: { code: error.code, message: error.publicMessage } })}\n`);
    io.stderr(`socle ${name}: ${error.publicMessage}\n`);
    return error.kind === 'fault' ? EXIT.unavailable : EXIT.refused;
  }
  if (isUsageError(error)) {
    io.stderr(`socle ${name}: ${error.message}. See socle ${name} --help.\n`);
    return EXIT.usage;
  }
  io.stderr(`socle ${name}: unexpected failure: ${error instanceof Error ? error.stack : String(error)}\n`);
  return EXIT.refused;
}

function isUsageError(error: unknown): error is Error {
  return error instanceof Error && String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS_');
}

function usage(): string {
  const width = Math.max(...COMMANDS.map((command) => command.name.length));
  const lines = COMMANDS.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return [
    'socle: the identity and access foundation of school digital workspaces',
    '',
    'Usage: socle <command> [options]        socle <command> --help',
    '',
    ...lines,
    '',
    'Exit codes: 0 done, 1 refused or check failed, 2 wrong usage, 3 a dependency is unavailable.',
    '',
  ].join('\n');
}
