import type { ExportRow } from './export-store.ts';

/** A payload as it is stored (see payload.ts, which writes it). */
export interface StoredPayload {
  readonly id: string;
  readonly ts: string;
  readonly controller: string;
  readonly action: string;
  readonly actor: { readonly kind: string; readonly id: string; readonly onBehalfOf?: string };
  readonly target?: { readonly kind: string; readonly id: string };
  readonly outcome: string;
  readonly reason?: string;
  readonly purpose?: string;
  readonly session?: string;
  readonly correlation?: string;
  readonly network?: { readonly address?: string; readonly agent?: string };
  readonly detail: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/** The payload of a row, or undefined when it was deleted. */
export function parsePayload({ payload }: ExportRow): StoredPayload | undefined {
  return payload === null ? undefined : (JSON.parse(payload.toString('utf8')) as StoredPayload);
}
