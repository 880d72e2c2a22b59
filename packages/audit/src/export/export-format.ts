import type { ActionDefinition } from '../actions.ts';
import { buildCsvHead, buildCsvRow } from './csv.ts';
import { buildEventLine, buildMaskedLine } from './event-line.ts';
import type { ExportRow } from './export-store.ts';
import type { Mask } from './mask.ts';
import { buildOcsfEvent } from './ocsf.ts';
import { parsePayload } from './stored-payload.ts';

/** `ndjson` can be verified; `csv` (RFC 4180) is for spreadsheets; `ocsf` (1.5.0, a line each) for security tools. */
export type ExportFormat = 'ndjson' | 'csv' | 'ocsf';

/** How events are written in one format. */
export interface RowWriter {
  /** Name of the file in the export's folder. */
  readonly file: string;
  /** What stands before the first event. */
  readonly head: Buffer;
  /** One event with its end of line. */
  write(row: ExportRow): Buffer;
}

export interface RowWriterOptions {
  readonly format: ExportFormat;
  /** Puts a byte order mark before a CSV, without which Excel misreads accents. */
  readonly bom: boolean;
  readonly mask: Mask | undefined;
  readonly actions: ReadonlyMap<string, ActionDefinition>;
}

const LINE_FEED = Buffer.from('\n');
const NOTHING = Buffer.alloc(0);

/** Opens the writer of a format. With a mask, what other people did or suffered shows without who they are. */
export function openRowWriter({ format, bom, mask, actions }: RowWriterOptions): RowWriter {
  const read = (row: ExportRow) => {
    const payload = parsePayload(row);
    return payload && mask ? mask(payload) : payload;
  };
  switch (format) {
    case 'csv':
      return { file: 'events.csv', head: buildCsvHead(bom), write: (row) => buildCsvRow(row, read(row)) };
    case 'ocsf':
      return {
        file: 'events.ocsf.ndjson',
        head: NOTHING,
        write: (row) => {
          const payload = read(row);
          // OCSF has no class for "an event was here": absences are counted in the manifest
          if (!payload) return NOTHING;
          return Buffer.from(`${JSON.stringify(buildOcsfEvent(row, payload, actions))}\n`);
        },
      };
    case 'ndjson':
      return {
        file: 'events.ndjson',
        head: NOTHING,
        write: (row) => {
          const masked = mask && read(row);
          return Buffer.concat([masked ? buildMaskedLine(row, masked) : buildEventLine(row), LINE_FEED]);
        },
      };
    default:
      return format satisfies never;
  }
}
