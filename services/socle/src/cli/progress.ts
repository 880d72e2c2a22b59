import type { CommandIo } from './command.ts';

/** How far a long act is. */
export interface Progress {
  /** What is being done, in a word or two. */
  readonly stage: string;
  readonly done: number;
  /** Absent where the whole is not known. */
  readonly total?: number;
}

const BAR_WIDTH = 30;
const LINES_A_STAGE = 10;

/** Shows progress on stderr: one line that is redrawn on a terminal, else a line each tenth of a stage. */
export function openProgress(
  io: CommandIo,
  terminal = process.stderr.isTTY,
): { show(progress: Progress): void; close(): void } {
  let said = '';
  let open = false;
  return {
    show({ stage, done, total }) {
      const share = total ? Math.min(1, done / total) : undefined;
      const step = share === undefined ? '' : String(Math.floor(share * (terminal ? 100 : LINES_A_STAGE)));
      if (said === stage + step) return;
      said = stage + step;
      const count = total === undefined ? String(done) : `${done}/${total}`;
      if (!terminal) {
        io.stderr(`${stage}: ${count}\n`);
        return;
      }
      const filled = Math.round((share ?? 0) * BAR_WIDTH);
      const bar = share === undefined ? '' : `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} `;
      io.stderr(`\r\u001b[2K${bar}${stage} ${count}`);
      open = true;
    },
    close() {
      if (open) io.stderr('\n');
    },
  };
}
